"""A Spark cluster builds the same tables, or is refused with a reason."""

import csv
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import psutil
import pytest

from clip_search.engines import spark_cluster as client
from clip_search.engines.spark_generations import (
    TableState,
    VersionedTable,
    new_suffix,
)
from clip_search.text_rules import normalize_query_text, redact_text
from lab import parity
from lab.cluster import Cluster, Sizes, descendants, is_possible, spark_cluster
from lab.warehouse import CLEAN_LAYER, CLEAN_TABLES, Warehouse

# Starts a cluster.
pytestmark = pytest.mark.slow

needs_spark = pytest.mark.skipif(not is_possible(), reason="Spark is not installed")
SEARCHES = "3000"
HARMLESS = "mail ann＠example．com or +49 170 1234567"


def test_the_text_rules_run_from_the_shipped_file_alone(tmp_path: Path) -> None:
    package = tmp_path / "rules.zip"
    client.write_text_rules(package)
    program = (
        f"import sys; sys.path.insert(0, {str(package)!r})\n"
        "from clip_search import text_rules as rules\n"
        f"text = {HARMLESS!r}\n"
        "print(rules.__file__, rules.redact_text(text),"
        " rules.normalize_query_text(text), sep='\\n')"
    )
    # Neither installed packages nor the folder of this project.
    told = subprocess.run(
        [sys.executable, "-I", "-S", "-c", program],
        cwd=tmp_path, capture_output=True, text=True, check=True,
    ).stdout.splitlines()  # fmt: skip
    assert told[0].startswith(str(package))
    assert told[1:] == [redact_text(HARMLESS), normalize_query_text(HARMLESS)]
    assert told[1] == "mail [email] or [phone]"


@pytest.mark.parametrize(
    ("address", "problem"),
    [
        ("localhost:15002", "which is no address"),
        ("http://localhost:15002", "which is no address"),
        ("sc://localhost:port", "which is no address"),
        ("sc://127.0.0.1:1", "there is no Spark Connect server at 127.0.0.1:1"),
    ],
)
def test_an_address_without_a_server_is_refused(
    address: str, problem: str, tmp_path: Path
) -> None:
    with pytest.raises(client.ClusterRefusedError, match=problem) as refused:
        client.connected_session(address, tmp_path, writes=False)
    assert "sc://host:15002" in refused.value.remedy or "-- COMMAND" in str(
        refused.value
    )


@pytest.mark.parametrize("name", ["a b", "Logs", "a.b", "a`b", "1a"])
def test_a_schema_has_a_plain_name(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLIP_SEARCH_SPARK_SCHEMA", name)
    with pytest.raises(client.ClusterRefusedError, match="not a plain name"):
        client.schema_name()


# --- a cluster on this machine: starting it takes longer than most tests ------------


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    folder = tmp_path_factory.mktemp("cluster")
    with spark_cluster(folder / "shared", folder) as running:
        yield running


@pytest.fixture
def session(cluster: Cluster) -> Iterator[Any]:
    """The session of this process, as `clip-search` would have it."""
    made = client.connected_session(cluster.remote, cluster.storage, writes=False)
    yield made
    made.stop()


@pytest.fixture(scope="module")
def logs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Simulated logs, and some queries that Spark would take for variables."""
    folder = tmp_path_factory.mktemp("logs")
    finished = Warehouse(folder / "none.db").run(
        "clip-search", "simulate", "--seed", "31", "--requests", SEARCHES,
        "--malformed", "--no-key", "--out", str(folder),
    )  # fmt: skip
    assert finished.returncode == 0, finished.stderr
    with (folder / "search_request_typed.csv").open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["search_id", "search_query", "ts", "cuid", "total"])
        for number, query in enumerate(("${HOME}", "${hivevar:a}", "'; --", r"a\nb")):
            ts = f"2020-03-10T12:00:0{number}Z"
            rows.writerow([f"typed-{number}", query, ts, "someone", "1"])
    return folder


def on_cluster(
    cluster: Cluster, *command: str, **variables: str
) -> subprocess.CompletedProcess[str]:
    """Runs a command, as `clip-search cluster -- COMMAND` would."""
    warehouse = Warehouse(cluster.storage, cluster.scratch / "target", engine="spark")
    with pytest.MonkeyPatch.context() as patched:
        for name, value in {**cluster.variables, **variables}.items():
            patched.setenv(name, value)
        return warehouse.run(*command)


def built(cluster: Cluster, *selected: str) -> subprocess.CompletedProcess[str]:
    return on_cluster(
        cluster, "dbt", "--quiet", "build", *selected, "--exclude-resource-types",
        "unit_test", "test",
    )  # fmt: skip


def fingerprints(
    cluster: Cluster, tables: Sequence[str] = parity.TABLES
) -> dict[str, parity.Fingerprint]:
    with pytest.MonkeyPatch.context() as patched:
        for name, value in cluster.variables.items():
            patched.setenv(name, value)
        return parity.fingerprints("spark", cluster.storage, tables)


@pytest.mark.long
@needs_spark
def test_the_sample_is_never_built(cluster: Cluster) -> None:
    told = built(cluster)
    assert told.returncode != 0
    assert "no logs were ever loaded into the schema clip_search" in told.stdout
    assert "clip-search load DIR" in told.stdout


@pytest.mark.long
@needs_spark
def test_a_setting_that_a_server_keeps_is_refused(session: Any) -> None:
    with pytest.raises(client.ClusterRefusedError, match="is UTC, and stays so"):
        client.check_settings(session, {"spark.sql.session.timeZone": "Asia/Tokyo"})
    session.conf.set("spark.sql.variable.substitute", "true")
    try:
        with pytest.raises(client.ClusterRefusedError, match="reads SQL in another"):
            client.check_settings(session, {})
    finally:
        session.conf.set("spark.sql.variable.substitute", "false")
    client.check_settings(session, client.SETTINGS)


@pytest.mark.long
@needs_spark
def test_executors_run_the_rules_that_were_sent(session: Any) -> None:
    from pyspark.sql.functions import udf

    def place_of_rules() -> str:
        import clip_search.text_rules

        return clip_search.text_rules.__file__

    asked = session.range(1).select(udf(place_of_rules, "string")())
    found = str(asked.collect()[0][0])
    assert ".zip/clip_search/text_rules" in found


@pytest.mark.long
@needs_spark
def test_another_folder_than_that_of_the_schema_is_refused(
    cluster: Cluster, session: Any, tmp_path: Path
) -> None:
    with pytest.raises(client.ClusterRefusedError, match="holds tables in"):
        client.connected_session(cluster.remote, tmp_path, writes=False)


class Replaced:
    """A table whose thousand rows all hold the same number."""

    def __init__(self, session: Any) -> None:
        """Creates it with the number 0."""
        self._session = session
        self._schema = client.schema_name()
        self._state = TableState(new_suffix("v"))
        self.table = VersionedTable(
            lambda statement: session.sql(statement).collect(), "replaced", self._schema
        )
        self._create("", 0)
        self.table.show(self._state)

    def replace(self, number: int) -> None:
        """Replaces all rows, as a full build does each fifth time, or an increment."""
        if number % 5 == 0:
            self._state = TableState(new_suffix("v"))
            self._create("", number)
        else:
            generation = new_suffix("g")
            self._create(generation, number)
            self._create(f"{generation}__gone", None)
            generations = (*self._state.generations, generation)
            self._state = replace(self._state, generations=generations)
        self.table.show(self._state)
        self.table.drop_unshown(self._state, kept_versions=2)

    def _create(self, suffix: str, number: int | None) -> None:
        value = "cast(null as int) as file_id" if number is None else f"{number} as n"
        self._session.sql(
            f"create table {self._schema}.replaced{self._state.version}{suffix}"
            f" using parquet as select cast(id as string) as search_id, {value}"
            " from range(0, 1000, 1, 1)"
        )


@pytest.mark.long
@needs_spark
def test_readers_see_whole_tables_while_they_are_replaced(session: Any) -> None:
    """Fifty times, without an error or a partial count."""
    replaced = Replaced(session)
    is_over = threading.Event()
    seen: list[Any] = []

    def read() -> None:
        query = "select count(*), count(distinct n), min(n) from replaced"
        while not is_over.is_set():
            try:
                seen.append(tuple(session.sql(query).collect()[0]))
            except Exception as error:
                seen.append((error, None, None))

    reading = threading.Thread(target=read)
    reading.start()
    try:
        for number in range(1, 51):
            read_before = len(seen)
            replaced.replace(number)
            # A build takes much longer than this query: none outlives two of them.
            while len(seen) == read_before and reading.is_alive():
                time.sleep(0.05)
    finally:
        is_over.set()
        reading.join()
    assert [row[:2] for row in seen] == [(1000, 1)] * len(seen)
    numbers = [number for *_, number in seen]
    assert numbers == sorted(numbers)
    assert len(set(numbers)) > 25


CHECKED = (
    "int_search_request_checked",
    "int_search_result_interaction_checked",
    "int_search_result_shown_checked",
)


@pytest.fixture(scope="module")
def expected(
    logs: Path, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, parity.Fingerprint]:
    """What DuckDB makes of the logs."""
    database = parity.build_on("duckdb", tmp_path_factory.mktemp("duckdb"), logs)
    return parity.fingerprints("duckdb", database)


# Five minutes of building: Spark plans and starts for each of many small tables.
@pytest.mark.long
@needs_spark
def test_a_cluster_builds_what_duckdb_builds_though_workers_are_killed(
    cluster: Cluster, logs: Path, expected: dict[str, parity.Fingerprint]
) -> None:
    """In each checked model, a worker and its executor get SIGKILL; another joins."""
    loaded = on_cluster(cluster, "clip-search", "load", str(logs))
    assert loaded.returncode == 0, loaded.stderr
    killed: list[str] = []
    is_over = threading.Event()

    def kill_some() -> None:
        for number, name in enumerate(CHECKED):
            while not any(cluster.storage.glob(f"tables/*/{name}__v*")):
                if is_over.wait(0.1):
                    return
            worker = cluster.workers[number]
            for process in (*descendants(worker.pid), psutil.Process(worker.pid)):
                with suppress(psutil.NoSuchProcess):
                    process.kill()
            cluster.start_worker()
            killed.append(name)

    killing = threading.Thread(target=kill_some)
    killing.start()
    try:
        finished = built(cluster, "--select", CLEAN_LAYER)
    finally:
        is_over.set()
        killing.join()
    assert finished.returncode == 0, finished.stdout
    assert killed == list(CHECKED)
    assert all(worker.wait(5) != 0 for worker in cluster.workers[: len(CHECKED)])
    clean = {name: expected[name] for name in parity.CLEAN_LAYER}
    assert fingerprints(cluster, parity.CLEAN_LAYER) == clean
    assert expected["clean_search_request"].row_count > int(SEARCHES) / 2
    shown = on_cluster(cluster, "clip-search", "status")
    assert shown.returncode == 0, shown.stderr


@pytest.mark.long
@needs_spark
def test_logs_in_another_schema_never_give_the_sample(
    cluster: Cluster, session: Any
) -> None:
    """Needs the load of the test before."""
    assert session.sql("select count(*) from load_record").collect()[0][0] > 0
    told = on_cluster(
        cluster, "dbt", "--quiet", "run", "--select", "clean_search_request",
        CLIP_SEARCH_SPARK_SCHEMA="another",
    )  # fmt: skip
    assert told.returncode != 0
    assert "no logs were ever loaded into the schema another" in told.stdout
    assert not session.catalog.tableExists("another.clean_search_request")


# Ten minutes or more, for the same reason.
@pytest.mark.long
@needs_spark
def test_a_cluster_builds_the_marts_that_duckdb_builds(
    cluster: Cluster, expected: dict[str, parity.Fingerprint]
) -> None:
    """Needs the load of the tests before."""
    finished = built(cluster)
    assert finished.returncode == 0, finished.stdout
    assert fingerprints(cluster) == expected


@pytest.mark.long
@needs_spark
def test_a_file_is_unloaded_from_a_cluster_and_leaves_its_tables(
    cluster: Cluster, session: Any, logs: Path
) -> None:
    """An increment over Spark Connect. Needs the build of the tests before."""

    def typed(table: str) -> int:
        query = f"select count(*) from {table} where search_id like 'typed-%'"
        return int(session.sql(query).collect()[0][0])

    assert typed("landed_search_request") == typed("clean_search_request") == 4
    told = on_cluster(
        cluster, "clip-search", "unload", str(logs / "search_request_typed.csv")
    )
    assert told.returncode == 0, told.stderr
    assert typed("landed_search_request") == 0
    assert typed("clean_search_request") == 4
    searches = session.table("clean_search_request").count()
    built = on_cluster(cluster, "dbt", "--quiet", "run", "--select", CLEAN_TABLES)
    assert built.returncode == 0, built.stdout
    assert typed("clean_search_request") == 0
    assert session.table("clean_search_request").count() == searches - 4
    table = VersionedTable(
        lambda statement: session.sql(statement).collect(), "clean_search_request"
    )
    state = table.state()
    assert state is not None
    assert len(state.generations) == 1


@pytest.mark.long
@needs_spark
@pytest.mark.skipif(
    shutil.which("unshare") is None
    or subprocess.run(["unshare", "--mount", "true"], check=False).returncode != 0,
    reason="only root can give a worker a mount of its own",
)
def test_a_worker_without_the_shared_storage_is_refused(
    logs: Path, tmp_path: Path
) -> None:
    """Also if it joins after the storage was checked."""
    storage = tmp_path / "shared"
    with spark_cluster(storage, tmp_path, Sizes(workers=1)) as cluster:
        session = client.connected_session(cluster.remote, storage, writes=True)
        own = f'mount -t tmpfs none {storage} && mkdir {storage}/tables && exec "$@"'
        cluster.start_worker(["unshare", "--mount", "sh", "-c", own, "worker"])
        session.udf.register("slow", client._slowly(0.005), "long")
        query = "select slow(id) as id from range(0, 1000, 1, 40)"
        until = time.monotonic() + 120
        with pytest.raises(client.ClusterRefusedError, match="its files hold"):
            while time.monotonic() < until:
                client.create_counted_table(session, "clip_search.late", query)
                session.sql("drop table clip_search.late")
        assert not session.catalog.tableExists("clip_search.late")
        with pytest.raises(client.ClusterRefusedError, match=r"read back|does not see"):
            client.check_storage(session, storage)
        session.stop()
        told = on_cluster(cluster, "clip-search", "load", str(logs))
        assert told.returncode != 0
        assert "Mount the same storage at th" in told.stderr


@pytest.mark.long
@needs_spark
def test_an_interrupted_cluster_stops_all_of_its_processes(tmp_path: Path) -> None:
    warehouse = Warehouse(tmp_path / "shared", engine="spark")
    with subprocess.Popen(
        ["clip-search", "cluster", "--", "sleep", "1000"],
        env=warehouse.environment, stderr=subprocess.PIPE, text=True,
    ) as started:  # fmt: skip
        assert started.stderr is not None
        assert started.stderr.readline().startswith("cluster: 2 workers, sc://127")
        running = descendants(started.pid)
        # A master, two workers, a server, a command, and executors.
        assert len(running) >= 5
        started.send_signal(signal.SIGINT)
        assert started.wait(120) == 130
    assert not [process for process in running if process.is_running()]
