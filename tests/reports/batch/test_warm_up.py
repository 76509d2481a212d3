"""What every report of a batch does, done once before the kernels of its reports are forked."""

import shutil

import pytest

from petitionlib.codebook import validate
from petitionlib.reports.batch import warm_up as module
from petitionlib.reports.batch.warm_up import warm_up

PLACES = (
    "place,name_en,name_vi,level,code,parent,partition,valid_from,valid_to,successor\n"
    "ward-1,Ward 1,Phường 1,commune,,can-tho,,,,\n"
)


@pytest.mark.filterwarnings("error")
def test_it_makes_every_part_of_a_report_in_each_language(monkeypatch):
    """A part that fails would be made in each kernel anew, and nobody would know."""
    made = []
    genuine = module._report
    monkeypatch.setattr(
        module, "_report", lambda *given: made.append(given[3].lang) or genuine(*given)
    )
    warm_up()
    assert made == ["en", "vi"]


def test_the_codebook_of_the_batch_is_checked_for_all_its_kernels(tmp_path, root, monkeypatch):
    """A fork finds the codebook of its data folder in memory."""
    shutil.copytree(root / "data", tmp_path / "data")
    (tmp_path / "data" / "codebook").mkdir()
    (tmp_path / "data" / "codebook" / "places.csv").write_text(PLACES, encoding="utf-8")
    monkeypatch.setenv("PETITIONLIB_DATA", str(tmp_path / "data"))
    monkeypatch.setattr(validate, "_SOUND", {})
    warm_up()
    assert list(validate._SOUND) == [(("places", PLACES.encode()),)]
