"""Runs dbt on this project, wherever it is installed and from any folder."""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from clip_search.project import PROJECT_ROOT


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
            "DBT_PROJECT_DIR": str(PROJECT_ROOT),
            "DBT_PROFILES_DIR": str(PROJECT_ROOT),
            "DBT_TARGET_PATH": str(folder),
            "DBT_LOG_PATH": str(folder),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    if finished.returncode != 0:
        raise RuntimeError(finished.stdout + finished.stderr)
