"""Runs Airflow on one machine until it is told to stop, and leaves no process running.

`airflow standalone` cannot do this: on SIGTERM it leaves its components running, and
its log servers listen on every address of the machine.
"""

import json
import math
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

from clip_search.orchestration.airflow_commands import (
    AIRFLOW,
    CommandFailedError,
    prepare,
    process_environment,
)
from clip_search.orchestration.environment import airflow_home
from clip_search.orchestration.guardian import Guard, Process

START_SECONDS = 180
# The UI reads logs from disk, so no component needs to serve them.
_COMPONENTS = {
    "api-server": (AIRFLOW, "api-server"),
    "scheduler": (
        *(sys.executable, "-m", "clip_search.orchestration.warm_scheduler"),
        "--skip-serve-logs",
    ),
    "dag-processor": (AIRFLOW, "dag-processor"),
    "triggerer": (AIRFLOW, "triggerer", "--skip-serve-logs"),
}


class PortTakenError(Exception):
    """Another program is already listening on the port."""


def serve(port: int) -> None:
    """Start Airflow, say where it is, and run it until it is told to stop.

    What tells it: Ctrl-C, SIGTERM, SIGHUP, or the end of the process that started it.

    Args:
        port: The port of the UI and the tasks' API, on this machine only.

    Raises:
        PortTakenError: Another program is listening on it.
        ManifestError: dbt found an error in the project.
        CommandFailedError: Airflow could not create its database, did not start, or
            ended by itself.
    """
    with socket.socket() as probe:
        if probe.connect_ex(("127.0.0.1", port)) == 0:
            raise PortTakenError(
                f"port {port} is used by another program; choose another one: "
                "make airflow PORT=8081"
            )
    with Guard() as guard:
        try:
            _run(port, guard)
        except KeyboardInterrupt:
            print("\nairflow: stopping", flush=True)
    print("airflow: all components have stopped", flush=True)


def _run(port: int, guard: Guard) -> None:
    prepare(port)
    processes = {"guardian": guard.guardian}
    # Tasks call the API server, so it must be up before the first one starts.
    for names in (("api-server",), ("scheduler", "dag-processor", "triggerer")):
        for name in names:
            processes[name] = _start(name, port)
            guard.add(processes[name])
        _wait(partial(_is_healthy, port, names), processes, START_SECONDS)
    _announce(port)
    _wait(lambda: False, processes)


def _start(name: str, port: int) -> Process:
    print(f"airflow: starting the {name}", flush=True)
    _log_folder().mkdir(parents=True, exist_ok=True)
    with (_log_folder() / f"{name}.log").open("ab") as log:
        # In its own session, a component does not get the terminal's Ctrl-C, and the
        # guard finds what it has started.
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
    processes: Mapping[str, Process],
    seconds: float = math.inf,
) -> None:
    """Wait until `is_done`; raise if a process ends or the time is up."""
    until = time.monotonic() + seconds
    while not is_done():
        time.sleep(1)
        for name, process in processes.items():
            if process.poll() is not None:
                raise CommandFailedError(
                    f"the {name} ended unexpectedly; read {_log_folder()}"
                )
        if time.monotonic() > until:
            raise CommandFailedError(f"not up after {seconds} s; read {_log_folder()}")


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
    address = f"http://127.0.0.1:{port}"
    print(
        f"""
Airflow is up, on this machine only. Ctrl-C stops it.

  the DAG      {address}/dags/clip_search
  the dbt docs {address}/cosmos/clip_search/dbt_docs (after the first run)
  the report   {address}/cosmos/clip_search_report/dbt_docs (what the logs tell)
  log in       {_log_in()}
  logs         {_log_folder()}
""",
        flush=True,
    )


def _log_in() -> str:
    """How to log in; a deployment may have its own way."""
    passwords = airflow_home() / "simple_auth_manager_passwords.json.generated"
    try:
        password = json.loads(passwords.read_text(encoding="utf-8"))["admin"]
    except (OSError, ValueError, KeyError):
        return "as Airflow is configured"
    return f"as admin, password {password}"


def _log_folder() -> Path:
    return airflow_home() / "logs" / "components"
