"""Increments: logs that arrive file by file, each built on arrival."""

import json
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from clip_search.status import read_remarks
from lab.warehouse import CLEAN_LAYER, Row, Warehouse
from tests.python.increments import HEADERS, RULES

# Each builds the clean layer several times.
pytestmark = pytest.mark.slow

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

    def delivers(self, log: str, *rows: str) -> Path:
        """One more file is loaded."""
        number = len(list(self.folder.glob("*.csv")))
        path = self.folder / f"{log}_{number}.csv"
        path.write_text("\n".join([HEADERS[log], *rows, ""]), encoding="utf-8")
        self.store.load(path)
        return path

    def comes(self, log: str, *rows: str) -> Path:
        """One more file is loaded and built."""
        path = self.delivers(log, *rows)
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


@dataclass(frozen=True)
class Week:
    """What the tables said after each day of one week, for the ids of one story each.

    The stories share the builds, and no id or user, so that none changes another.
    """

    days: list[dict[str, list[Row]]]

    def rows(self, day: int, name: str, story: str) -> list[Row]:
        """The rows of a story, without its name, on a day from 1."""
        rows = self.days[day - 1][name]
        return [row[1:] for row in rows if str(row[0]).startswith(story)]

    def each_day(self, name: str, story: str) -> list[list[Row]]:
        """The rows of a story after each day."""
        return [self.rows(day, name, story) for day in range(1, 1 + len(self.days))]


READ = {
    "searches": ("search_query, ts, is_ts_disputed", "clean_search_request"),
    "flags": ("is_automated", "clean_search_request"),
    "clicks": ("cid", "clean_search_result_interaction"),
    "waiting": ("cid", WAITING_CLICK),
    "shown": ("cid, position, raw_row_count", "clean_search_result_shown"),
    "not shown": ("cid, reject_reason", "rejected_search_result_shown"),
    "forgotten": ("1", "unloaded_search_id"),
}


def of(story: str, row: str) -> str:
    """A row with the story's ids: `s1` of user `u1` becomes `NAME1` of user `NAME`."""
    return row.replace("s1", f"{story}1").replace("u1", story)


@pytest.fixture(scope="module")
def week(empty_store: Warehouse, tmp_path_factory: pytest.TempPathFactory) -> Week:
    """Five days of deliveries; each day is one build."""
    days = Days(empty_store, tmp_path_factory.mktemp("week"))
    seen: list[dict[str, list[Row]]] = []

    def comes(log: str, *rows: str) -> Path:
        return days.delivers(log, *rows)

    def ends() -> None:
        days.store.take_in(RULES[0])
        seen.append(
            {
                name: days.rows(f"search_id, {columns}", table)
                for name, (columns, table) in READ.items()
            }
        )

    later = SEARCH.replace("13:24:31", "13:24:38")
    other = SEARCH.replace("jaws", "shrek").replace("13:24:31", "13:50:31")
    comes("search_request", of("dispute", SEARCH), of("dispute", later))
    comes("search_request", of("decide", SEARCH), of("decide", other))
    for number in (1, 2):
        comes("search_request", of("flip", SEARCH.replace("s1", f"s1{number}")))
    comes("search_request", "flip9,jaws,2020-03-09T13:24:31Z,flip,10")
    comes("search_result_interaction", of("orphan", CLICK))
    comes("search_result_shown", "show1,c1,3", "show1,c2,1", "show2,c1,1")
    comes("search_result_shown", "decide1,c1,1")
    ends()

    orphan = comes("search_request", of("orphan", SEARCH))
    show = comes("search_request", of("show", SEARCH))
    third = comes("search_request", of("flip", SEARCH.replace("s1", "s13")))
    comes("search_result_interaction", of("decide", CLICK), of("dispute", CLICK))
    ends()

    days.store.unload(orphan)
    days.store.unload(third)
    earlier = CLICK.replace("13:24:40", "13:24:35")
    comes("search_result_interaction", of("dispute", earlier))
    higher = comes("search_result_shown", "show1,c1,2", "show,c3,1")
    ends()

    days.store.unload(higher)
    ends()

    days.store.unload(show)
    ends()
    return Week(seen)


def test_an_orphan_click_is_clean_while_its_search_is_loaded(week: Week) -> None:
    is_there, is_not = [("c1",)], []
    assert week.each_day("waiting", "orphan")[:3] == [is_there, is_not, is_there]
    assert week.each_day("clicks", "orphan")[:3] == [is_not, is_there, is_not]
    assert week.rows(3, "searches", "orphan") == []


def test_no_id_of_an_unloaded_search_is_kept(week: Week) -> None:
    # An id may be personal data, and no table needs it any more.
    assert [day["forgotten"] for day in week.days] == [[]] * 5


def test_what_was_shown_is_clean_while_its_search_is_loaded(week: Week) -> None:
    lost = [("c1", "orphan_impression")]
    at_three = [("c1", 3, 1), ("c2", 1, 1)]
    assert week.each_day("shown", "show") == [
        [],
        at_three,
        # A higher position of the same clip comes, and is taken back.
        [("c1", 2, 2), ("c2", 1, 1)],
        at_three,
        [],
    ]
    assert week.rows(1, "not shown", "show1") == [*lost, ("c2", "orphan_impression")]
    assert week.rows(2, "not shown", "show") == lost
    assert week.rows(5, "not shown", "show1") == [*lost, ("c2", "orphan_impression")]


def test_a_click_that_decides_for_a_search_also_decides_for_what_was_shown(
    week: Week,
) -> None:
    assert week.rows(1, "shown", "decide") == []
    assert [row[0] for row in week.rows(2, "searches", "decide")] == ["jaws"]
    assert week.rows(2, "shown", "decide") == [("c1", 1, 1)]


def test_a_disputed_time_is_settled_when_a_click_arrives_and_again_by_an_earlier_one(
    week: Week,
) -> None:
    assert week.each_day("searches", "dispute")[:3] == [
        [("jaws", "2020-03-10T13:24:31.000Z", 1)],
        [("jaws", "2020-03-10T13:24:38.000Z", 0)],
        [("jaws", "2020-03-10T13:24:31.000Z", 0)],
    ]


def test_a_user_who_crosses_the_limit_flips_with_all_rows_and_back(week: Week) -> None:
    # Two searches of one day and one of another; the third of the day makes four.
    assert week.each_day("flags", "flip")[:3] == [
        [(0,)] * 3,
        [(1,)] * 4,
        [(0,)] * 3,
    ]


# Three builds in addition to those of the week.
@pytest.mark.long
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


def test_a_build_with_nothing_new_writes_to_no_table(days: Days) -> None:
    days.comes("search_request", SEARCH)
    before = days.store.database.read_bytes()
    days.store.take_in(RULES[0])
    assert days.store.database.read_bytes() == before


# The benchmark of increments measures what this counts.
@pytest.mark.long
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


# Three builds in addition to those of the week.
@pytest.mark.long
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


# Ten builds and tests. Unit tests cover the rule in the tests that everybody runs.
@pytest.mark.long
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
