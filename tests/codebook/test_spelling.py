"""Words that nobody knows, and what they may have meant."""

import pytest

from petitionlib.codebook.spelling import as_code, without_marks
from petitionlib.errors import did_you_mean


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        pytest.param("petition.received", "; did you mean 'petitions.received'?", id="near"),
        pytest.param("Can-Tho", "; did you mean 'can-tho'?", id="capitals"),
        pytest.param("h1", "; did you mean 'H1'?", id="small letters"),
        pytest.param("ay", "; did you mean 'AY'?", id="no letter shared by case"),
        pytest.param("weather", "", id="far"),
        pytest.param("", "", id="blank"),
    ],
)
def test_did_you_mean_names_the_nearest_word_or_nothing(found, expected):
    """Only a near word is proposed, whatever the case of its letters."""
    known = ["petitions.received", "petitions.total", "can-tho", "H1", "AY"]

    assert expected == str(did_you_mean(found, known))


def test_did_you_mean_chooses_the_same_word_in_any_order():
    """The proposal does not depend on the order in which the known words come."""
    known = ["petitions.total", "petitions.received", "petitions.pending"]

    assert did_you_mean("petitions.pendin", known) == did_you_mean("petitions.pendin", known[::-1])


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        pytest.param("Đắk Lắk", "Dak Lak", id="composed"),
        pytest.param("Đa\u0306\u0301k La\u0306\u0301k", "Dak Lak", id="decomposed"),
        pytest.param("Thừa Thiên Huế", "Thua Thien Hue", id="horn and hook"),
        pytest.param("PHƯỜNG", "PHUONG", id="capitals"),
        pytest.param("", "", id="blank"),
    ],
)
def test_without_marks_leaves_latin_letters(name, expected):
    """However the marks are written, the bare letters are the same."""
    assert without_marks(name) == expected


@pytest.mark.parametrize(
    ("cell", "column", "expected"),
    [
        pytest.param("Bà Rịa_Vũng Tàu", "place", "ba-ria-vung-tau", id="place"),
        pytest.param("Petitions.Received", "indicator", "petitions.received", id="indicator"),
        pytest.param(" H1 ", "span", "H1", id="span"),
    ],
)
def test_as_code_writes_a_name_as_its_column_does(cell, column, expected):
    """Places have hyphens, spans keep their capitals, and no code has spaces at its ends."""
    assert as_code(cell, column) == expected
