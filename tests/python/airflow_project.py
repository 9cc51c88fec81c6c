"""A copy of the project with its own Airflow, for tests to break and to run."""

import http.client
import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import psutil

ROOT = Path(__file__).resolve().parents[2]
PARTS = (
    *("analyses", "clip_search", "dags", "docs", "macros", "models", "seeds"),
    *("tests/dbt", "dbt_project.yml", "profiles.yml"),
)
LEFT_OUT = (
    *("models/session", "models/judgment", "models/learned", "models/rewrite"),
    "models/marts",
    *("models/exposures.yml", "seeds/enrichment"),
)
MART_TESTS = (
    "assert_days_add_up_to_the_ledger.sql",
    "assert_evidence_adds_up_to_clicked_pairs.sql",
    "assert_rewrites_are_final.sql",
)
WAIT_SECONDS = 900
DAG = "clip_search"


class AirflowProject:
    """The copied project, Airflow's folder and the warehouse below one folder."""

    def __init__(self, folder: Path, **settings: str) -> None:
        """Copies what the DAG needs; settings are environment variables."""
        self.root = folder / "project"
        self.home = folder / "airflow"
        self.warehouse = folder / "clip_search.db"
        for part in PARTS:
            target = self.root / part
            target.parent.mkdir(parents=True, exist_ok=True)
            if (ROOT / part).is_dir():
                ignored = shutil.ignore_patterns("__pycache__", "*.png", "*.svg")
                shutil.copytree(ROOT / part, target, ignore=ignored)
            else:
                shutil.copy(ROOT / part, target)
        (self.root / "warehouse").mkdir()
        self.environment = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("AIRFLOW", "CLIP_SEARCH", "DBT"))
        } | {
            "AIRFLOW_HOME": str(self.home),
            "CLIP_SEARCH_CACHE": os.environ["CLIP_SEARCH_CACHE"],
            "CLIP_SEARCH_DATABASE": str(self.warehouse),
            "CLIP_SEARCH_SCHEDULE": "",
            # The copy's package comes before the installed one.
            "PYTHONPATH": str(self.root),
            **settings,
        }

    def run(self, *command: str, **more: str) -> subprocess.CompletedProcess[str]:
        """Runs a Python program in the copy; the caller checks the exit code."""
        return subprocess.run(
            [sys.executable, *command],
            cwd=self.root,
            env=self.environment | more,
            capture_output=True,
            text=True,
            check=False,
        )

    def leave_out_marts(self) -> None:
        """Reduces the copy to the clean layer, because each task takes seconds."""
        for name in LEFT_OUT:
            left_out = self.root / name
            if left_out.is_dir():
                shutil.rmtree(left_out)
            else:
                left_out.unlink()
        for test in MART_TESTS:
            (self.root / "tests" / "dbt" / test).unlink()

    def add_dag(self, name: str) -> None:
        """Adds a DAG of the tests to the project's."""
        shutil.copy(ROOT / "tests" / "dag" / name, self.root / "dags")

    def dag(self, *task_id: str, **more: str) -> dict[str, Any]:
        """The DAG file as Airflow parses it, or as the process of a task does."""
        program = ROOT / "tests" / "dag" / "list_tasks.py"
        finished = self.run(str(program), str(self.root / "dags"), *task_id, **more)
        assert finished.returncode == 0, finished.stdout + finished.stderr
        described: dict[str, Any] = json.loads(finished.stdout.splitlines()[-1])
        return described

    def metadata(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        """Rows of Airflow's metadata database."""
        uri = f"{(self.home / 'airflow.db').as_uri()}?mode=ro"
        connection = sqlite3.connect(uri, uri=True, timeout=60)
        try:
            return connection.execute(sql, values).fetchall()
        finally:
            connection.close()

    def states(self, run_id: str, dag_id: str = DAG) -> dict[str, str | None]:
        """The state of each task of a run."""
        return dict(
            self.metadata(
                "select task_id, state from task_instance"
                " where run_id = ? and dag_id = ?",
                *(run_id, dag_id),
            )
        )

    def run_states(self, dag_id: str) -> list[str]:
        """The states of a DAG's runs, in the order of their start."""
        found = self.metadata(
            "select state from dag_run where dag_id = ? order by start_date", dag_id
        )
        return [str(state) for (state,) in found]

    def log(self, run_id: str, task_id: str, dag_id: str = DAG) -> list[str]:
        """The log messages of a task's attempts."""
        folder = self.home / "logs" / f"dag_id={dag_id}" / f"run_id={run_id}"
        lines = []
        for attempt in sorted((folder / f"task_id={task_id}").glob("*.log")):
            lines += [
                str(json.loads(line).get("event"))
                for line in attempt.read_text("utf-8").splitlines()
            ]
        return lines


class RunningAirflow:
    """Airflow as `make airflow` starts it, on a free port."""

    _token = ""

    def __init__(self, project: AirflowProject) -> None:
        """Starts it and waits until the UI is up."""
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.project = project
        self.port = port
        self.output = project.home.with_suffix(".log")
        with self.output.open("w") as output:
            self._server = subprocess.Popen(
                [
                    *(sys.executable, "-u", "-m", "clip_search.orchestration"),
                    *("serve", "--port", str(port)),
                ],
                cwd=project.root,
                env=project.environment,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                umask=0,
            )
        self.wait(lambda: "Airflow is up" in self.output.read_text())

    def wait(self, is_done: Callable[[], bool], pause: float = 1.0) -> None:
        """Waits until something has happened, while Airflow runs."""
        until = time.monotonic() + WAIT_SECONDS
        while not is_done():
            assert self._server.poll() is None, self.output.read_text()
            assert time.monotonic() < until, "Airflow was not done in time"
            time.sleep(pause)

    def wait_for_dags(self, *dag_ids: str) -> None:
        """Waits until Airflow knows the DAGs, and logs in."""
        known = "select dag_id from dag"
        self.wait(
            lambda: set(dag_ids) <= {dag for (dag,) in self.project.metadata(known)}
        )
        self.log_in()

    def trigger(
        self,
        dag_id: str,
        run_id: str,
        logical_day: str | None = None,
        form: Mapping[str, object] | None = None,
    ) -> None:
        """Triggers a run with a logical date, or with values in the form."""
        self.ask(
            "POST",
            f"/api/v2/dags/{dag_id}/dagRuns",
            dag_run_id=run_id,
            logical_date=None if logical_day is None else f"{logical_day}T00:00:00Z",
            conf=dict(form or {}),
        )

    def log_in(self) -> None:
        """Requests a page, with the password that Airflow generated for its admin."""
        passwords = self.project.home / "simple_auth_manager_passwords.json.generated"
        password = json.loads(passwords.read_bytes())["admin"]
        answer = self.ask("POST", "/auth/token", username="admin", password=password)
        self._token = answer["access_token"]

    def page(self, path: str, cookie: str = "") -> tuple[int, str]:
        """What a browser gets that shows a page: the status, and the text or the place.

        Args:
            path: The page's path.
            cookie: The cookie that the browser sends.
        """
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request("GET", path, headers={"Cookie": cookie})
        response = connection.getresponse()
        text = response.read().decode()
        connection.close()
        return response.status, response.headers.get("Location") or text

    def session(self) -> str:
        """The cookie of a browser whose user has logged in."""
        return f"_token={self._token}"

    def ask(self, method: str, path: str, **content: object) -> dict[str, Any]:
        """Calls the UI's API, because a command takes seconds to start."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request(
            method,
            path,
            body=json.dumps(content),
            headers={
                "Content-Type": "application/json",
                "Authorization": f"Bearer {self._token}",
            },
        )
        response = connection.getresponse()
        said = response.read()
        connection.close()
        assert response.status < 300, said
        answer: dict[str, Any] = json.loads(said)
        return answer

    def listening(self) -> set[str]:
        """The addresses on which any of its processes listens."""
        return {
            connection.laddr.ip
            for process in self.processes()
            for connection in process.net_connections("inet")
            if connection.status == psutil.CONN_LISTEN
        }

    def stop(self, number: int = signal.SIGINT) -> int:
        """Stops it as Ctrl-C or another signal does; returns the exit code."""
        self._server.send_signal(number)
        return self._server.wait(timeout=120)

    def ended(self) -> int:
        """Waits until it has ended by itself; returns the exit code."""
        return self._server.wait(timeout=120)

    def kill(self) -> None:
        """Stops whatever a failed test has left running."""
        for process in self.processes():
            process.kill()

    def processes(self) -> list[psutil.Process]:
        """All processes that run in the copied project."""
        return processes_in(self.project.root)


def processes_in(folder: Path) -> list[psutil.Process]:
    """All processes whose current folder is in this one."""
    found = []
    for process in psutil.process_iter():
        try:
            if Path(process.cwd()).is_relative_to(folder):
                found.append(process)
        except (psutil.Error, OSError):
            continue
    return found
