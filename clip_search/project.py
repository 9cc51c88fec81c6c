"""Where the project lies and which database it works on."""

import os
from pathlib import Path

from clip_search.warehouse import engine_of_warehouse

PROJECT_ROOT = Path(__file__).resolve().parents[1]
DEFAULT_DATABASES = {
    "sqlite": "warehouse/clip_search.db",
    "duckdb": "warehouse/clip_search.duckdb",
    "spark": "warehouse/spark",
}


def database_path() -> Path:
    """The warehouse's file, or Spark's folder.

    Returns:
        The absolute path in `CLIP_SEARCH_DATABASE` (relative ones are taken from the
        project's root), or the engine's own in `warehouse`.
    """
    default = DEFAULT_DATABASES[engine_of_warehouse()]
    configured = os.environ.get("CLIP_SEARCH_DATABASE") or default
    return (PROJECT_ROOT / configured).resolve()


def target_path() -> Path:
    """The folder where dbt leaves its manifest and the results of its last command."""
    return (PROJECT_ROOT / (os.environ.get("DBT_TARGET_PATH") or "target")).resolve()
