"""Runs dbt on this project, wherever it is installed and from any folder."""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from clip_search.engines import database_path
from clip_search.project import PROJECT_ROOT, WORK_ROOT, target_path

_DBT = str(Path(sys.executable).parent / "dbt")


def build_warehouse() -> bool:
    """Build and test every table and show dbt's output; True if dbt succeeded."""
    target = target_path()
    # Results of an earlier run must not be taken for this run's.
    (target / "run_results.json").unlink(missing_ok=True)
    database = database_path()
    database.parent.mkdir(parents=True, exist_ok=True)
    log_path = os.environ.get("DBT_LOG_PATH") or str(WORK_ROOT / "logs")
    environment = _environment(target, log_path)
    environment["CLIP_SEARCH_DATABASE"] = str(database)
    finished = subprocess.run(  # noqa: S603
        [_DBT, "build", "--exclude-resource-type", "unit_test"],
        cwd=PROJECT_ROOT,
        env=environment,
        check=False,
    )
    return finished.returncode == 0


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
        [_DBT, *arguments],
        cwd=PROJECT_ROOT,
        env=_environment(folder, str(folder)) | dict(environment or {}),
        capture_output=True,
        text=True,
        check=False,
    )
    if finished.returncode != 0:
        raise RuntimeError(finished.stdout + finished.stderr)


def _environment(target: Path, log_path: str) -> dict[str, str]:
    return {
        **os.environ,
        "DBT_PROJECT_DIR": str(PROJECT_ROOT),
        "DBT_PROFILES_DIR": str(PROJECT_ROOT),
        "DBT_TARGET_PATH": str(target),
        "DBT_LOG_PATH": log_path,
    }
