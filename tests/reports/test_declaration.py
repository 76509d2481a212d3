"""What a notebook declares in its metadata: which rows it reads, and which further files."""

import pytest

from petitionlib.errors import NotebookError, ParameterError
from petitionlib.reports.build import build_report
from petitionlib.reports.declaration import read_declaration
from petitionlib.reports.parameters import notebook_parameters


@pytest.fixture
def declare(tmp_path, write):
    """Read the declaration of a notebook with the parameters `office` and `year`."""

    def read(declared):
        parameters = "office: object = 'can-tho'\nyear: int = 2022"
        path = write(tmp_path / "n.ipynb", "1", parameters=parameters, declared=declared)
        return read_declaration(path, notebook_parameters(path))

    return read


@pytest.mark.parametrize(
    ("value", "places"),
    [
        pytest.param("can-tho", ("can-tho",), id="a place"),
        pytest.param(["can-tho", "ha-noi"], ("can-tho", "ha-noi"), id="a list"),
        pytest.param([], (), id="an empty list"),
        pytest.param(None, None, id="nothing narrows nothing"),
    ],
)
def test_a_parameter_holds_a_place_or_several(declare, value, places):
    """The declaration names the parameter that holds them, whatever it is called."""
    assert declare({"reads": {"place": "office"}}).places({"office": value}) == places


@pytest.mark.parametrize("declared", [None, {}, {"reads": {}}])
def test_who_declares_nothing_reads_all_rows(declare, declared):
    """Without a word, all rows."""
    found = declare(declared)
    assert (found.places({"office": "can-tho"}), found.files) == (None, ())


def test_what_names_no_place_is_refused(declare):
    """A number is no place."""
    found = declare({"reads": {"place": "office"}})
    with pytest.raises(ParameterError) as caught:
        found.places({"office": ["can-tho", 7]})
    assert str(caught.value) == ("n: office takes a place or a list of places, not ['can-tho', 7].")


def test_files_are_named_from_the_folder_of_the_notebook(declare, tmp_path):
    """What a notebook opens by itself lies where it says."""
    (tmp_path / "maps").mkdir()
    (tmp_path / "maps" / "m.json").touch()
    assert declare({"files": ["maps/m.json"]}).files == (tmp_path / "maps" / "m.json",)


@pytest.mark.parametrize(
    ("declared", "fault"),
    [
        pytest.param("all", "petitionlib takes reads and files, like {}, not 'all'", id="a text"),
        pytest.param({"read": {}}, "petitionlib has no key 'read'; did you mean 'reads'?",
                     id="a key"),
        pytest.param({"reads": ["place"]},
                     "reads takes place, like {\"place\": \"place\"}, not ['place']", id="a list"),
        pytest.param({"reads": {"year": "year"}}, "reads has no key 'year'; there is place",
                     id="another column"),
        pytest.param({"reads": {"place": 1}},
                     "reads: place names a parameter, not 1; write its name", id="a number"),
        pytest.param({"reads": {"place": "ofice"}},
                     "reads: place names no parameter 'ofice'; did you mean 'office'?", id="typo"),
        pytest.param({"reads": {"place": "x"}},
                     "reads: place names no parameter 'x'; there is office, year", id="unknown"),
        pytest.param({"files": "map.json"},
                     "files takes a list of paths, like [\"map.json\"], not 'map.json'",
                     id="files as a text"),
        pytest.param({"files": ["map.json"]}, "files: 'map.json' is not a file;"
                     " write its path from the notebook's folder", id="a file that is not there"),
    ],
)  # fmt: skip
def test_a_malformed_declaration_is_refused_in_a_sentence(declare, declared, fault):
    """What is wrong and what to write instead, before anything runs."""
    with pytest.raises(NotebookError) as caught:
        declare(declared)
    assert caught.value.cause == f"in its metadata 'petitionlib', {fault}"
    with pytest.raises(NotebookError) as again:
        build_report(caught.value.notebook)
    assert str(again.value) == str(caught.value)
