"""Where the project lies and which database it works on."""

import os
from pathlib import Path

from clip_search.warehouse import embedded_engine

PROJECT_ROOT = Path(__file__).resolve().parents[1]
DEFAULT_DATABASES = {
    "sqlite": "warehouse/clip_search.db",
    "duckdb": "warehouse/clip_search.duckdb",
}


def database_path() -> Path:
    """The warehouse file of the embedded engines.

    Returns:
        The absolute path in `CLIP_SEARCH_DATABASE` (relative ones are taken from the
        project's root), or `warehouse/clip_search.db`, `.duckdb` on that engine.
    """
    default = DEFAULT_DATABASES[embedded_engine()]
    configured = os.environ.get("CLIP_SEARCH_DATABASE") or default
    return (PROJECT_ROOT / configured).resolve()


def target_path() -> Path:
    """The folder where dbt leaves its manifest and the results of its last command."""
    return (PROJECT_ROOT / (os.environ.get("DBT_TARGET_PATH") or "target")).resolve()
