"""The wheel in somebody's own Airflow: Postgres, two sites, none of our own scripts.

Long, because it installs Airflow into an environment of its own, and builds two
warehouses in full.
"""

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from lab.warehouse import Warehouse
from tests.python.test_dag_scheduler import NOTES, write_site_logs
from tests.python.test_wheel import ENVIRONMENT, install

DAY = "2020-01-01"
ENGINES = {"site_de": "sqlite", "site_fr": "duckdb"}
DAG_FILE = """# An Airflow DAG.
from clip_search.orchestration import clip_search_dag

for site, engine in {engines}.items():
    globals()[site] = clip_search_dag(
        site, logs=f"{folder}/{{site}}/%Y-%m-%d", target=engine,
        database=f"{folder}/{{site}}.db", schedule=None, pool=site,
    )
"""
SECONDS_TO_WAIT = 600


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def postgres(folder: Path) -> Iterator[str]:
    """A new Postgres; its address."""
    programs = next(Path("/usr/lib/postgresql").glob("*/bin"), None)
    if programs is None:
        pytest.skip("no Postgres on this machine: apt-get install postgresql")
    folder.mkdir()
    # Postgres refuses to run as root; its package has created a user.
    as_user: list[str] = []
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres")
        as_user = ["runuser", "-u", "postgres", "--"]
        for parent in folder.parents[:-2]:
            parent.chmod(parent.stat().st_mode | 0o011)
    port = free_port()
    data = folder / "data"
    options = f"-p {port} -c listen_addresses=127.0.0.1 -k {folder}"
    initdb = [programs / "initdb", "-D", data, "-U", "airflow", "-A", "trust"]
    subprocess.run([*as_user, *initdb], check=True, capture_output=True)
    server = [*as_user, programs / "pg_ctl", "-D", data]
    subprocess.run(
        [*server, "-w", "-l", folder / "log", "-o", options, "start"],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    try:
        create = ["-h", "127.0.0.1", "-p", str(port), "-U", "airflow", "airflow"]
        subprocess.run([programs / "createdb", *create], check=True)
        yield f"127.0.0.1:{port}/airflow"
    finally:
        subprocess.run([*server, "-m", "fast", "stop"], check=True, capture_output=True)


@contextmanager
def started(
    command: list[str | Path], environment: dict[str, str], log: Path
) -> Iterator[None]:
    with log.open("w") as output:
        process = subprocess.Popen(
            command,
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        yield
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A virtual environment with the wheel and Airflow."""
    folder = tmp_path_factory.mktemp("own_airflow")
    return install(folder, "[airflow,duckdb]", "psycopg2-binary", "asyncpg")


@pytest.mark.long
def test_two_sites_side_by_side_on_postgres(environment: Path, tmp_path: Path) -> None:
    for number, site in enumerate(ENGINES):
        write_site_logs(
            tmp_path / site / DAY,
            *(f"x{n},cats,{DAY}T11:00:00Z,u1,5" for n in [number]),
        )
    home, port = tmp_path / "airflow", free_port()
    (home / "dags").mkdir(parents=True)
    (home / "dags" / "sites.py").write_text(
        DAG_FILE.format(engines=ENGINES, folder=tmp_path)
    )
    with ExitStack() as stack:
        address = stack.enter_context(postgres(tmp_path / "postgres"))
        variables = {
            **{k: v for k, v in ENVIRONMENT.items() if not k.startswith("AIRFLOW")},
            "PATH": f"{environment}{os.pathsep}{os.environ['PATH']}",
            "AIRFLOW_HOME": str(home),
            "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
            "AIRFLOW__CORE__EXECUTOR": "LocalExecutor",
            "AIRFLOW__CORE__PARALLELISM": "4",
            "AIRFLOW__CORE__DAGS_ARE_PAUSED_AT_CREATION": "False",
            "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": (
                f"http://127.0.0.1:{port}/execution/"
            ),
            "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": (
                f"postgresql+psycopg2://airflow@{address}"
            ),
        }

        def airflow(*arguments: str) -> str:
            return subprocess.run(
                [environment / "airflow", *arguments],
                env=variables,
                check=True,
                capture_output=True,
                text=True,
            ).stdout

        airflow("db", "migrate")
        for site in ENGINES:
            airflow("pools", "set", site, "1", "one writer")
        api = ["api-server", "--host", "127.0.0.1", "--port", str(port)]
        for name in (api, ["scheduler", "--skip-serve-logs"], ["dag-processor"]):
            command = [environment / "airflow", *name]
            log = tmp_path / f"{name[0]}.log"
            stack.enter_context(started(command, variables, log))
        wait(lambda: all(site in airflow("dags", "list") for site in ENGINES))
        for site in ENGINES:
            airflow("dags", "trigger", site, "--logical-date", f"{DAY}T00:00:00Z")
        wait(
            lambda: all(
                "success" in airflow("dags", "list-runs", site) for site in ENGINES
            )
        )

    for site, engine in ENGINES.items():
        expected = Warehouse(tmp_path / f"by_hand_{site}" / f"{site}.db", engine=engine)
        expected.database.parent.mkdir()
        expected.load(tmp_path / site / DAY)
        built = expected.run("dbt", "build", "--exclude-resource-type", "unit_test")
        assert built.returncode == 0, built.stdout
        found = Warehouse(tmp_path / f"{site}.db", tmp_path / "target", engine=engine)
        assert found.tables() == expected.tables()
        for table in set(expected.tables()) - NOTES:
            assert found.sorted_rows(table) == expected.sorted_rows(table), table
        pages = home / "clip_search" / site / "pages"
        assert (pages / "static_index.html").is_file()


def wait(is_done: Callable[[], bool]) -> None:
    until = time.monotonic() + SECONDS_TO_WAIT
    while not is_done():
        assert time.monotonic() < until, "Airflow was not done in time"
        time.sleep(2)
