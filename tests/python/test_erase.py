"""What is erased: no byte of it is left, and everything else stays."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import duckdb
import pyarrow.parquet as parquet
import pytest

from clip_search.engines import engine
from clip_search.erase import erase
from clip_search.load import LoadError, load, unload
from clip_search.load.load_progress import Silent
from lab.warehouse import Warehouse
from tests.python.conftest import ROOT, NewWarehouse

# Part of every value of the erased files, and of their folder's name.
PLANTED = "zqxplanted"
REQUEST, CLICK = "search_request.csv", "search_result_interaction.csv"


def write_logs(folder: Path, requests: list[str], clicks: list[str]) -> Path:
    folder.mkdir(parents=True)
    header = "search_id,search_query,ts,cuid,total"
    (folder / REQUEST).write_text("\n".join([header, *requests, ""]))
    header = "search_id,ts,cid,position"
    (folder / CLICK).write_text("\n".join([header, *clicks, ""]))
    return folder


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    """Logs that stay: 40 searches, 20 of them with a click."""
    return write_logs(
        tmp_path / "logs" / "kept",
        [f"k{n},kites,2020-03-10T10:{n:02}:00Z,u{n},9" for n in range(40)],
        [f"k{n},2020-03-10T10:{n:02}:30Z,c1,2" for n in range(20)],
    )


@pytest.fixture
def erased(tmp_path: Path) -> Path:
    """Logs to erase: clean, rejected and malformed rows, and an address as an id."""
    p = PLANTED
    return write_logs(
        tmp_path / "logs" / f"{p}.jane@example.org",
        [
            *(f"{p}{n},{p} jam,2020-03-10T11:{n:02}:00Z,{p}{n},9" for n in range(40)),
            *(f"{p}r{n},{p} of {n},{p},{p},{p}" for n in range(9)),
            f"{p}.jane@example.org,{p},2020-03-10T11:00:00Z,{p},9",
            f"{p},one field too few,{p}",
        ],
        [f"{p}{n},2020-03-10T11:{n:02}:30Z,{p}clip,2" for n in range(20)],
    )


def texts(path: Path) -> Iterator[bytes]:
    """What is in a file: its bytes, and what Parquet has compressed."""
    yield path.read_bytes()
    if path.suffix == ".parquet":
        yield repr(parquet.read_table(path).to_pylist()).encode()


def telling(*folders: Path) -> list[Path]:
    """The files below some folders that contain a planted value, or are named so."""
    return [
        path
        for folder in folders
        for path in sorted(folder.rglob("*"))
        if PLANTED in path.name
        or (path.is_file() and any(PLANTED.encode() in text for text in texts(path)))
    ]


# --- files and tables ---------------------------------------------------------------


def test_no_byte_of_an_erased_file_is_left(
    kept: Path,
    erased: Path,
    new_warehouse: NewWarehouse,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    warehouse = new_warehouse("erased")
    folder = warehouse.database.parent
    warehouse.load(kept, erased)
    warehouse.build_clean_layer()
    report, log = warehouse.target / "report.html", folder / "dbt.log"
    for path in (report, log):
        path.write_text(f"{PLANTED} jam", "utf-8")
    warehouse.unload(erased / REQUEST)
    warehouse.unload(erased / CLICK)
    warehouse.take_in()
    # No table has its rows now, but the file does, and the records have its name.
    assert telling(folder) == [warehouse.database, log, report]
    tables = {*warehouse.tables(), *warehouse.tables("view")} - {"load_record"}
    rows = {name: repr(warehouse.sorted_rows(name)) for name in tables}
    assert [name for name in tables if PLANTED in rows[name]] == []

    for name, value in warehouse.variables.items():
        monkeypatch.setenv(name, value)
    assert erase(warehouse.database, Silent()) == [report, log]

    assert telling(folder) == []
    clean = [row[:2] for row in warehouse.sorted_rows("clean_search_request")]
    assert clean == sorted((f"k{n}", "kites") for n in range(40))
    assert len(warehouse.sorted_rows("clean_search_result_interaction")) == 20
    # The records still say that there was a load: the sample does not come back.
    records = warehouse.query("select log, file_path, row_count from load_record")
    assert sorted(records)[1] == ("search_request", "[erased]", 51)


# --- the whole command --------------------------------------------------------------


@pytest.mark.long
@pytest.mark.parametrize("name", ["sqlite", "duckdb", "spark"])
def test_no_byte_is_left_on_any_engine_and_in_any_file_of_a_command(
    name: str, kept: Path, erased: Path, tmp_path: Path
) -> None:
    place = tmp_path / "warehouse"
    place.mkdir()
    outputs = [place, tmp_path / "target", tmp_path / "logs_of_dbt"]
    environment = {
        **os.environ,
        "CLIP_SEARCH_TARGET": name,
        "CLIP_SEARCH_DATABASE": str(place / "clip_search.db"),
        "DBT_TARGET_PATH": str(outputs[1]),
        "DBT_LOG_PATH": str(outputs[2]),
    }
    programs = Path(sys.executable).parent

    def run(program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(programs / program), *arguments],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )

    # On Spark the pages quote no query, and nobody can ask for a new one.
    pages = set() if name == "spark" else {"report.html", "exploration.ipynb"}
    more = (("report",), ("notebook",), ("enrich", f"{PLANTED} jams")) if pages else ()
    for command in (("run", str(kept), str(erased)), *more):
        finished = run("clip-search", *command)
        assert finished.returncode == 0, finished.stdout + finished.stderr
    # A failure: dbt's log and its results must not quote rows.
    shares = "{reject_share_warn: 0.0, reject_share_fail: 0.0}"
    tested = ("--select", "int_search_request_checked,test_type:data")
    test = run("dbt", "test", *tested, "--vars", shares)
    assert test.returncode == 1, test.stdout
    before = {path.name for path in telling(*outputs[1:])}
    assert before == pages
    assert telling(place)

    assert run("clip-search", "unload", str(erased / REQUEST)).returncode == 0
    finished = run("clip-search", "unload", str(erased / CLICK), "--erase")

    assert finished.returncode == 0, finished.stdout + finished.stderr
    assert telling(*outputs) == []
    said = run("clip-search", "status").stdout
    assert "raw                       │              40 │ 100.00 │     20" in said


@pytest.mark.long
def test_what_an_erasure_that_failed_has_left_is_erased_by_the_next_one(
    kept: Path, erased: Path, tmp_path: Path, new_warehouse: NewWarehouse
) -> None:
    bad = write_logs(
        tmp_path / "logs" / "bad", [f"b{n},kites,soon,u1,9" for n in range(50)], []
    )
    warehouse = new_warehouse("interrupted")
    command = ("clip-search", "unload")
    warehouse.load(kept, erased, bad)
    warehouse.build()
    # Without the erased searches, one rule rejects more than half of the log.
    failed = warehouse.run(*command, str(erased / REQUEST), "--erase")
    assert failed.returncode == 1, failed.stdout
    assert "the erasure is not complete; run: " in failed.stderr
    assert telling(warehouse.database.parent)

    for path in (erased / CLICK, bad / REQUEST):
        assert warehouse.run(*command, str(path)).returncode == 0
    finished = warehouse.run(*command, "--erase")

    assert finished.returncode == 0, finished.stderr
    assert telling(warehouse.database.parent) == []


def test_rows_that_another_file_has_too_are_not_said_to_be_erased(
    erased: Path, tmp_path: Path
) -> None:
    database = tmp_path / "clip_search.db"
    copy = tmp_path / "search_request_copy.csv"
    copy.write_bytes((erased / REQUEST).read_bytes())
    load([erased / REQUEST, copy], database)
    with pytest.raises(LoadError) as caught:
        unload(copy, database, is_for_good=True)
    assert "the same rows were also loaded from another file" in str(caught.value)
    assert str(caught.value).endswith(f"unload {erased / REQUEST}")
    unload(erased / REQUEST, database)
    assert len(unload(copy, database, is_for_good=True)) == 1


def test_erasing_needs_a_file_or_the_option(new_warehouse: NewWarehouse) -> None:
    finished = new_warehouse("nothing").run("clip-search", "unload")
    assert finished.returncode == 2
    assert "Name a file, or add --erase." in finished.stderr


# --- one engine's file --------------------------------------------------------------


def fill_sqlite(database: Path, journal: str) -> None:
    with closing(sqlite3.connect(database)) as connection:
        connection.execute(f"pragma journal_mode = {journal}")
        # Some builds of SQLite overwrite deleted rows of themselves.
        connection.execute("pragma secure_delete = off")
        connection.execute("create table word (id integer primary key, said text)")
        connection.execute("create view last_word as select max(said) from word")
        rows = [(n, f"{PLANTED} {n}" if n % 2 else "kept") for n in range(5000)]
        connection.executemany("insert into word values (?, ?)", rows)
        connection.commit()
        connection.execute("delete from word where id % 2 = 1")
        connection.commit()


def fill_duckdb(database: Path) -> None:
    with duckdb.connect(str(database)) as connection:
        connection.execute("create table word (id integer primary key, said text)")
        connection.execute("create view last_word as select max(said) from word")
        connection.execute(
            "insert into word select n, case when n % 2 = 1"
            f" then '{PLANTED} ' || n else 'kept' end from range(5000) as numbers (n)"
        )
        connection.execute("checkpoint")
        connection.execute("delete from word where id % 2 = 1")


FILLED: dict[str, tuple[str, Callable[[Path], None]]] = {
    "sqlite": ("sqlite", lambda database: fill_sqlite(database, "delete")),
    "sqlite with a write-ahead log": (
        "sqlite",
        lambda database: fill_sqlite(database, "wal"),
    ),
    "duckdb": ("duckdb", fill_duckdb),
}


@pytest.mark.parametrize("kind", FILLED)
def test_compacting_keeps_rows_and_leaves_no_deleted_one(
    kind: str, tmp_path: Path
) -> None:
    name, fill = FILLED[kind]
    # Quotes may be in the name of a folder.
    folder = tmp_path / "jane's"
    folder.mkdir()
    database = folder / "clip_search.db"
    fill(database)
    database.chmod(0o640)
    assert telling(folder)

    engine(name).compact(database, pytest.fail)

    assert telling(folder) == []
    assert [path.name for path in folder.iterdir()] == [database.name]
    assert database.stat().st_mode & 0o777 == 0o640
    warehouse = Warehouse(database, engine=name)
    counted = "select count(*), min(said), max(said) from word"
    assert warehouse.query(counted) == [(2500, "kept", "kept")]
    assert warehouse.query("select * from last_word") == [("kept",)]
