"""Runs Airflow on one machine: scheduler, DAG processor and UI, until Ctrl-C."""

import json
import math
import signal
import socket
import subprocess
import threading
import time
import urllib.request
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from types import FrameType

import psutil

from clip_search.orchestration.airflow_commands import (
    AIRFLOW,
    prepare,
    process_environment,
)
from clip_search.orchestration.environment import airflow_home

START_SECONDS = 180
STOP_SECONDS = 20
# The UI reads logs from disk, so no component needs to serve them.
_COMPONENTS = {
    "api-server": (AIRFLOW, "api-server"),
    "scheduler": (AIRFLOW, "scheduler", "--skip-serve-logs"),
    "dag-processor": (AIRFLOW, "dag-processor"),
    "triggerer": (AIRFLOW, "triggerer", "--skip-serve-logs"),
}


Component = subprocess.Popen[bytes]


class PortTakenError(Exception):
    """Another program is already listening on the port."""


class _StoppedError(Exception):
    """Why Airflow stops; the message is for the user."""


def serve(port: int) -> None:
    """Start Airflow, say where it is, and stop all of it on Ctrl-C or SIGTERM.

    Args:
        port: The port of the UI and the tasks' API, on this machine only.

    Raises:
        PortTakenError: Another program is listening on it.
        ManifestError: dbt found an error in the project.
        CommandFailedError: Airflow could not create its database.
    """
    with socket.socket() as probe:
        if probe.connect_ex(("127.0.0.1", port)) == 0:
            raise PortTakenError(
                f"port {port} is used by another program; choose another one: "
                "make airflow PORT=8081"
            )
    stopping = threading.Event()

    def stop(_signal: int, _frame: FrameType | None) -> None:
        stopping.set()

    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGTERM, stop)
    prepare(port)
    processes: list[Component] = []
    try:
        # Tasks call the API server, so it must be up before the first one starts.
        for names in (("api-server",), ("scheduler", "dag-processor", "triggerer")):
            processes.extend(_start(name, port) for name in names)
            _wait(partial(_is_healthy, port, names), processes, stopping)
        _announce(port)
        _wait(lambda: False, processes, stopping, seconds=None)
    except _StoppedError as error:
        print(f"\nairflow: {error}", flush=True)
    finally:
        _stop(processes)
        print("airflow: all components have stopped", flush=True)


def _start(name: str, port: int) -> Component:
    print(f"airflow: starting the {name}", flush=True)
    _log_folder().mkdir(parents=True, exist_ok=True)
    with (_log_folder() / f"{name}.log").open("ab") as log:
        # In its own session, a component does not get the terminal's Ctrl-C, so it is
        # stopped only once, and in order.
        return subprocess.Popen(
            _COMPONENTS[name],
            env=process_environment(port),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )


def _wait(
    is_done: Callable[[], bool],
    processes: Sequence[Component],
    stopping: threading.Event,
    seconds: float | None = START_SECONDS,
) -> None:
    """Wait until `is_done`; raise if a component ends or the time is up."""
    until = math.inf if seconds is None else time.monotonic() + seconds
    while not is_done():
        if stopping.wait(1):
            raise _StoppedError("stopping")
        if any(process.poll() is not None for process in processes):
            raise _StoppedError(f"a component ended unexpectedly; read {_log_folder()}")
        if time.monotonic() > until:
            raise _StoppedError(f"not up after {seconds} s; read {_log_folder()}")


def _stop(processes: Sequence[Component]) -> None:
    """Stop the components and all processes they have started."""
    family = []
    for process in processes:
        if process.poll() is None:
            parent = psutil.Process(process.pid)
            family.extend([parent, *parent.children(recursive=True)])
            process.terminate()
    _, alive = psutil.wait_procs(family, timeout=STOP_SECONDS)
    for process in alive:
        process.kill()
    psutil.wait_procs(alive, timeout=STOP_SECONDS)


def _is_healthy(port: int, names: Sequence[str]) -> bool:
    url = f"http://127.0.0.1:{port}/api/v2/monitor/health"
    try:
        with urllib.request.urlopen(url, timeout=5) as response:
            health = json.load(response)
    except (OSError, ValueError):
        return False
    # The API server is what answers here; the heartbeats show the others.
    others = [name.replace("-", "_") for name in names if name != "api-server"]
    return all(health[name]["status"] == "healthy" for name in others)


def _announce(port: int) -> None:
    passwords = airflow_home() / "simple_auth_manager_passwords.json.generated"
    password = json.loads(passwords.read_text(encoding="utf-8"))["admin"]
    address = f"http://127.0.0.1:{port}"
    print(
        f"""
Airflow is up, on this machine only. Ctrl-C stops it.

  the DAG      {address}/dags/clip_search
  the dbt docs {address}/cosmos/clip_search/dbt_docs (after the first run)
  the report   {address}/cosmos/clip_search_report/dbt_docs (what the logs tell)
  log in as    admin, password {password}
  logs         {_log_folder()}
""",
        flush=True,
    )


def _log_folder() -> Path:
    return airflow_home() / "logs" / "components"
