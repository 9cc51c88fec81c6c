"""An Airflow of its own, as `make airflow` starts it, to measure and to look at."""

import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from clip_search.orchestration.environment import DAG_ID
from clip_search.project import PROJECT_ROOT

_TIME_LIMIT = 1200.0


class AirflowError(Exception):
    """Airflow did not do what it was asked; the message says what."""


def environment(folder: Path, **more: str) -> dict[str, str]:
    """The environment of a warehouse and an Airflow below a folder.

    Args:
        folder: The folder, which exists.
        more: More variables.
    """
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("AIRFLOW", "CLIP_SEARCH", "DBT"))
    }
    return {
        **kept,
        "AIRFLOW_HOME": str(folder / "airflow"),
        "CLIP_SEARCH_DATABASE": str(folder / "clip_search.db"),
        "CLIP_SEARCH_SCHEDULE": "",
        **more,
    }


@dataclass(frozen=True)
class Airflow:
    """An Airflow that runs.

    Attributes:
        home: Its folder.
        port: The port of its UI.
        variables: Its environment.
    """

    home: Path
    port: int
    variables: Mapping[str, str]

    def run(self, *options: str) -> tuple[str, float]:
        """Run the DAG once.

        Args:
            options: More options of `airflow dags trigger`.

        Returns:
            The state of the run, and its seconds from start to end.
        """
        run_id = f"run_{time.time_ns()}"
        command = (sys.executable, "-m", "clip_search.orchestration", "airflow")
        subprocess.run(
            [*command, "dags", "trigger", DAG_ID, "--run-id", run_id, *options],
            cwd=PROJECT_ROOT,
            env=self.variables,
            stdout=subprocess.DEVNULL,
            check=True,
        )
        ended = (
            "select state, 86400 * (julianday(end_date) - julianday(start_date))"
            " from dag_run where run_id = ? and end_date is not null"
        )
        _wait(lambda: bool(self.rows(ended, run_id)), "end the run")
        ((state, seconds),) = self.rows(ended, run_id)
        return str(state), float(str(seconds))

    def rows(self, sql: str, *values: str) -> list[tuple[object, ...]]:
        """Rows of its metadata database."""
        uri = f"{(self.home / 'airflow.db').as_uri()}?mode=ro"
        with closing(sqlite3.connect(uri, uri=True, timeout=60)) as connection:
            return connection.execute(sql, values).fetchall()


@contextmanager
def running_airflow(variables: Mapping[str, str]) -> Iterator[Airflow]:
    """Start Airflow, and stop it at the end.

    Args:
        variables: See `environment`.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    airflow = Airflow(Path(variables["AIRFLOW_HOME"]), port, variables)
    output = airflow.home.with_suffix(".log")
    with output.open("w") as file:
        server = subprocess.Popen(
            [
                *(sys.executable, "-u", "-m", "clip_search.orchestration"),
                *("serve", "--port", str(port)),
            ],
            cwd=PROJECT_ROOT,
            env=variables,
            stdout=file,
            stderr=subprocess.STDOUT,
        )

    def is_ready() -> bool:
        if server.poll() is not None:
            raise AirflowError(f"Airflow has ended:\n{output.read_text()}")
        known = "select 1 from serialized_dag where dag_id = ?"
        return "Airflow is up" in output.read_text() and bool(
            airflow.rows(known, DAG_ID)
        )

    try:
        _wait(is_ready, "start")
        yield airflow
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(60)


def _wait(is_done: Callable[[], bool], what: str) -> None:
    until = time.monotonic() + _TIME_LIMIT
    while not is_done():
        if time.monotonic() > until:
            raise AirflowError(f"Airflow did not {what} in time")
        time.sleep(1)
