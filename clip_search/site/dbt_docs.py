"""Builds dbt's documentation of tables and lineage as one page."""

import tempfile
from collections.abc import Mapping
from pathlib import Path

from clip_search.dbt_command import run_dbt

_PAGE = "static_index.html"


def build_dbt_docs(page: Path, environment: Mapping[str, str]) -> Path:
    """Build the page, and replace the old one.

    Args:
        page: The output file; its folder is created.
        environment: Variables for dbt in addition to those of this process.

    Returns:
        The page.

    Raises:
        RuntimeError: dbt could not build it; the message is dbt's output.
    """
    page.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=page.parent) as scratch:
        try:
            command = ["docs", "generate", "--static", "--quiet"]
            run_dbt(command, Path(scratch), environment)
        except RuntimeError as error:
            raise RuntimeError(f"dbt could not build the docs:\n{error}") from error
        return Path(scratch, _PAGE).replace(page)
