"""Runs dbt on this project, wherever it is installed and from any folder."""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from clip_search.project import PROJECT_ROOT


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


def run_dbt(
    arguments: Sequence[str], folder: Path, environment: Mapping[str, str] | None = None
) -> None:
    """Run a dbt command for the files it writes, and leave no other files behind.

    Args:
        arguments: The dbt command and its options.
        folder: dbt's target folder, which also gets its log.
        environment: Variables for dbt in addition to those of this process.

    Raises:
        RuntimeError: dbt failed; the message is its output.
    """
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
