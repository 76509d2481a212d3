"""What the codes of a check mean: one as sentences, or all as a page."""

from string import Formatter
from typing import Final

from petitionlib.cli.output import USAGE, stop
from petitionlib.codebook.codes import CAUSES, CHECKS, FLAGS, VERDICTS
from petitionlib.errors import did_you_mean, said
from petitionlib.words import LANGUAGES, capital, say, words

__all__ = ["explain", "explain_all"]

_KINDS: Final = {"check": CHECKS, "verdict": VERDICTS, "cause": CAUSES, "flag": FLAGS}
_FAULT: Final = "fault"
_COLUMNS: Final = ("code", "meaning", "example", "remedy")
_WHOLE: Final = 4  # words, from which on a sentence of words.csv stands alone


def explain(code: str, lang: str) -> str:
    """Say what a code means, with an example and the remedy; a fault says its remedy itself.

    Takes codes of checks, verdicts, causes, flags and faults, as JSON and CSV have them
    (`digit_slip`, `verdict.truncated`, `fault.row_blank`). Another ends the command.

    >>> print(explain("digit_slip", "en").splitlines()[1])
    One digit is wrong, lost or added, or two neighbours are exchanged.
    """
    kind, name = _found(code)
    head = f"{name}: {say(f'explain.kind.{kind}', lang)}"
    if kind == _FAULT:
        return f"{head}\n{_template(f'{_FAULT}.{name}', lang)}"
    meaning, example, remedy = _cells(kind, name, lang)
    told = [
        say("explain.example", lang, example=example), say("explain.remedy", lang, remedy=remedy)
    ]  # fmt: skip
    return "\n".join([head, meaning, *told])


def explain_all(lang: str) -> str:
    """Write the page of all codes, as Markdown."""
    lines = [f"# {say('explain.title', lang)}", "", say("explain.intro", lang)]
    for kind, codes in _KINDS.items():
        rows = [[f"`{code}`", *_cells(kind, code, lang)] for code in codes]
        lines += _table(kind, _COLUMNS, rows, lang)
    faults = [
        [f"`{key.partition('.')[2]}`", _template(key, lang)] for key in words() if _is_whole(key)
    ]
    return "\n".join([*lines, *_table(_FAULT, ("code", "said"), faults, lang)])


def _found(code: str) -> tuple[str, str]:
    """Return the kind and the name of a code."""
    prefix, _, name = code.rpartition(".")
    for kind, codes in _KINDS.items():
        if name in codes and prefix in {"", kind}:
            return kind, name
    name = code.removeprefix(f"{_FAULT}.")
    every = {each for codes in _KINDS.values() for each in codes}
    faults = {key.removeprefix(f"{_FAULT}.") for key in words() if key.startswith(f"{_FAULT}.")}
    if name in faults:
        return _FAULT, name
    return stop(said("cli.no_code", code=code, near=did_you_mean(name, every | faults)), USAGE)


def _cells(kind: str, code: str, lang: str) -> list[str]:
    """Return the meaning of a code, an example, and what to do."""
    own = f"explain.{code}"
    meaning = own if own in words() else f"{kind}.{code}"
    return [_sentence(say(key, lang)) for key in (meaning, f"{own}.example", f"{own}.remedy")]


def _sentence(text: str) -> str:
    return capital(text if text[-1] in ".?!" else f"{text}.")


def _template(key: str, lang: str) -> str:
    """Write a sentence of words.csv with the names of its values in the place of values."""
    parts = Formatter().parse(words()[key][LANGUAGES.index(lang)])
    return "".join(text + (f"‹{name}›" if name else "") for text, name, _, _ in parts)


def _is_whole(key: str) -> bool:
    """Tell a fault from a part of one."""
    text = "".join(text for text, *_ in Formatter().parse(words()[key][0]))
    return (
        key.startswith(f"{_FAULT}.") and words()[key][0][:1] not in ";,("
        and len(text.split()) >= _WHOLE
    )  # fmt: skip


def _table(kind: str, names: tuple[str, ...], rows: list[list[str]], lang: str) -> list[str]:
    head = [say(f"explain.column.{name}", lang) for name in names]
    lines = [" | ".join(cells) for cells in (head, ["---"] * len(head))]
    lines += [" | ".join(cell.replace("|", "\\|") for cell in row) for row in rows]
    title = capital(say(f"explain.kind.{kind}", lang))
    return ["", f"## {title}", "", *(f"| {line} |" for line in lines)]
