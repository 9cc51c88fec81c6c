"""Runs dbt on this project, wherever it is installed and from any folder."""

import gc
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from clip_search.project import PROJECT_ROOT, target_path

_PARSED = "partial_parse.msgpack"


def dbt_folders(target: Path, logs: Path) -> dict[str, str]:
    """The environment variables that tell dbt where the project is and where to write.

    Args:
        target: dbt's target folder.
        logs: The folder of its log.
    """
    return {
        "DBT_PROJECT_DIR": str(PROJECT_ROOT),
        "DBT_PROFILES_DIR": str(PROJECT_ROOT),
        "DBT_TARGET_PATH": str(target),
        "DBT_LOG_PATH": str(logs),
    }


@contextmanager
def without_garbage_collection() -> Iterator[None]:
    """Do without it while dbt runs in this process.

    dbt makes many objects that live until it ends. Searching them for garbage takes a
    third of the time of a small increment, and finds little.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def lend_parsed_project(lender: Path, borrower: Path) -> None:
    """Give a target folder what dbt has parsed, unless it has that already.

    dbt itself finds out which parts of it are outdated.

    Args:
        lender: A target folder of an earlier command.
        borrower: A target folder; made if it is missing.
    """
    parsed = lender / _PARSED
    if parsed.is_file() and not (borrower / _PARSED).exists():
        borrower.mkdir(parents=True, exist_ok=True)
        # A name of its own first: another process may read what is only half written.
        with tempfile.TemporaryDirectory(dir=borrower) as folder:
            Path(shutil.copy(parsed, folder)).replace(borrower / _PARSED)


def run_dbt(
    arguments: Sequence[str], folder: Path, environment: Mapping[str, str] | None = None
) -> None:
    """Run a dbt command for the files it writes, and leave no other files behind.

    What dbt parsed for an earlier command of this project is used, as far as it is
    still right: parsing everything takes ten seconds.

    Args:
        arguments: The dbt command and its options.
        folder: dbt's target folder, which also gets its log.
        environment: Variables for dbt in addition to those of this process.

    Raises:
        RuntimeError: dbt failed; the message is its output.
    """
    lend_parsed_project(target_path(), folder)
    finished = subprocess.run(  # noqa: S603
        [str(Path(sys.executable).parent / "dbt"), *arguments],
        cwd=PROJECT_ROOT,
        env={
            **os.environ,
            **(environment or {}),
            **dbt_folders(target=folder, logs=folder),
            # Its output may become the message of an error.
            "DBT_USE_COLORS": "False",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    if finished.returncode != 0:
        raise RuntimeError(finished.stdout + finished.stderr)
