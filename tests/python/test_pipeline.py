"""Guarantees of the whole pipeline: what changes its tables, and what never does."""

import csv
import json
import random
import sqlite3
from pathlib import Path

import pytest
from conftest import SAMPLE, NewWarehouse

from lab.warehouse import BESIDES_CLEAN_LAYER, TESTED_BUILD, Warehouse

LOGS = ("search_request", "search_result_interaction")
RAW_TABLES = (
    "search_request",
    "search_result_interaction",
    "landed_search_request",
    "landed_search_result_interaction",
)


def write_shuffled(source: Path, folder: Path, seed: int) -> None:
    """The same records in another order, in two files per log."""
    order = random.Random(seed)
    for log in LOGS:
        with (source / f"{log}.csv").open(encoding="utf-8", newline="") as lines:
            header, *records = csv.reader(lines)
        order.shuffle(records)
        half = len(records) // 2
        for part, chunk in enumerate((records[:half], records[half:])):
            path = folder / f"{log}_{part}.csv"
            with path.open("w", encoding="utf-8", newline="") as lines:
                csv.writer(lines).writerows([header, *chunk])


@pytest.fixture(scope="module")
def loaded_warehouse(new_warehouse: NewWarehouse) -> Warehouse:
    """The same sample, loaded like a user's own logs."""
    warehouse = new_warehouse("loaded")
    warehouse.load(SAMPLE)
    warehouse.build_clean_layer()
    return warehouse


def test_loaded_logs_give_the_tables_that_the_same_seeds_give(
    sample_warehouse: Warehouse, loaded_warehouse: Warehouse
) -> None:
    assert loaded_warehouse.results() == sample_warehouse.results()


def test_the_order_of_rows_changes_nothing(
    sample_warehouse: Warehouse, new_warehouse: NewWarehouse, tmp_path: Path
) -> None:
    write_shuffled(SAMPLE, tmp_path, seed=20)
    warehouse = new_warehouse("shuffled")
    warehouse.load(tmp_path)
    warehouse.build_clean_layer()
    assert warehouse.results() == sample_warehouse.results()


def test_building_again_changes_nothing_and_leaves_landed_rows_alone(
    loaded_warehouse: Warehouse,
) -> None:
    before = {table: loaded_warehouse.sorted_rows(table) for table in RAW_TABLES}
    tables = loaded_warehouse.results()
    loaded_warehouse.build_clean_layer()
    after = {table: loaded_warehouse.sorted_rows(table) for table in RAW_TABLES}
    assert after == before
    assert len(after["landed_search_request"]) > 0
    assert loaded_warehouse.results() == tables


def test_once_anything_was_loaded_the_sample_is_out_of_the_picture(
    new_warehouse: NewWarehouse, tmp_path: Path
) -> None:
    header = "search_id,search_query,ts,cuid,total\n"
    log = tmp_path / "search_request.csv"
    log.write_text(f"{header}a1,kite,2020-03-01T10:00:00Z,7,3\n", encoding="utf-8")
    warehouse = new_warehouse("unloaded")
    warehouse.load(log)
    warehouse.build_clean_layer()
    assert warehouse.query("select search_id from clean_search_request") == [("a1",)]
    assert warehouse.run("clip-search", "unload", str(log)).returncode == 0
    warehouse.build_clean_layer()
    assert warehouse.query("select count(*) from clean_search_request") == [(0,)]


@pytest.mark.slow
def test_empty_files_give_empty_tables_and_never_the_sample(
    new_warehouse: NewWarehouse, tmp_path: Path
) -> None:
    for log in LOGS:
        (tmp_path / f"{log}.csv").touch()
    warehouse = new_warehouse("empty")
    finished = warehouse.run("clip-search", "run", str(tmp_path))
    assert finished.returncode == 0, finished.stdout + finished.stderr
    assert "sample" not in finished.stdout
    assert "Loaded: 2 files" in finished.stdout
    for log in LOGS:
        for outcome in ("clean", "rejected"):
            assert warehouse.query(f"select * from {outcome}_{log}") == []


def test_clicks_are_judged_beside_an_empty_log_of_searches(
    new_warehouse: NewWarehouse, tmp_path: Path
) -> None:
    (tmp_path / "search_request.csv").touch()
    (tmp_path / "search_result_interaction.csv").write_text(
        "search_id,ts,cid,position\ns1,2020-03-01T10:00:00Z,c1,1\n", encoding="utf-8"
    )
    warehouse = new_warehouse("no_searches")
    warehouse.load(tmp_path)
    warehouse.build_clean_layer()
    assert warehouse.query(
        "select search_id from waiting_search_result_interaction"
    ) == [("s1",)]


def test_status_prints_the_ledger(sample_warehouse: Warehouse) -> None:
    status = sample_warehouse.run("clip-search", "status")
    assert status.returncode == 0
    for log, outcome, reason, count in sample_warehouse.query(
        "select * from log_ledger"
    ):
        if outcome == "waiting" and not count:
            continue
        label = f"  {reason}" if reason else outcome
        line = next(
            line for line in status.stdout.splitlines() if line[1:].startswith(label)
        )
        assert f" {count:,} " in line, (log, label)


def test_status_without_a_build_says_what_to_do(tmp_path: Path) -> None:
    status = Warehouse(tmp_path / "clip_search.db").run("clip-search", "status")
    assert status.returncode == 1
    assert "clip-search run" in status.stderr
    assert "Traceback" not in status.stderr


def test_a_fired_rule_is_logged_with_its_count_and_share(
    new_warehouse: NewWarehouse, tmp_path: Path
) -> None:
    lines = ["search_id,search_query,ts,cuid,total"]
    lines += [f"s{n},kite,2020-03-01T10:00:00Z,7,3" for n in range(19)]
    lines += ["s19,kite,yesterday,7,3"]
    log = tmp_path / "search_request.csv"
    log.write_text("\n".join(lines), encoding="utf-8")
    warehouse = new_warehouse("logged")
    warehouse.load(log)
    said = warehouse.dbt(*TESTED_BUILD, "--exclude", *BESIDES_CLEAN_LAYER)
    assert (
        "search_request: timestamp_unreadable rejected 1 rows, 5.00 % of the log"
        in said
    )


@pytest.mark.parametrize(
    ("bad_rows", "build_succeeds", "warns"),
    [
        # A build takes seconds; a normal log is built without a warning anyway.
        pytest.param(1, True, False, marks=pytest.mark.long),
        pytest.param(3, True, True, marks=pytest.mark.slow),
        (11, False, True),
    ],
)
def test_a_rule_that_takes_too_much_warns_and_then_stops_the_run(
    new_warehouse: NewWarehouse,
    tmp_path: Path,
    bad_rows: int,
    build_succeeds: bool,
    warns: bool,
) -> None:
    """Of 20 rows: 5 % passes, 15 % warns, 55 % fails before the clean table changes."""
    lines = ["search_id,search_query,ts,cuid,total"]
    lines += [f"s{n},kite,2020-03-01T10:00:00Z,7,3" for n in range(20 - bad_rows)]
    lines += [f"t{n},kite,yesterday,7,3" for n in range(bad_rows)]
    log = tmp_path / "search_request.csv"
    log.write_text("\n".join(lines), encoding="utf-8")
    warehouse = new_warehouse("share")
    warehouse.load(log)
    told = warehouse.try_dbt(*TESTED_BUILD, "--exclude", *BESIDES_CLEAN_LAYER)
    assert told.has_succeeded == build_succeeds
    assert ("search_request_reject_share_below_warn" in warnings(told.said)) == warns
    assert ("clean_search_request" in warehouse.tables()) == build_succeeds


@pytest.mark.parametrize(
    ("overdue", "waiting", "wait_hours", "build_succeeds"),
    [
        # A build takes seconds, and these share most of what they show.
        pytest.param(0, 20, 0, True, marks=pytest.mark.long),
        pytest.param(10, 10, 0, True, marks=pytest.mark.long),
        (11, 9, 0, False),
        pytest.param(20, 0, 1, True, marks=pytest.mark.long),
    ],
)
def test_a_click_whose_search_may_still_come_never_stops_the_run(
    new_warehouse: NewWarehouse,
    tmp_path: Path,
    overdue: int,
    waiting: int,
    wait_hours: int,
    build_succeeds: bool,
) -> None:
    """Of 20 clicks, none has its search; half the log may break a rule.

    Those that wait come less than a day before the newest search. The others come a
    day before it, so that only the time since they were loaded can excuse them.
    """
    clicks = [f"o{n},2020-03-01T00:00:00Z,c1,1" for n in range(overdue)]
    clicks += [f"w{n},2020-02-29T19:00:00.001-05:00,c1,1" for n in range(waiting)]
    log = tmp_path / "search_result_interaction.csv"
    log.write_text("\n".join(["search_id,ts,cid,position", *clicks]), encoding="utf-8")
    if overdue:
        (tmp_path / "search_request.csv").write_text(
            "search_id,search_query,ts,cuid,total\ns1,kite,2020-03-02T00:00:00Z,7,3\n",
            encoding="utf-8",
        )
    warehouse = new_warehouse("waiting")
    warehouse.load(tmp_path)
    hours = json.dumps({"orphan_wait_hours": wait_hours})
    told = warehouse.try_dbt(
        *TESTED_BUILD, "--exclude", *BESIDES_CLEAN_LAYER, "--vars", hours
    )
    assert told.has_succeeded == build_succeeds, told.said
    assert "search_result_interaction_reject_share_below_warn" in warnings(told.said)
    assert ("clean_search_result_interaction" in warehouse.tables()) == build_succeeds


def warnings(output: str) -> str:
    return "\n".join(line for line in output.splitlines() if " WARN " in line)


def test_the_database_can_be_attached_under_any_name(
    sample_warehouse: Warehouse,
) -> None:
    with sqlite3.connect(":memory:") as connection:
        connection.execute("attach ? as other", (f"{sample_warehouse.database}",))
        attached = connection.execute(
            "select count(*) from other.clean_search_request"
        ).fetchone()
    assert [attached] == sample_warehouse.query(
        "select count(*) from clean_search_request"
    )
