"""A crash may cost a run, but never a row or the last good tables."""

import csv
import os
import random
import resource
import signal
import sqlite3
import subprocess
import time
from pathlib import Path

import pytest
from conftest import ROOT, SAMPLE, NewWarehouse

from lab.warehouse import (
    BESIDES_CLEAN_LAYER,
    RESULT_TABLES,
    Row,
    Warehouse,
)

# Each runs whole builds, and waits for locks.
pytestmark = pytest.mark.slow

LOGS = ("search_request", "search_result_interaction")
MAKE_RUN = 'make run LOGS="$LOGS"'
# The commands of `make run` without the marts, which take half of its time. Killing a
# run in the marts proves nothing about the tables checked here.
RUN_CLEAN_LAYER = (
    'clip-search load "$LOGS" && dbt build --exclude-resource-type unit_test'
    f" --exclude {' '.join(BESIDES_CLEAN_LAYER)}"
)


def started(commands: str, warehouse: Warehouse, logs: Path) -> subprocess.Popen[bytes]:
    """Shell commands on logs, in a separate process group."""
    return subprocess.Popen(
        ["bash", "-euc", commands],
        cwd=ROOT,
        env={**warehouse.environment, "LOGS": str(logs)},
        stdout=warehouse.database.with_name("run.log").open("wb"),
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )


def tables(database: Path) -> dict[str, list[Row]]:
    """The published tables as a reader sees them; missing before the first build."""
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
    """The sample's rows, distributed at random to folders of logs.

    Most go to the first one. Otherwise too many clicks would lack their search, and a
    test would, correctly, stop the build.
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


def check_kills(
    commands: str,
    slices: list[Path],
    killed: Warehouse,
    at_once: Warehouse,
    kills: int,
    chance: random.Random,
) -> None:
    """Loads slices with commands, and kills runs of each before one may finish."""
    database = killed.database
    seconds = 10.0
    for path in slices:
        before = tables(database)
        found_after_kills = []
        for _ in range(kills):
            run = started(commands, killed, path)
            time.sleep(chance.uniform(0.0, seconds))
            os.killpg(run.pid, signal.SIGKILL)
            run.wait()
            found_after_kills.append(tables(database))
        began = time.monotonic()
        finished = started(commands, killed, path).wait()
        assert finished == 0, database.with_name("run.log").read_text()
        seconds = time.monotonic() - began
        after = tables(database)
        at_once.load(path)
        at_once.build_clean_layer("{}", "--full-refresh")
        assert after == at_once.results()
        for found in found_after_kills:
            for table, rows in found.items():
                assert rows in (before.get(table), after[table]), table
            assert set(found) >= set(before)


# Six builds in processes of their own. The tests of the scheduler kill a build, too.
@pytest.mark.long
def test_a_killed_run_leaves_good_tables_and_the_next_one_finishes_its_work(
    tmp_path: Path, new_warehouse: NewWarehouse
) -> None:
    killed, at_once = new_warehouse("killed"), new_warehouse("at_once")
    chance = random.Random(4)
    slices = write_slices(tmp_path, 2, chance)
    check_kills(RUN_CLEAN_LAYER, slices, killed, at_once, 1, chance)


@pytest.mark.long
def test_many_killed_runs_leave_good_tables_and_lose_nothing(
    tmp_path: Path, new_warehouse: NewWarehouse
) -> None:
    """Seventy-five runs of `make run`, fifty of them killed: half an hour."""
    killed = Warehouse(tmp_path / "killed" / "clip_search.db")
    killed.database.parent.mkdir()
    chance = random.Random(25)
    slices = write_slices(tmp_path, 25, chance)
    check_kills(MAKE_RUN, slices, killed, new_warehouse("at_once"), 2, chance)


@pytest.fixture(scope="module")
def built_with_more_loaded(
    new_warehouse: NewWarehouse, tmp_path_factory: pytest.TempPathFactory
) -> Warehouse:
    """A built warehouse, with more logs loaded since. Only copy it."""
    logs = tmp_path_factory.mktemp("slices")
    first, second = write_slices(logs, 2, random.Random(2))
    warehouse = new_warehouse("waiting")
    warehouse.load(first)
    warehouse.build_clean_layer()
    warehouse.load(second)
    return warehouse


@pytest.fixture
def waiting(built_with_more_loaded: Warehouse, tmp_path: Path) -> Warehouse:
    return built_with_more_loaded.copy(tmp_path / "waiting")


def test_a_full_disk_in_mid_build_is_explained_and_loses_nothing(
    waiting: Warehouse,
) -> None:
    before = tables(waiting.database)
    # No file may grow beyond the database's current size.
    size = waiting.database.stat().st_size
    finished = subprocess.run(
        ["dbt", "run", "--select", "stg_search_request+"],
        cwd=ROOT,
        env=waiting.environment,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size)),
        capture_output=True,
        check=False,
    )
    assert finished.returncode == 1
    assert tables(waiting.database) == before
    explained = waiting.run("clip-search", "failures").stdout
    assert "FAILURE: stg_search_request" in explained
    assert "free some space, then run again" in explained
    waiting.build_clean_layer()
    assert tables(waiting.database) != before


def test_a_database_that_stays_locked_is_explained_and_loses_nothing(
    waiting: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLIP_SEARCH_WAIT_SECONDS", "1")
    before = tables(waiting.database)
    other = sqlite3.connect(waiting.database, isolation_level=None)
    other.execute("begin immediate")
    finished = waiting.run(
        *("dbt", "run", "--select", "stg_search_request"),
    )
    assert finished.returncode == 1
    other.close()
    assert tables(waiting.database) == before
    explained = waiting.run("clip-search", "failures").stdout
    assert "database is locked" in explained
    assert "Another process is writing to the warehouse" in explained
    waiting.build_clean_layer()
    assert tables(waiting.database) != before
