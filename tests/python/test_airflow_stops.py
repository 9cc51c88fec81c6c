"""However Airflow ends, nothing of it keeps running: real processes, real signals.

Each test ends it while a task is running that ignores SIGTERM. They are long, because a
start takes half a minute. SIGTERM after the last task is part of `make test`:
test_dag_scheduler.py.
"""

import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.python.airflow_project import (
    ROOT,
    AirflowProject,
    RunningAirflow,
    processes_in,
)

LEFT_SECONDS = 30
START_SECONDS = 300
# A test run, of which Airflow is a part as in test_dag_scheduler.py.
STARTS_AIRFLOW = """
import time
from pathlib import Path
from tests.python.test_airflow_stops import start

def test_it():
    start(Path({folder!r}))
    time.sleep(600)
"""


def start(folder: Path) -> RunningAirflow:
    """Starts Airflow with the stubborn DAG only, whose run begins by itself."""
    dags = folder / "dags"
    dags.mkdir()
    shutil.copy(ROOT / "tests" / "dag" / "stubborn.py", dags)
    return RunningAirflow(AirflowProject(folder, AIRFLOW__CORE__DAGS_FOLDER=str(dags)))


def is_task_running(folder: Path) -> bool:
    return (folder / "airflow" / "is_running").exists()


def left_running(folder: Path, ended: float) -> list[str]:
    """What still runs this many seconds after the end."""
    while (left := processes_in(folder)) and time.monotonic() < ended + LEFT_SECONDS:
        time.sleep(0.5)
    return [str(process) for process in left]


@pytest.fixture
def running(tmp_path: Path) -> Iterator[RunningAirflow]:
    airflow = start(tmp_path)
    try:
        airflow.wait(lambda: is_task_running(tmp_path))
        yield airflow
    finally:
        airflow.kill()


@pytest.mark.long
@pytest.mark.parametrize(
    ("number", "exit_code"),
    [
        (signal.SIGTERM, 0),
        (signal.SIGINT, 0),
        (signal.SIGKILL, -signal.SIGKILL),
    ],
)
def test_a_signal_to_the_server_ends_every_process(
    running: RunningAirflow, tmp_path: Path, number: int, exit_code: int
) -> None:
    ended = time.monotonic()

    assert running.stop(number) == exit_code

    assert left_running(tmp_path, ended) == []
    # As the next server does it: the port's old connections do not matter.
    socket.create_server(("127.0.0.1", running.port)).close()


# Long, because it is all the same to the server which signal ended its parent; what
# differs is how soon the workers of pytest-xdist end after pytest.
@pytest.mark.long
@pytest.mark.parametrize(
    ("workers", "number"), [("0", signal.SIGKILL), ("2", signal.SIGTERM)]
)
def test_the_end_of_a_test_run_ends_every_process(
    tmp_path: Path, workers: str, number: int
) -> None:
    program = tmp_path / "test_it.py"
    program.write_text(STARTS_AIRFLOW.format(folder=str(tmp_path)))
    pytest_run = subprocess.Popen(
        [
            *(sys.executable, "-m", "pytest", "-c", ROOT / "pyproject.toml", program),
            *("--numprocesses", workers, "--basetemp", tmp_path / "temporary"),
        ],
        cwd=ROOT,
    )
    try:
        until = time.monotonic() + START_SECONDS
        while not is_task_running(tmp_path):
            assert pytest_run.poll() is None
            assert time.monotonic() < until
            time.sleep(0.5)
        ended = time.monotonic()

        pytest_run.send_signal(number)

        assert pytest_run.wait(LEFT_SECONDS) == -number
        assert left_running(tmp_path, ended) == []
    finally:
        pytest_run.kill()
        for process in processes_in(tmp_path):
            process.kill()
