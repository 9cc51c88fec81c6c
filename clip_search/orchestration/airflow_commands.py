"""Airflow's own commands, run on the folder that holds its state."""

import os
import subprocess
import sys
from pathlib import Path

from clip_search.orchestration.environment import (
    DEFAULT_PORT,
    POOL,
    airflow_environment,
    airflow_home,
)
from clip_search.orchestration.manifest import write_manifest

AIRFLOW = str(Path(sys.executable).parent / "airflow")


class CommandFailedError(Exception):
    """A command of Airflow ended with an error; the message is what it printed."""


def process_environment(port: int = DEFAULT_PORT) -> dict[str, str]:
    """The whole environment of an Airflow process."""
    # Airflow starts programs of its own by name, so this environment's come first.
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"
    return {**os.environ, **airflow_environment(port), "PATH": path}


def prepare(port: int = DEFAULT_PORT) -> None:
    """Make what Airflow needs before it starts: manifest, metadata database, pool.

    Raises:
        ManifestError: dbt found a mistake in the project.
        CommandFailedError: Airflow could not make its database.
    """
    _tell(f"making Airflow's state in {airflow_home()}")
    write_manifest()
    for arguments in (
        ("db", "migrate"),
        ("pools", "set", POOL, "1", "The warehouse has one writer at a time"),
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
    """Run a command of Airflow, whose output goes to the terminal.

    Raises:
        CommandFailedError: It failed. What it said is on the terminal already.
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
