"""about.yaml: whether a codebook stands by itself, its languages, its title and its span."""

import reprlib
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from petitionlib.errors import Problem, Said, did_you_mean, said
from petitionlib.files import yaml_fault
from petitionlib.words import LANGUAGES

__all__ = ["LOOSE", "About", "about_of", "is_language", "read_about"]

_KEYS: Final = ("codebook", "languages", "title", "default_span", "contract")
_KINDS: Final = ("own", "extends")
LOOSE: Final = "none"  # what a table that lies beside no codebook has
_LOOSE_SPAN: Final = "Y"
_CONTRACT: Final = 1  # of data/README.md; what a later one means is not known here


class About(NamedTuple):
    """What a codebook says of itself; `own`: it does without the shipped one."""

    own: bool
    languages: tuple[str, ...]
    title: Mapping[str, str]
    default_span: str


def about_of(content: Mapping[str, Any], shipped: About | None = None) -> About:
    """Return what the content of an about.yaml says; of what it leaves out, the shipped one's."""
    own = content.get("codebook") in ("own", LOOSE)
    base = About(own, LANGUAGES[:1], {}, "") if own or shipped is None else shipped
    if content.get("codebook") == LOOSE:
        return base._replace(default_span=_LOOSE_SPAN)
    return About(
        own,
        tuple(content.get("languages", base.languages)),
        content.get("title", base.title),
        content.get("default_span", base.default_span),
    )


def read_about(file: str, raw: bytes) -> tuple[dict[str, Any], list[Problem]]:
    """Read the content of an about.yaml, and list every fault with its line and the remedy.

    Keys: `codebook` (own or extends), `languages`, `title` (a text for each language),
    `default_span` and `contract`. Whether the span is there is for the spans to say.
    """
    if not raw.strip():
        return {}, []
    import yaml  # noqa: PLC0415  # only where there is one to read

    try:
        loader = yaml.SafeLoader(raw.decode("utf-8-sig"))
        root = loader.get_single_node()
        content = loader.construct_document(root) if root else None
    except (UnicodeDecodeError, RecursionError, yaml.YAMLError) as error:
        return {}, [yaml_fault(file, error)]
    if content is None:
        return {}, []
    if not isinstance(content, dict):
        return {}, [Problem(file, 1, None, None, *said("fault.about", keys=", ".join(_KEYS)))]
    lines = {key.value: key.start_mark.line + 1 for key, _ in root.value}
    faults = {key: _fault(str(key), value, content) for key, value in content.items()}
    return {key: value for key, value in content.items() if not faults[key]}, [
        Problem(file, lines.get(str(key)), None, None, *fault)
        for key, fault in faults.items()
        if fault
    ]


def _fault(key: str, value: object, content: Mapping[str, Any]) -> Said | None:
    """Say what is wrong with one key of an about.yaml."""
    fault = None
    if key not in _KEYS:
        near = did_you_mean(key, _KEYS)
        fault = said("fault.about_key", cell=key, near=near, keys=", ".join(_KEYS))
    elif key == "codebook" and value not in _KINDS:
        cell = value if isinstance(value, str) else reprlib.repr(value)
        fault = said("fault.choice", column=key, cell=cell, choices=", ".join(_KINDS))
    elif key == "contract" and (value != _CONTRACT or isinstance(value, bool)):
        fault = said("fault.about_contract", found=reprlib.repr(value), contract=_CONTRACT)
    elif key == "default_span" and not (isinstance(value, str) and value):
        fault = said("fault.about_text", key=key)
    elif key == "languages" and not (
        isinstance(value, list)
        and value
        and all(map(is_language, value))
        and len({*value}) == len(value)
    ):
        fault = said("fault.about_languages", found=reprlib.repr(value))
    elif key == "title":
        fault = _title_fault(value, content.get("languages", []))
    return fault


def is_language(language: object) -> bool:
    """Tell whether numbers and dates can be written in a language."""
    if language in LANGUAGES:
        return True
    from babel.localedata import exists  # noqa: PLC0415  # only for a further language

    return (
        isinstance(language, str)
        and language.isalpha()
        and language.islower()
        and language != "root"
        and exists(language)
    )


def _title_fault(value: object, languages: object) -> Said | None:
    texts = value if isinstance(value, dict) else {}
    sound = all(isinstance(text, str) and text.strip() for text in (*texts, *texts.values()))
    wanted = languages if isinstance(languages, list) else []
    if not texts or not sound or not {*map(str, wanted)} <= {*map(str, texts)}:
        return said("fault.about_title", languages=", ".join(map(str, wanted or LANGUAGES)))
    return None
