"""Builds dbt's documentation of tables and lineage as one page."""

import json
import shutil
import tempfile
from pathlib import Path
from typing import Any

from clip_search.dbt_command import run_dbt

# Where dbt's page loads its data from, unless the data is in the page.
_MANIFEST, _CATALOG = '"MANIFEST.JSON INLINE DATA"', '"CATALOG.JSON INLINE DATA"'
_PARSED = "partial_parse.msgpack"


def build_dbt_docs(page: Path, parsed_in: Path | None = None) -> Path:
    """Build the page, and replace the old one.

    Args:
        page: The output file; its folder is created.
        parsed_in: A target folder of dbt for the same project, which saves parsing it.

    Returns:
        The page.

    Raises:
        RuntimeError: dbt could not build it; the message is dbt's output.
    """
    page.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=page.parent) as scratch:
        try:
            if parsed_in is not None and (parsed_in / _PARSED).is_file():
                shutil.copy(parsed_in / _PARSED, scratch)
            run_dbt(["docs", "generate", "--quiet"], Path(scratch))
            built = _in_one_page(Path(scratch))
        except RuntimeError as error:
            raise RuntimeError(f"dbt could not build the docs:\n{error}") from error
        return built.replace(page)


def _in_one_page(target: Path) -> Path:
    """The page of dbt with its data, as one file."""
    page = (target / "index.html").read_text("utf-8")
    if _MANIFEST not in page or _CATALOG not in page:
        raise RuntimeError("dbt's page has no place for its data: this version is new")
    manifest = json.loads((target / "manifest.json").read_text("utf-8"))
    page = page.replace(_MANIFEST, json.dumps(without_helpers(manifest)))
    page = page.replace(_CATALOG, (target / "catalog.json").read_text("utf-8"))
    built = target / "page.html"
    built.write_text(page, "utf-8")
    return built


def without_helpers(manifest: dict[str, Any]) -> dict[str, Any]:
    """The manifest of dbt without unit tests and hidden nodes, for a graph to read.

    dbt itself draws hidden nodes in gray. Here, what a hidden node reads becomes a
    parent of what reads the node.

    Args:
        manifest: The content of manifest.json.
    """
    hidden = manifest["unit_tests"].keys() | {
        name
        for name, node in manifest["nodes"].items()
        if not node.get("docs", {}).get("show", True)
    }
    tests = {
        name
        for name, node in manifest["nodes"].items()
        if node.get("attached_node") in hidden
    }

    def visible_parents(name: str) -> set[str]:
        found = set()
        for parent in manifest["parent_map"].get(name, ()):
            found |= visible_parents(parent) if parent in hidden else {parent}
        return found

    left_out = hidden | tests
    parents = {
        name: sorted(visible_parents(name) - tests)
        for name in manifest["parent_map"]
        if name not in left_out
    }
    children: dict[str, list[str]] = {name: [] for name in parents}
    for name, its_parents in parents.items():
        for parent in its_parents:
            children[parent].append(name)
    return manifest | {
        "nodes": {
            name: node | {"depends_on": {"macros": [], "nodes": parents[name]}}
            for name, node in manifest["nodes"].items()
            if name not in left_out
        },
        "unit_tests": {},
        "parent_map": parents,
        "child_map": children,
    }
