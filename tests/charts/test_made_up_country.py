"""What needs many places, on a country that does not exist, whose title says that it is made up."""

import offices
import pytest

import petitionlib as pt

RECEIVED = "petitions.received"


@pytest.fixture(scope="module")
def arvonia(tmp_path_factory):
    """Lay out the made-up country; each of its first ten provinces rose by another number."""
    folder = tmp_path_factory.mktemp("arvonia")
    names = offices.provinces(folder)
    for number, name in enumerate(names[:10]):
        offices.change_a_figure(folder, name, 3000 + 40 * number)
    return pt.read_tables(folder / "data"), names


def test_its_places_are_nobodys(arvonia):
    """No place of the shipped codebook bears one of its names, and its title says what it is."""
    table, names = arvonia
    shipped = set(pt.codebook.places()["name_en"])
    assert len(names) == len({*names}) == 63
    assert not shipped & {pt.Text(table=table).place(name) for name in names}
    assert pt.Text("en", table).title(year=2022) == (
        "Citizen reception (made up) of 2022, place by place"
    )
    assert "số liệu giả định" in pt.Text("vi", table).title(names[0], 2022)


def test_a_ranking_of_ten(arvonia):
    """Ten places stand by their change, the largest rise on top."""
    table, names = arvonia
    figure = pt.plot_ranking(table, 2022, RECEIVED, places=names[:10])
    assert "10 places compared with 2021" in figure.layout.title.text.replace("<br>", " ")
    sizes = list(figure.data[0].x)
    assert sizes == sorted(sizes)
    assert len(set(sizes)) == 10


def test_a_ranking_of_the_country(arvonia):
    """All provinces are of one level and can be compared at once."""
    table, names = arvonia
    figure = pt.plot_ranking(table, 2022, RECEIVED)
    assert len(figure.data[0].y) == len(names)
