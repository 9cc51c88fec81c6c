"""Measures a scheduled run of the sample beside `clip-search run`, one after the other.

    python -m lab.benchmarks.dag

Both begin with a new warehouse. Airflow is started as `make airflow` does; its own
start is not measured, as a scheduler is always up. A run's time is from its start to
its end as Airflow records them. Nothing else should run on the machine.
"""

import os
import shutil
import signal
import socket
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path

import typer

from clip_search.orchestration.environment import DAG_ID
from clip_search.project import PROJECT_ROOT
from lab.benchmarks.runners import PROGRAMS

GOAL_RATIO = 3.0
GOAL_NOTHING_NEW = 45.0
_TIME_LIMIT = 1200.0


class MeasureError(Exception):
    """Airflow did not do what it was asked; the message says what."""


def measure(rounds: int) -> None:
    """Print the wall seconds of both, and of a run with nothing new, as a table."""
    by_hand, scheduled, nothing_new = [], [], []
    for number in range(1, rounds + 1):
        with tempfile.TemporaryDirectory() as scratch:
            by_hand.append(_run_by_hand(Path(scratch) / "by_hand"))
            first, second = _run_scheduled(Path(scratch) / "scheduled")
        scheduled.append(first)
        nothing_new.append(second)
        print(
            f"round {number}: by hand {by_hand[-1]:.1f} s, scheduled {first:.1f} s,"
            f" nothing new {second:.1f} s",
            flush=True,
        )
    base, run, idle = map(statistics.median, (by_hand, scheduled, nothing_new))
    print(
        "\n| the sample, from a new warehouse | wall s | times `make run` |\n"
        "|---|---|---|\n"
        f"| `make run` | {base:.0f} | 1 |\n"
        f"| a scheduled run | {run:.0f} | {run / base:.1f} (goal {GOAL_RATIO:g}) |\n"
        f"| a scheduled run with nothing new | {idle:.0f} | (goal"
        f" {GOAL_NOTHING_NEW:g} s) |"
    )


def _run_by_hand(folder: Path) -> float:
    folder.mkdir()
    began = time.monotonic()
    subprocess.run(
        [str(PROGRAMS / "clip-search"), "run"],
        cwd=PROJECT_ROOT,
        env=_environment(folder) | {"DBT_TARGET_PATH": str(folder / "target")},
        stdout=subprocess.DEVNULL,
        check=True,
    )
    return time.monotonic() - began


def _run_scheduled(folder: Path) -> tuple[float, float]:
    """The seconds of a run, and of a second one with nothing new."""
    folder.mkdir()
    environment = _environment(folder) | {"AIRFLOW_HOME": str(folder / "airflow")}
    with _airflow(folder, environment):
        return _triggered(folder, environment), _triggered(folder, environment)


def _environment(folder: Path) -> dict[str, str]:
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("AIRFLOW", "CLIP_SEARCH", "DBT"))
    }
    return kept | {
        "CLIP_SEARCH_DATABASE": str(folder / "clip_search.db"),
        "CLIP_SEARCH_SCHEDULE": "",
    }


@contextmanager
def _airflow(folder: Path, environment: Mapping[str, str]) -> Iterator[None]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    output = folder / "output"
    with output.open("w") as file:
        server = subprocess.Popen(
            [
                *(sys.executable, "-u", "-m", "clip_search.orchestration"),
                *("serve", "--port", str(port)),
            ],
            cwd=PROJECT_ROOT,
            env=environment,
            stdout=file,
            stderr=subprocess.STDOUT,
        )
    try:
        _wait(lambda: "Airflow is up" in output.read_text(), server, "start")
        known = "select 1 from serialized_dag where dag_id = ?"
        _wait(lambda: bool(_rows(folder, known, DAG_ID)), server, "find the DAG")
        yield
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(60)
        shutil.rmtree(folder / "airflow" / "logs", ignore_errors=True)


def _triggered(folder: Path, environment: Mapping[str, str]) -> float:
    run_id = f"measured_{time.time_ns()}"
    subprocess.run(
        [
            *(sys.executable, "-m", "clip_search.orchestration", "airflow"),
            *("dags", "trigger", DAG_ID, "--run-id", run_id),
        ],
        cwd=PROJECT_ROOT,
        env=environment,
        stdout=subprocess.DEVNULL,
        check=True,
    )
    seconds = "(julianday(end_date) - julianday(start_date)) * 86400"
    ended = f"select state, {seconds} from dag_run where run_id = ? and end_date > 0"  # noqa: S608
    _wait(lambda: bool(_rows(folder, ended, run_id)), None, "end the run")
    ((state, duration),) = _rows(folder, ended, run_id)
    if state != "success":
        raise MeasureError(f"the run of the DAG is {state}")
    return float(str(duration))


def _rows(folder: Path, sql: str, *values: str) -> list[tuple[object, ...]]:
    uri = f"{(folder / 'airflow' / 'airflow.db').as_uri()}?mode=ro"
    with closing(sqlite3.connect(uri, uri=True, timeout=60)) as connection:
        return connection.execute(sql, values).fetchall()


def _wait(
    is_done: Callable[[], bool], server: subprocess.Popen[bytes] | None, what: str
) -> None:
    until = time.monotonic() + _TIME_LIMIT
    while not is_done():
        if time.monotonic() > until or (server and server.poll() is not None):
            raise MeasureError(f"Airflow did not {what}")
        time.sleep(1)


def _command(
    rounds: int = typer.Option(3, min=1, help="How often; the median counts."),
) -> None:
    """Measure a scheduled run of the sample beside `clip-search run`."""
    measure(rounds)


if __name__ == "__main__":
    typer.run(_command)
