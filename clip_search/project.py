"""The location of the dbt project and the working folder."""

import hashlib
import os
import shlex
import shutil
import sys
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from clip_search.clear_error import ClearError

_PACKAGED = Path(__file__).resolve().parent / "dbt_project"

PROJECT_ROOT = _PACKAGED if _PACKAGED.is_dir() else Path(__file__).resolve().parents[1]
"""The dbt project: the checkout, or the copy in an installed package."""

WORK_ROOT = Path.cwd() if PROJECT_ROOT == _PACKAGED else PROJECT_ROOT
"""The base of relative paths, and the parent of warehouse and target folder."""


def is_installed() -> bool:
    """Whether this is an installed package, not a checkout."""
    return PROJECT_ROOT == _PACKAGED


# The files that dbt parses.
_FILES = ("dbt_project.yml", "profiles.yml")
_FOLDERS = {
    "models": (".sql", ".yml"),
    "seeds": (".csv", ".yml"),
    "macros": (".sql", ".yml"),
    "tests/dbt": (".sql", ".yml"),
}


def target_path() -> Path:
    """The folder to which dbt writes its manifest and the results of a command."""
    return (WORK_ROOT / (os.environ.get("DBT_TARGET_PATH") or "target")).resolve()


def log_path() -> Path:
    """The folder of dbt's log."""
    return (WORK_ROOT / (os.environ.get("DBT_LOG_PATH") or "logs")).resolve()


def files_fingerprint(root: Path = PROJECT_ROOT) -> str:
    """The SHA-256, in hexadecimal, of all files that dbt parses.

    Based on content, not on modification times: a deployment may keep old times on new
    files.
    """
    paths = [root / name for name in _FILES]
    for folder, endings in _FOLDERS.items():
        found = (root / folder).rglob("*")
        paths.extend(path for path in found if path.suffix in endings)
    return content_fingerprint(paths, root)


def content_fingerprint(paths: Iterable[Path], root: Path) -> str:
    """The SHA-256, in hexadecimal, of files: of their paths below a folder and content.

    Args:
        paths: The files, in any order.
        root: The folder.
    """
    digest = hashlib.sha256()
    for path in sorted(paths):
        digest.update(path.relative_to(root).as_posix().encode() + b"\0")
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


@cache
def project_variable(name: str) -> int:
    """An integer from the `vars` of dbt_project.yml."""
    import yaml

    project = yaml.safe_load((PROJECT_ROOT / "dbt_project.yml").read_text("utf-8"))
    return int(project["vars"][name])


class MissingExtraError(ClearError):
    """A library is not installed that only some commands need."""

    def __init__(self, library: str, extra: str) -> None:
        """Takes the library, and the extra of this package that includes it."""
        super().__init__(
            f"{library} is not installed", remedy=f"Install it: {_install(extra)}"
        )


def typed_command() -> str:
    """What to type in the current folder to run `clip-search`."""
    installed = Path(sys.executable).parent / "clip-search"
    found = shutil.which("clip-search")
    if found is not None and Path(found).resolve() == installed.resolve():
        return "clip-search"
    if installed.is_relative_to(Path.cwd()):
        installed = installed.relative_to(Path.cwd())
    return shlex.quote(str(installed))


def _install(extra: str) -> str:
    """The command that installs an extra: in a checkout, with all others."""
    if is_installed():
        python = shlex.quote(sys.executable)
        return f"{python} -m pip install 'clip-search[{extra}]'"
    if Path.cwd() == PROJECT_ROOT:
        return "make setup"
    return f"make -C {shlex.quote(str(PROJECT_ROOT))} setup"
