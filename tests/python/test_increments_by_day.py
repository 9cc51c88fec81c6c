"""Increments: logs that arrive file by file, each built on arrival."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from clip_search.status import read_remarks
from lab.warehouse import CLEAN_LAYER, Row, Warehouse
from tests.python.increments import HEADERS, RULES

REJECTED_CLICK = "rejected_search_result_interaction"
WAITING_CLICK = "waiting_search_result_interaction"


@pytest.fixture(scope="module")
def empty_store(empty_stores: dict[str, Warehouse]) -> Warehouse:
    return empty_stores[RULES[0]]


class Days:
    """Logs that arrive file by file, each built on arrival."""

    def __init__(self, empty_store: Warehouse, folder: Path) -> None:
        """Starts from a warehouse that was built without rows."""
        self.folder = folder
        self.store = empty_store.copy(folder / "days")

    def comes(self, log: str, *rows: str) -> Path:
        """One more file is loaded and built."""
        number = len(list(self.folder.glob("*.csv")))
        path = self.folder / f"{log}_{number}.csv"
        path.write_text("\n".join([HEADERS[log], *rows, ""]), encoding="utf-8")
        self.store.load(path)
        self.store.take_in(RULES[0])
        return path

    def rows(self, columns: str, table: str) -> list[Row]:
        """The current rows of a table, sorted."""
        return sorted(self.store.query(f"select {columns} from {table}"), key=repr)


@pytest.fixture
def days(empty_store: Warehouse, tmp_path: Path) -> Days:
    return Days(empty_store, tmp_path)


CLICK = "s1,2020-03-10T13:24:40Z,c1,1"
SEARCH = "s1,jaws,2020-03-10T13:24:31Z,u1,10"


def test_an_orphan_click_becomes_clean_when_its_search_arrives(days: Days) -> None:
    days.comes("search_result_interaction", CLICK)
    assert days.rows("search_id", WAITING_CLICK) == [("s1",)]
    days.comes("search_request", SEARCH)
    assert days.rows("search_id", WAITING_CLICK) == []
    assert days.rows("search_id, cid", "clean_search_result_interaction") == [
        ("s1", "c1")
    ]


def test_a_clean_click_is_an_orphan_again_when_its_search_is_taken_back(
    days: Days,
) -> None:
    days.comes("search_result_interaction", CLICK)
    search = days.comes("search_request", SEARCH)
    days.store.unload(search)
    assert days.rows("search_id", "unloaded_search_id") == [("s1",)]
    days.store.take_in(RULES[0])
    assert days.rows("search_id", "clean_search_request") == []
    assert days.rows("search_id", WAITING_CLICK) == [("s1",)]
    # An id may be personal data, and no table needs it any more.
    assert days.rows("search_id", "unloaded_search_id") == []


def test_what_was_shown_becomes_clean_when_its_search_arrives_and_is_taken_back_with_it(
    days: Days,
) -> None:
    rows = ("search_id, cid, position, raw_row_count", "clean_search_result_shown")
    rejected = ("search_id, cid, reject_reason", "rejected_search_result_shown")
    days.comes("search_result_shown", "s1,c1,3", "s1,c2,1", "s2,c1,1")
    assert days.rows(*rows) == []
    assert len(days.rows(*rejected)) == 3
    search = days.comes("search_request", SEARCH)
    assert days.rows(*rows) == [("s1", "c1", 3, 1), ("s1", "c2", 1, 1)]
    assert days.rows(*rejected) == [("s2", "c1", "orphan_impression")]
    higher = days.comes("search_result_shown", "s1,c1,2", ",c3,1")
    assert days.rows(*rows) == [("s1", "c1", 2, 2), ("s1", "c2", 1, 1)]
    assert days.rows(*rejected)[-1] == (None, "c3", "missing_search_id")
    days.store.unload(higher)
    days.store.take_in(RULES[0])
    assert days.rows(*rows) == [("s1", "c1", 3, 1), ("s1", "c2", 1, 1)]
    days.store.unload(search)
    days.store.take_in(RULES[0])
    assert days.rows(*rows) == []
    assert len(days.rows(*rejected)) == 3
    assert days.rows("search_id", "unloaded_search_id") == []


def test_a_click_that_decides_for_a_search_also_decides_for_what_was_shown(
    days: Days,
) -> None:
    rows = ("search_id, cid", "clean_search_result_shown")
    other = SEARCH.replace("jaws", "shrek").replace("13:24:31", "13:50:31")
    days.comes("search_request", SEARCH, other)
    days.comes("search_result_shown", "s1,c1,1")
    assert days.rows(*rows) == []
    days.comes("search_result_interaction", CLICK)
    assert days.rows("search_query", "clean_search_request") == [("jaws",)]
    assert days.rows(*rows) == [("s1", "c1")]


@pytest.mark.parametrize("empty_stores", ["sqlite"], indirect=True)
def test_searches_are_not_judged_again_for_what_was_shown(days: Days) -> None:
    days.comes("search_request", SEARCH)
    days.comes("search_result_interaction", CLICK)
    tables = ("int_search_request_checked", "int_search_result_interaction_checked")
    places = [f"select rowid from {table}" for table in tables]
    # A row that is judged again is written again, at another place.
    marks = [f"update {table} set rowid = 1000" for table in tables]
    with closing(sqlite3.connect(days.store.database)) as connection, connection:
        for mark in marks:
            connection.execute(mark)
    days.comes("search_result_shown", "s1,c1,1")
    assert [days.store.query(place) for place in places] == [[(1000,)]] * 2
    assert days.rows("cid", "clean_search_result_shown") == [("c1",)]


def test_a_disputed_time_is_settled_when_a_click_arrives_and_again_by_an_earlier_one(
    days: Days,
) -> None:
    days.comes("search_request", SEARCH, SEARCH.replace("13:24:31", "13:24:38"))
    clean = ("ts, is_ts_disputed", "clean_search_request")
    assert days.rows(*clean) == [("2020-03-10T13:24:31.000Z", 1)]
    days.comes("search_result_interaction", CLICK)
    assert days.rows(*clean) == [("2020-03-10T13:24:38.000Z", 0)]
    days.comes("search_result_interaction", CLICK.replace("13:24:40", "13:24:35"))
    assert days.rows(*clean) == [("2020-03-10T13:24:31.000Z", 0)]


def test_a_user_who_crosses_the_limit_flips_with_all_rows_and_back(days: Days) -> None:
    for number in (1, 2):
        days.comes("search_request", SEARCH.replace("s1", f"s{number}"))
    days.comes("search_request", "s9,jaws,2020-04-01T13:24:31Z,u1,10")
    flags = ("search_id, is_automated", "clean_search_request")
    assert days.rows(*flags) == [("s1", 0), ("s2", 0), ("s9", 0)]
    third = days.comes("search_request", SEARCH.replace("s1", "s3"))
    assert days.rows(*flags) == [("s1", 1), ("s2", 1), ("s3", 1), ("s9", 1)]
    days.store.unload(third)
    days.store.take_in(RULES[0])
    assert days.rows(*flags) == [("s1", 0), ("s2", 0), ("s9", 0)]


def test_a_build_with_nothing_new_writes_to_no_table(days: Days) -> None:
    days.comes("search_request", SEARCH)
    before = days.store.database.read_bytes()
    days.store.take_in(RULES[0])
    assert days.store.database.read_bytes() == before


def test_a_new_file_builds_no_table_from_all_rows(days: Days) -> None:
    days.comes("search_request", SEARCH)
    path = days.folder / "search_result_interaction_9.csv"
    path.write_text(f"{HEADERS['search_result_interaction']}\n{CLICK}\n", "utf-8")
    days.store.load(path)
    said = days.store.dbt("run", "--select", CLEAN_LAYER, "--vars", RULES[0])
    assert "int_search_result_interaction_rejected" in said
    assert "built from all rows" not in said


def test_other_rules_judge_all_rows_again_and_say_so(days: Days) -> None:
    days.comes("search_request", SEARCH, SEARCH.replace("s1", "s2"))
    said = days.store.dbt("run", "--select", CLEAN_LAYER, "--vars", RULES[1])
    assert "int_search_request_checked: built from all rows, since rules" in said
    assert days.rows("search_id, is_automated", "clean_search_request") == [
        ("s1", 1),
        ("s2", 1),
    ]


def test_a_load_between_two_models_waits_for_the_next_build(days: Days) -> None:
    days.comes("search_request", SEARCH)
    path = days.folder / "search_result_interaction_9.csv"
    header = HEADERS["search_result_interaction"]
    path.write_text(f"{header}\n{CLICK}\nline,of,three\n", encoding="utf-8")
    days.store.load(path)
    downstream = "stg_search_request+,config.materialized:kept_up_to_date"
    days.store.dbt(
        "run",
        "--vars",
        RULES[0],
        "--select",
        downstream,
        "--exclude",
        "stg_search_request",
    )
    assert days.rows("cid", "clean_search_result_interaction") == []
    days.store.take_in(RULES[0])
    assert days.rows("cid", "clean_search_result_interaction") == [("c1",)]
    assert days.rows("reject_reason", REJECTED_CLICK) == [("malformed_line",)]


def test_status_tells_what_came_late_and_what_waits(
    days: Days, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLIP_SEARCH_TARGET", days.store.engine)
    days.comes("search_request", SEARCH)
    days.comes("search_result_interaction", CLICK, CLICK.replace("s1", "s2"))
    search = days.comes("search_request", SEARCH.replace("s1", "s2"))
    waiting = days.folder / "search_result_interaction_9.csv"
    header = HEADERS["search_result_interaction"]
    waiting.write_text(f"{header}\n{CLICK}\n{CLICK}\n", encoding="utf-8")
    days.store.load(waiting)
    days.store.unload(search)
    loads, *told = read_remarks(days.store.database).sentences()
    # Three were loaded and one unloaded; the empty warehouse had one load itself.
    assert loads.startswith("Loaded: 3 files, by 5 loads to 20")
    assert told == [
        "Pending for the next build: 1 file to add (2 rows).",
        "Pending for the next build: 1 file to remove.",
        "Late: 50.00 % of the clean clicks arrived in a later load than their search,"
        " 50.00 % in an earlier one.",
        "0 clean searches with a disputed time (is_ts_disputed),"
        " 0 by 0 automated users (is_automated).",
    ]


WAITING = (
    "Waiting: 2 clicks; the searches that are loaded end too early to contain theirs."
)


def test_clicks_wait_while_the_searches_end_less_than_a_day_after_them(
    days: Days, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLIP_SEARCH_TARGET", days.store.engine)

    def warned() -> bool:
        """Tests the clicks; they must not fail."""
        said = days.store.dbt(
            *("test", "--select", "int_search_result_interaction_checked"),
            *("--vars", RULES[0]),
        )
        return "WARN 1 search_result_interaction_reject_share_below_warn" in said

    def told() -> list[str]:
        remarks = read_remarks(days.store.database).sentences()
        return [remark for remark in remarks if remark.startswith("Waiting")]

    days.comes("search_result_interaction", CLICK, CLICK.replace("s1", "s2"))
    assert warned()
    assert told() == [WAITING]
    # Less than a day later, and a rejected search of more than a day later.
    days.comes("search_request", SEARCH.replace("s1", "s3").replace("03-10", "03-11"))
    late = SEARCH.replace("03-10", "03-12")
    days.comes("search_request", late.replace("s1", "s4").replace("u1", ""))
    assert warned()
    assert told() == [WAITING]
    assert days.rows("cid", WAITING_CLICK) == [("c1",), ("c1",)]
    # A day later, nothing tells them from clicks whose search was lost.
    days.comes("search_request", late.replace("s1", "s5"))
    assert warned()
    assert told() == []
    assert days.rows("cid", WAITING_CLICK) == []
    rejected = days.rows("reject_reason", REJECTED_CLICK)
    assert rejected == [("orphan_click",), ("orphan_click",)]
    days.comes("search_request", SEARCH, SEARCH.replace("s1", "s2"))
    assert not warned()
    assert told() == []
    assert days.rows("search_id", "clean_search_result_interaction") == [
        ("s1",),
        ("s2",),
    ]


@pytest.mark.long
@pytest.mark.parametrize("empty_stores", ["sqlite"], indirect=True)
def test_each_number_that_a_rule_reads_is_part_of_the_fingerprint(
    empty_store: Warehouse, tmp_path: Path
) -> None:
    store = empty_store.copy(tmp_path / "fingerprints")

    def fingerprint(rules: dict[str, object]) -> str:
        store.rebuild(json.dumps(rules))
        newest = "select max(code_fingerprint) from build_record where model_name = "
        ((found,),) = store.query(f"{newest}'clean_search_request'")
        return str(found)

    usual = fingerprint({})
    assert usual != "None"
    assert fingerprint({"min_users": 7}) == usual
    changes: list[dict[str, object]] = [
        {"automated_searches_per_day": 7},
        {"max_click_delay_seconds": 7},
        {"max_value_characters": 7},
        {"plausible_from": "2006-01-01T00:00:00.000Z"},
        {"plausible_until": "2034-01-01T00:00:00.000Z"},
    ]
    fingerprints = {usual, *map(fingerprint, changes)}
    assert len(fingerprints) == 1 + len(changes)
