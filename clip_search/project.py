"""Where the dbt project is, and the folder that it is run in."""

import hashlib
import os
from pathlib import Path

_PACKAGED = Path(__file__).resolve().parent / "dbt_project"

PROJECT_ROOT = _PACKAGED if _PACKAGED.is_dir() else Path(__file__).resolve().parents[1]
"""The dbt project: the checkout, or the copy that an installed package carries."""

WORK_ROOT = Path.cwd() if PROJECT_ROOT == _PACKAGED else PROJECT_ROOT
"""Where relative paths start, and the warehouse and dbt's target folder are written."""

# What dbt makes its graph from.
_FILES = ("dbt_project.yml", "profiles.yml")
_FOLDERS = {
    "models": (".sql", ".yml"),
    "seeds": (".csv", ".yml"),
    "macros": (".sql", ".yml"),
    "tests/dbt": (".sql", ".yml"),
}


def target_path() -> Path:
    """The folder where dbt leaves its manifest and the results of its last command."""
    return (WORK_ROOT / (os.environ.get("DBT_TARGET_PATH") or "target")).resolve()


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
