"""Where the project lies and which database it works on."""

import hashlib
import os
from pathlib import Path

from clip_search.warehouse import engine_of_warehouse

PROJECT_ROOT = Path(__file__).resolve().parents[1]
DEFAULT_DATABASES = {
    "sqlite": "warehouse/clip_search.db",
    "duckdb": "warehouse/clip_search.duckdb",
    "spark": "warehouse/spark",
}
# What dbt makes its graph from.
_FILES = ("dbt_project.yml", "profiles.yml")
_FOLDERS = {
    "models": (".sql", ".yml"),
    "seeds": (".csv", ".yml"),
    "macros": (".sql", ".yml"),
    "tests/dbt": (".sql", ".yml"),
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


def files_fingerprint(root: Path = PROJECT_ROOT) -> str:
    """The SHA-256, as hexadecimal digits, of all files that dbt makes its graph from.

    By content, not by time of change: a deployment may keep old times on new files.
    """
    digest = hashlib.sha256()
    paths = [root / name for name in _FILES]
    for folder, endings in _FOLDERS.items():
        found = (root / folder).rglob("*")
        paths.extend(path for path in found if path.suffix in endings)
    for path in sorted(paths):
        digest.update(path.relative_to(root).as_posix().encode() + b"\0")
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()
