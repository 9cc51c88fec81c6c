"""Runs Airflow's commands with this project's Airflow home."""

import os
import subprocess
import sys
from pathlib import Path

from clip_search.engines import engine_name
from clip_search.orchestration.environment import (
    DEFAULT_PORT,
    POOL,
    airflow_environment,
    airflow_home,
)
from clip_search.orchestration.manifest import current_manifest

AIRFLOW = str(Path(sys.executable).parent / "airflow")


class CommandFailedError(Exception):
    """An Airflow command failed; the message is its output."""


def process_environment(port: int = DEFAULT_PORT) -> dict[str, str]:
    """The complete environment of an Airflow process."""
    # Airflow starts its programs by name, so this virtual environment comes first.
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"
    return {**os.environ, **airflow_environment(port), "PATH": path}


def prepare(port: int = DEFAULT_PORT) -> None:
    """Create what Airflow needs before it starts: manifest, metadata database, pool.

    Raises:
        ManifestError: dbt found an error in the project.
        CommandFailedError: Airflow could not create its database.
    """
    _tell(f"preparing Airflow in {airflow_home()}")
    current_manifest(engine_name())
    for arguments in (
        ("db", "migrate"),
        ("pools", "set", POOL, "1", "The warehouse allows one writer at a time"),
    ):
        finished = subprocess.run(
            [AIRFLOW, *arguments],
            env=process_environment(port),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        if finished.returncode != 0:
            raise CommandFailedError(
                f"'airflow {' '.join(arguments)}' failed\n{finished.stdout}"
            )


def run_airflow(*arguments: str) -> None:
    """Run an Airflow command with its output on the terminal.

    Raises:
        CommandFailedError: It failed. Its output is already on the terminal.
    """
    finished = subprocess.run(
        [AIRFLOW, *arguments], env=process_environment(), check=False
    )
    if finished.returncode != 0:
        raise CommandFailedError(
            f"'airflow {' '.join(arguments)}' failed; the output above says why"
        )


def _tell(line: str) -> None:
    print(f"airflow: {line}", flush=True)
