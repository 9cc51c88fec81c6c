"""Renders the notebook as one HTML page, which opens without a network."""

import re
from pathlib import Path
from typing import Any

from clip_search.project import MissingExtraError

_TEMPLATES = Path(__file__).parent


def html_page(notebook: Any) -> str:
    """The whole page: images and CSS are embedded, code is collapsed.

    Args:
        notebook: An `nbformat.NotebookNode` with its output.

    Raises:
        MissingExtraError: nbconvert is not installed.
    """
    try:
        from nbconvert import HTMLExporter
    except ImportError as error:
        raise MissingExtraError(str(error.name), "report") from error
    exporter: Any = HTMLExporter(  # type: ignore[no-untyped-call]
        template_name="template",
        extra_template_basedirs=[str(_TEMPLATES)],
    )
    style = (_TEMPLATES / "template" / "report.css").read_text("utf-8")
    page, _ = exporter.from_notebook_node(
        notebook,
        resources={"style": style, "sections": _sections(notebook)},
    )
    return str(page)


def _sections(notebook: Any) -> list[tuple[str, str]]:
    """The heading of each section, and its anchor as nbconvert generates it."""
    headings = [
        heading
        for cell in notebook.cells
        if cell.cell_type == "markdown"
        for heading in re.findall(r"^## (.+)$", cell.source, re.MULTILINE)
    ]
    return [(heading, heading.replace(" ", "-")) for heading in headings]
