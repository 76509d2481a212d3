"""What codes mean: one by one, and the page of all."""

import pytest

from petitionlib.cli.explain import explain, explain_all
from petitionlib.codebook.codes import CAUSES, CHECKS, FLAGS, VERDICTS
from petitionlib.files import PACKAGE
from petitionlib.words import LANGUAGES

CODES = sorted({*CHECKS, *VERDICTS, *CAUSES, *FLAGS})
PAGE = PACKAGE / "words" / "CODES.md"


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("code", CODES)
def test_every_code_has_meaning_example_and_remedy(code, lang):
    """Each is a sentence of its own, in both languages."""
    head, meaning, example, remedy = explain(code, lang).splitlines()
    assert head.startswith(f"{code}: ")
    words = {"en": ("Example: ", "To do: "), "vi": ("Ví dụ: ", "Việc cần làm: ")}[lang]
    assert [example.startswith(words[0]), remedy.startswith(words[1])] == [True, True]
    assert [line[-1] for line in (meaning, example, remedy)] == [".", ".", "."]


@pytest.mark.parametrize(
    ("code", "same"),
    [
        ("verdict.truncated", "truncated"),
        ("cause.digit_slip", "digit_slip"),
        ("fault.row_blank", "row_blank"),
    ],
)
def test_codes_as_json_has_them(code, same):
    """The kind may stand in front."""
    assert explain(code, "en") == explain(same, "en")


def test_a_fault_is_told_with_the_names_of_its_values():
    """Its sentence says the remedy itself."""
    assert explain("column_missing", "en").splitlines() == [
        "column_missing: fault of a file or a command",
        "column ‹column› is missing; add it to the header row",
    ]


def test_the_command_explains(run):
    """Nothing is read or checked; an unknown code is refused with the nearest."""
    code, out, err = run("check", "nowhere", "--explain", "digit_slip", "--lang", "vi")
    assert (code, err) == (0, "")
    assert out.startswith("digit_slip: nguyên nhân có thể có\n")
    code, out, err = run("check", "--explain", "digit_slp")
    assert (code, out) == (2, "")
    assert err == (
        "No code 'digit_slp'; did you mean 'digit_slip'?; petitionlib check --explain all lists"
        " them.\n"
    )


def test_the_page_is_that_of_the_words(run):
    """`petitionlib check --explain all > petitionlib/words/CODES.md` makes it."""
    out = run("check", "--explain", "all")[1]
    assert PAGE.read_text(encoding="utf-8") == out == explain_all("en") + "\n"
    assert [code for code in CODES if f"| `{code}` | " not in out] == []
    assert "; did you mean" not in out
