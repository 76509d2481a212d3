"""The page as a format of nbconvert's: `jupyter nbconvert --to petitionlib`."""

from typing import Any

from nbconvert.exporters import Exporter
from nbformat import NotebookNode
from traitlets import Unicode

from petitionlib.page.render import page

__all__ = ["PetitionlibExporter"]


class PetitionlibExporter(Exporter):  # type: ignore[misc]  # nbconvert ships no types
    """Write a notebook as one offline page: live charts, folded code, no request to anywhere.

    Used by `jupyter nbconvert --to petitionlib`, by JupyterLab's export menu and by `build_report`.
    """

    file_extension = ".html"
    output_mimetype = "text/html"
    export_from_notebook = "Page with live charts (petitionlib)"
    lang = Unicode("", help="Language of the page, such as en; by default the notebook's own").tag(
        config=True
    )

    def from_notebook_node(
        self, nb: NotebookNode, resources: dict[str, Any] | None = None, **kwargs: Any
    ) -> tuple[str, dict[str, Any]]:
        """Return the page and the resources that nbconvert asks for."""
        nb, resources = super().from_notebook_node(nb, resources, **kwargs)
        resources["output_extension"] = self.file_extension
        name = resources.get("metadata", {}).get("name", "notebook")
        return page(nb, lang=self.lang or None, name=name), resources
