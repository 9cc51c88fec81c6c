"""Builds the site in one folder: the pages, the dbt docs and the report."""

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from clip_search.project import PROJECT_ROOT
from clip_search.site.dbt_docs import build_dbt_docs

_BIN = Path(sys.executable).parent
# How table descriptions refer to a page: `docs/errors.md`, `docs/decisions`.
_NAMED_PAGE = re.compile(r"`(README\.md|docs/decisions|docs/[\w-]+\.md)`")


class SiteError(Exception):
    """A part of the site could not be built; the message says which, and why."""


def build_site(site: Path, tell: Callable[[str], None]) -> None:
    """Build the whole site from the existing warehouse.

    Args:
        site: The folder to build in. Pages of an earlier site are replaced.
        tell: Called with a line for each step.

    Raises:
        SiteError: A part could not be built.
    """
    tell("1/3 the pages")
    with tempfile.TemporaryDirectory() as doctrees:
        _run(
            *(sys.executable, "-m", "sphinx", "--quiet", "--fail-on-warning"),
            *("--builder", "html", "--conf-dir", "docs/site", "--fresh-env"),
            *("--doctree-dir", doctrees, ".", str(site)),
        )
    tell("2/3 the dbt docs: tables and lineage")
    try:
        link_pages(build_dbt_docs(site / "dbt" / "index.html"))
    except RuntimeError as error:
        raise SiteError(str(error)) from error
    tell("3/3 the report on the logs")
    _run(str(_BIN / "clip-search"), "report", "--out", str(site / "report.html"))


def link_pages(dbt_page: Path) -> None:
    """Turn page names in the dbt docs into links.

    The dbt docs have plain names because they are also used alone: in Airflow's UI
    there are no other pages to link to.
    """

    def linked(match: re.Match[str]) -> str:
        name = match.group(1)
        page = "docs/decisions/README" if name == "docs/decisions" else name[:-3]
        return f"[{name}](../{page}.html)"

    text = dbt_page.read_text("utf-8")
    dbt_page.write_text(_NAMED_PAGE.sub(linked, text), "utf-8")


def _run(*command: str) -> None:
    finished = subprocess.run(
        command,
        cwd=PROJECT_ROOT,
        env={**os.environ, "PYTHONPATH": str(PROJECT_ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if finished.returncode != 0:
        raise SiteError(finished.stdout.strip())
