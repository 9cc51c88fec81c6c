"""What a crash may do: cost a run. Never a row, never a table that was good before."""

import csv
import os
import random
import resource
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest
from conftest import ROOT, SAMPLE, Warehouse
from increments import RESULT_TABLES, Row, Store

LOGS = ("search_request", "search_result_interaction")
KILLS_A_LOAD = 2


def make_run(database: Path, logs: Path) -> subprocess.Popen[bytes]:
    """`make run` in a process group of its own."""
    return subprocess.Popen(
        ["make", "run", f"LOGS={logs}"],
        cwd=ROOT,
        env={
            **os.environ,
            "CLIP_SEARCH_DATABASE": str(database),
            "DBT_TARGET_PATH": str(database.parent / "target"),
            "DBT_LOG_PATH": str(database.parent),
        },
        stdout=(database.parent / "run.log").open("wb"),
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )


def tables(database: Path) -> dict[str, list[Row]]:
    """The published tables as any reader finds them; missing before the first build."""
    if not database.exists():
        return {}
    with sqlite3.connect(database, timeout=60) as reader:
        assert reader.execute("pragma integrity_check").fetchone() == ("ok",)
        there = {name for (name,) in reader.execute("select name from sqlite_master")}
        return {
            table: sorted(reader.execute(f"select * from {table}"), key=repr)
            for table in RESULT_TABLES
            if table in there
        }


def write_slices(folder: Path, count: int, chance: random.Random) -> list[Path]:
    """The sample's rows, dealt at random into folders of logs.

    Most go into the first, lest so many clicks lack their search that a test of the
    build stops it, as it should.
    """
    slices = [folder / f"slice_{number}" for number in range(count)]
    for path in slices:
        path.mkdir()
    weights = [3 * count, *[1] * (count - 1)]
    for log in LOGS:
        with (SAMPLE / f"{log}.csv").open(encoding="utf-8", newline="") as lines:
            header, *records = csv.reader(lines)
        dealt: list[list[list[str]]] = [[header] for _ in slices]
        for record in records:
            chance.choices(dealt, weights)[0].append(record)
        for path, part in zip(slices, dealt, strict=True):
            with (path / f"{log}.csv").open("w", encoding="utf-8", newline="") as file:
                csv.writer(file).writerows(part)
    return slices


def check_kills(folder: Path, loads: int, seed: int) -> None:
    """Loads slices by `make run`, and kills each run twice before it may finish."""
    chance = random.Random(seed)
    database = folder / "killed" / "clip_search.db"
    database.parent.mkdir()
    at_once = Store(folder / "at_once.db")
    slices = write_slices(folder, loads, chance)
    seconds = 15.0
    for path in slices:
        before = tables(database)
        found_after_kills = []
        for _ in range(KILLS_A_LOAD):
            run = make_run(database, path)
            time.sleep(chance.uniform(0.0, seconds))
            os.killpg(run.pid, signal.SIGKILL)
            run.wait()
            found_after_kills.append(tables(database))
        began = time.monotonic()
        finished = make_run(database, path).wait()
        assert finished == 0, (database.parent / "run.log").read_text()
        seconds = time.monotonic() - began
        after = tables(database)
        at_once.load(path)
        at_once.rebuild()
        assert after == at_once.results()
        for found in found_after_kills:
            for table, rows in found.items():
                assert rows in (before.get(table), after[table]), table
            assert set(found) >= set(before)


def test_a_killed_run_leaves_good_tables_and_the_next_one_finishes_its_work(
    tmp_path: Path,
) -> None:
    check_kills(tmp_path, loads=4, seed=4)


@pytest.mark.long
def test_many_killed_runs_leave_good_tables_and_lose_nothing(tmp_path: Path) -> None:
    check_kills(tmp_path, loads=25, seed=25)


@pytest.fixture
def waiting(tmp_path: Path) -> Warehouse:
    """A built warehouse, with more logs loaded since."""
    first, second = write_slices(tmp_path, 2, random.Random(2))
    warehouse = Warehouse(tmp_path / "clip_search.db", tmp_path / "target")
    warehouse.load(first)
    warehouse.build_clean_layer()
    warehouse.load(second)
    return warehouse


def test_a_full_disk_in_mid_build_is_explained_and_loses_nothing(
    waiting: Warehouse,
) -> None:
    before = tables(waiting.database)
    # No file may grow beyond what the database has now.
    size = waiting.database.stat().st_size
    build = [str(Path(sys.executable).parent / "dbt"), "run"]
    finished = subprocess.run(
        [*build, "--select", "int_search_request_checked+"],
        cwd=ROOT,
        env=waiting.environment,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size)),
        capture_output=True,
        check=False,
    )
    assert finished.returncode == 1
    assert tables(waiting.database) == before
    explained = waiting.run("clip-search", "explain").stdout
    assert "FAILURE: int_search_request_checked" in explained
    assert "free some space, then run again" in explained
    waiting.build_clean_layer()
    assert tables(waiting.database) != before


def test_a_database_that_stays_locked_is_explained_and_loses_nothing(
    waiting: Warehouse,
) -> None:
    before = tables(waiting.database)
    other = sqlite3.connect(waiting.database, isolation_level=None)
    other.execute("begin immediate")
    finished = waiting.run(
        *("dbt", "run", "--select", "int_search_request_checked"),
        *("--vars", "{wait_for_writer_seconds: 1}"),
    )
    assert finished.returncode == 1
    other.close()
    assert tables(waiting.database) == before
    explained = waiting.run("clip-search", "explain").stdout
    assert "database is locked" in explained
    assert "Another process is writing to the warehouse" in explained
    waiting.build_clean_layer()
    assert tables(waiting.database) != before
