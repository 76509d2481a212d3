"""An import that takes seconds, put off until what it imports is called.

jsonschema, which nbformat imports, checks addresses with `rfc3987_syntax` where that is installed
(JupyterLab needs it), and importing that compiles 39 grammars. No notebook is checked by them.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import Any, Final

__all__ = ["deferred_grammars"]

_GRAMMARS: Final = "rfc3987_syntax"


@contextmanager
def deferred_grammars() -> Iterator[None]:
    """Let jsonschema be imported with a check of addresses that loads its grammars when called.

    Whoever imports them by name meanwhile or later gets the real ones.
    """
    if not {_GRAMMARS, "jsonschema"} & set(sys.modules) and find_spec(_GRAMMARS):
        stand_in = ModuleType(_GRAMMARS)
        stand_in.is_valid_syntax = _is_valid_syntax  # type: ignore[attr-defined]  # its one name
        sys.modules[_GRAMMARS] = stand_in
        try:
            import_module("jsonschema")
        finally:
            sys.modules.pop(_GRAMMARS, None)
    yield


def _is_valid_syntax(*args: Any, **options: Any) -> Any:
    return import_module(_GRAMMARS).is_valid_syntax(*args, **options)
