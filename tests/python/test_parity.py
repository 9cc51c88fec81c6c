"""The engines build the same tables, and a difference is shown."""

import json
import re
import sqlite3
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import duckdb
import pytest

from clip_search.engines import reading
from clip_search.engines.spark_session import NoJavaError, spark_session
from clip_search.load.definitions import LANDING_ON_SPARK, landing_statements
from lab import parity
from lab.warehouse import CLEAN_LAYER, Warehouse
from tests.python.conftest import ROOT, NewWarehouse


def fingerprints_on(
    engine: str, database: Path, tables: Sequence[str] = parity.TABLES
) -> dict[str, parity.Fingerprint]:
    """Read by a separate process: Spark has one catalog per process."""
    with ProcessPoolExecutor(1, get_context("spawn")) as reader:
        return reader.submit(parity.fingerprints, engine, database, tables).result()


def clean_layer_on_spark(
    folder: Path, logs: Path, tables: Sequence[str]
) -> dict[str, parity.Fingerprint]:
    """Loads, builds and reads with one start of Spark, in a separate process."""
    with ProcessPoolExecutor(1, get_context("spawn")) as builder:
        return builder.submit(_clean_layer_on_spark, folder, logs, tables).result()


def _clean_layer_on_spark(
    folder: Path, logs: Path, tables: Sequence[str]
) -> dict[str, parity.Fingerprint]:
    folder.mkdir()
    warehouse = Warehouse(folder, folder.with_name("target"), engine="spark")
    # Spark stops with the last connection.
    with reading(warehouse.database, "spark"):
        warehouse.load(logs)
        warehouse.dbt("seed", "--quiet", "--select", CLEAN_LAYER)
        warehouse.build_clean_layer()
        return parity.fingerprints("spark", warehouse.database, tables)


@pytest.fixture(scope="module")
def odd_logs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("odd_logs")
    finished = Warehouse(folder / "none.db").run(
        "clip-search", "simulate", "--seed", "31", "--requests", "2000", "--malformed",
        "--index", "--no-key", "--out", str(folder),
    )  # fmt: skip
    assert finished.returncode == 0, finished.stderr
    return folder


def test_the_sample_gives_the_rows_that_it_has_always_given(
    sample_warehouse: Warehouse, request: pytest.FixtureRequest
) -> None:
    """Frozen before the text rules moved from SQL to Python; see tests/golden."""
    path = ROOT / "tests" / "golden" / "sample_tables.json"
    found = {
        table: {"rows": each.row_count, "digest": each.digest}
        for table, each in parity.fingerprints(
            "sqlite", sample_warehouse.database
        ).items()
    }
    if request.config.getoption("--renew-golden"):
        path.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    assert found == json.loads(path.read_text("utf-8"))


@pytest.mark.slow
def test_duckdb_makes_the_tables_that_sqlite_makes_of_the_sample(
    sample_warehouse: Warehouse, tmp_path: Path
) -> None:
    expected = parity.fingerprints("sqlite", sample_warehouse.database)
    database = parity.build_on("duckdb", tmp_path, None)
    assert parity.fingerprints("duckdb", database) == expected


@pytest.mark.long
def test_duckdb_makes_the_tables_that_sqlite_makes_of_loaded_logs(
    odd_logs: Path, tmp_path: Path
) -> None:
    """A seed cannot have malformed lines or the query `null`."""
    found = [
        parity.fingerprints(engine, parity.build_on(engine, tmp_path, odd_logs))
        for engine in ("sqlite", "duckdb")
    ]
    assert found[0] == found[1]
    assert found[0]["clean_search_request"].row_count > 1000


@pytest.mark.long
def test_spark_makes_the_tables_that_sqlite_makes_of_the_sample(
    sample_warehouse: Warehouse, tmp_path: Path
) -> None:
    expected = parity.fingerprints("sqlite", sample_warehouse.database)
    folder = parity.build_on("spark", tmp_path, None)
    assert fingerprints_on("spark", folder) == expected
    for leftover in ("derby.log", "metastore_db", "spark-warehouse"):
        assert not (ROOT / leftover).exists(), leftover


# Two minutes, most of them Spark's start and plans. What differs on Spark is in its
# macros and text rules, which have tests on Spark that always run.
@pytest.mark.long
def test_spark_makes_the_clean_layer_that_sqlite_makes_of_loaded_logs(
    odd_logs: Path, tmp_path: Path, new_warehouse: NewWarehouse
) -> None:
    warehouse = new_warehouse("odd")
    warehouse.load(odd_logs)
    warehouse.build_clean_layer()
    expected = parity.fingerprints("sqlite", warehouse.database, parity.CLEAN_LAYER)
    found = clean_layer_on_spark(tmp_path / "spark", odd_logs, parity.CLEAN_LAYER)
    assert found == expected
    assert expected["clean_search_request"].row_count > 1000


@pytest.mark.long
def test_spark_makes_the_tables_that_sqlite_makes_of_loaded_logs(
    odd_logs: Path, tmp_path: Path
) -> None:
    found = [
        fingerprints_on(engine, parity.build_on(engine, tmp_path, odd_logs))
        for engine in ("sqlite", "spark")
    ]
    assert found[0] == found[1]


def test_the_landing_tables_of_spark_have_the_columns_of_the_others() -> None:
    """Except for build records: there, each table says which code built it."""
    with sqlite3.connect(":memory:") as connection:
        for statement in landing_statements():
            connection.execute(statement)
        expected = {
            table: {row[1] for row in connection.execute(f"pragma table_info({table})")}
            for (table,) in connection.execute("select name from sqlite_master")
            if table != "build_record" and not table.startswith("sqlite_")
        }
    on_spark = {}
    for statement in landing_statements(LANDING_ON_SPARK):
        found = re.search(r"not exists (\w+) \((.*?)\n\)", statement, re.DOTALL)
        assert found is not None
        on_spark[found[1]] = set(re.findall(r"^ +(\w+)", found[2], re.MULTILINE))
    assert on_spark == expected


def test_spark_without_java_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.delenv("JAVA_HOME", raising=False)
    with pytest.raises(NoJavaError, match="apt-get install openjdk-17"):
        spark_session(None)


def test_a_row_that_differs_is_shown(tmp_path: Path) -> None:
    made = []
    for name, total in (("here", 7), ("there", 8)):
        path = tmp_path / f"{name}.duckdb"
        with duckdb.connect(str(path)) as connection:
            connection.execute(
                f"create table log_ledger as select 'a' as log, {total} as row_count"
                " union all select null, 1"
            )
        made.append(("duckdb", path))
    found = parity.difference("log_ledger", made[0], made[1])
    assert [json.loads(line) for line in found.only_here] == [["a", 7]]
    assert [json.loads(line) for line in found.only_there] == [["a", 8]]


@pytest.mark.parametrize(
    ("other", "is_equal"),
    [
        (["[2]", "[1]", "[1]"], True),
        (["[1]", "[2]", "[2]"], False),
        (["[1]", "[2]"], False),
        (["[1]", "[1]", "[3]"], False),
    ],
)
def test_a_fingerprint_is_of_the_rows_in_any_order(
    other: list[str], is_equal: bool
) -> None:
    first = parity.fingerprint(["[1]", "[2]", "[1]"])
    assert (parity.fingerprint(other) == first) is is_equal
