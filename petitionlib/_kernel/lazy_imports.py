"""Imports that take long, put off until what they bring is called.

jsonschema, which nbformat imports, looks for modules that check addresses and durations. JupyterLab
needs them, so they are there, and one of them, `rfc3987_syntax`, compiles 39 grammars when it is
imported. No notebook is checked by them.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import Any, Final

__all__ = ["deferred_grammars"]

_CHECKS: Final = {  # what is imported by name from modules that take long
    "arrow": [],
    "rfc3986_validator": ["validate_rfc3986"],
    "rfc3987_syntax": ["is_valid_syntax"],
}


@contextmanager
def deferred_grammars() -> Iterator[None]:
    """Let jsonschema be imported with checks that load their modules when they are called.

    Whoever imports these modules by name meanwhile or later gets the real ones.
    """
    if "jsonschema" not in sys.modules:
        missing = [name for name in _CHECKS if name not in sys.modules and find_spec(name)]
        sys.modules.update({name: _stand_in(name) for name in missing})
        try:
            import_module("jsonschema")
        finally:
            for name in missing:
                sys.modules.pop(name)
    yield


def _stand_in(name: str) -> ModuleType:
    """Return a module that has whatever another has, and loads it when something is called."""
    module = ModuleType(name)

    def real(attribute: str) -> Any:
        if sys.modules.get(name) is module:  # asked by the import itself
            raise AttributeError(attribute)
        return getattr(import_module(name), attribute)

    def late(function: str) -> Callable[..., Any]:
        def call(*args: Any, **options: Any) -> Any:
            return real(function)(*args, **options)

        return call

    vars(module).update({function: late(function) for function in _CHECKS[name]}, __getattr__=real)
    return module
