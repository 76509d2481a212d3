"""The scripts and the style of a page, and plotly.js, which draws its charts."""

import base64
import hashlib
import re
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Final

from petitionlib.files import PACKAGE

if TYPE_CHECKING:
    from jinja2 import Template

__all__ = ["digest", "plotly_js", "plotly_styles", "shared_name", "template", "text"]

_HINT: Final = "//# allFunctionsCalledOnLoad\n"


@cache
def text(name: str) -> str:
    """Return a file of this folder."""
    return (PACKAGE / "page" / name).read_text(encoding="utf-8")


@cache
def template(name: str) -> "Template":
    """Return a template of this folder."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined  # noqa: PLC0415  # slow

    environment = Environment(
        loader=FileSystemLoader(PACKAGE / "page"), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    return environment.get_template(name)


@cache
def plotly_js() -> str:
    """Read the plotly.js that the installed plotly carries, without importing plotly.

    A comment before it lets Chromium compile all of it at once, off the main thread where it can,
    instead of reading it twice.
    """
    spec = find_spec("plotly")
    folder = Path(str(spec.origin)).parent  # type: ignore[union-attr]  # plotly is a dependency
    source = (folder / "package_data" / "plotly.min.js").read_text(encoding="utf-8")
    return _HINT + source.replace("</script", "<\\/script")


@cache
def plotly_styles() -> list[str]:
    """Return the styles that plotly.js brings: an empty one that it fills, and that of maps."""
    return ["", *re.findall(r"\.textContent='(.*?)'[,;})]", plotly_js())]


@cache
def shared_name() -> str:
    """Return the name of the file that holds plotly.js beside the pages of a batch."""
    return f"plotly-{hashlib.sha256(plotly_js().encode()).hexdigest()[:12]}.min.js"


@cache
def digest(source: str) -> str:
    """Return what a policy names a script or a style by."""
    return base64.b64encode(hashlib.sha256(source.encode()).digest()).decode()
