"""Builds dbt's documentation of tables and lineage as one page."""

import json
import tempfile
from collections.abc import Mapping
from pathlib import Path

from clip_search.dbt_command import run_dbt

# Where dbt's page loads its data from, unless the data is in the page.
_MANIFEST, _CATALOG = '"MANIFEST.JSON INLINE DATA"', '"CATALOG.JSON INLINE DATA"'


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
            run_dbt(["docs", "generate", "--quiet"], Path(scratch), environment)
            built = _in_one_page(Path(scratch))
        except RuntimeError as error:
            raise RuntimeError(f"dbt could not build the docs:\n{error}") from error
        return built.replace(page)


def _in_one_page(target: Path) -> Path:
    """Dbt's page with its data, without the unit tests.

    The unit tests would be most of the graph, and dbt cannot hide them.
    """
    manifest = json.loads((target / "manifest.json").read_text("utf-8"))
    hidden = manifest["unit_tests"].keys()
    manifest["unit_tests"] = {}
    for edges in ("child_map", "parent_map"):
        manifest[edges] = {
            name: [other for other in others if other not in hidden]
            for name, others in manifest[edges].items()
            if name not in hidden
        }
    page = (target / "index.html").read_text("utf-8")
    if _MANIFEST not in page or _CATALOG not in page:
        raise RuntimeError("dbt's page has no place for its data: this version is new")
    page = page.replace(_MANIFEST, json.dumps(manifest))
    page = page.replace(_CATALOG, (target / "catalog.json").read_text("utf-8"))
    built = target / "page.html"
    built.write_text(page, "utf-8")
    return built
