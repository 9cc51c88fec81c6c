"""dbt commands that are asked for what they write, and leave nothing else behind."""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from clip_search.project import PROJECT_ROOT


def run_dbt(
    arguments: Sequence[str], folder: Path, environment: Mapping[str, str] | None = None
) -> None:
    """Run a command of dbt on the project, and let it write into a folder.

    Args:
        arguments: The command with its options.
        folder: What becomes dbt's target folder, its log beside.
        environment: What dbt needs to know besides what it is started with.

    Raises:
        RuntimeError: dbt failed; the message is what it printed.
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
