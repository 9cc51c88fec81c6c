"""Increments on Spark: generations of rows, shown by one step, in any sequence."""

import csv
import os
import re
import threading
import zlib
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Self, TypeVar

import pytest
from hypothesis import Phase, given, settings

from clip_search.engines import reading
from clip_search.engines.spark_generations import (
    TableState,
    VersionedTable,
    comment_of,
    name_of_stored,
    state_of,
)
from lab.cluster import is_possible
from lab.warehouse import CLEAN_TABLES, Row, Warehouse
from tests.python.increments import HEADERS, RULES
from tests.python.random_loads import FEW_STEPS, LAW, Step, deliver

needs_spark = pytest.mark.skipif(not is_possible(), reason="Spark is not installed")

# A year of days with three logs, and some that came alone.
FILES = frozenset(
    (log, 3 * day + number) for day in range(1000) for number, log in enumerate(HEADERS)
) | {("search_request", 5000), ("search_request", 5007), ("clip", 5001)}


def test_a_view_says_what_it_shows_in_a_comment_that_a_catalog_can_hold() -> None:
    state = TableState("__v1", ("__g2", "__g3"), "file_id", FILES, "abc")
    comment = comment_of(state)
    assert len(comment) < 300
    assert state_of(f"create view a as select {comment} * from a__v1") == state
    assert state_of("create view a as select /* nothing */ * from a__v1") is None
    plain = TableState("__v1")
    assert state_of(comment_of(plain)) == plain


V1 = "__v20200310000000000001"
V2 = "__v20200310000000000002"
V3 = "__v20200310000000000003"
G1 = "__g20200310000000000004"
G2 = "__g20200310000000000005"


@pytest.mark.parametrize(
    ("kept_versions", "left"),
    [
        (2, [f"t{V2}", f"t{V2}{G1}", f"t{V3}", f"t{V3}{G1}", f"t{V3}{G1}__gone"]),
        (0, [f"t{V3}", f"t{V3}{G1}", f"t{V3}{G1}__gone"]),
    ],
)
def test_what_no_view_shows_is_dropped(kept_versions: int, left: list[str]) -> None:
    """Older versions, and what a killed build has left; never another table's."""
    others = {"t", f"t__u{V1}", f"t_2{V1}"}
    stored = {
        *(f"t{V1}", f"t{V2}", f"t{V2}{G1}", f"t{V3}"),
        *(f"t{V3}{G1}", f"t{V3}{G1}__gone", f"t{V3}{G2}", f"t{V3}{G2}__gone"),
    }
    there = stored | others

    def run(statement: str) -> list[tuple[Any, ...]]:
        if dropped := re.fullmatch(r"drop table if exists (\w+)", statement):
            there.remove(dropped[1])
            return []
        assert statement == "show tables like 't__v2*'"
        return [("", name, False) for name in sorted(there)]

    VersionedTable(run, "t").drop_unshown(TableState(V3, (G1,)), kept_versions)
    assert sorted(there - others) == left


# --- Spark in a process of its own: there is one catalog per process ----------------

Result = TypeVar("Result")


class _Failed(Exception):
    """A statement was made to fail."""


class Store:
    """A warehouse on Spark, in the process that has its session."""

    current: "Store"

    def __init__(self, folder: Path) -> None:
        """Builds it without rows, after a load and an unload of each log."""
        self.logs = folder / "logs"
        self.logs.mkdir()
        self.loaded: set[Path] = set()
        self.rules = RULES[0]
        self.warehouse = Warehouse(folder / "spark", folder / "target", engine="spark")
        self._open = ExitStack()
        self.warehouse.database.mkdir()
        # Spark stops with the last connection.
        self._open.enter_context(reading(self.warehouse.database, "spark"))
        for log, header in HEADERS.items():
            (self.logs / f"{log}_0.csv").write_text(header + "\n", encoding="utf-8")
        self.warehouse.load(self.logs)
        for log in HEADERS:
            self.warehouse.unload(self.logs / f"{log}_0.csv")
            (self.logs / f"{log}_0.csv").unlink()
        self.warehouse.rebuild(self.rules)

    @classmethod
    def start(cls, folder: Path) -> None:
        """Makes the store of this process, which builds two models at a time."""
        os.environ["CLIP_SEARCH_THREADS"] = "2"
        cls.current = cls(folder)

    def take_in(self, *arguments: str) -> str:
        """Updates the tables; returns what dbt said."""
        return self.warehouse.dbt(
            *("run", "--select", CLEAN_TABLES, "--vars", self.rules, *arguments)
        )

    def follow(self, steps: list[Step]) -> None:
        """Goes through some days, and ends with a build."""
        is_built = True
        for step in steps:
            deliver(step, self.warehouse, self.logs, self.loaded)
            is_built = True
            if step.rules != self.rules:
                self.rules = step.rules
                self.warehouse.rebuild(self.rules)
            elif step.is_built:
                self.take_in()
            else:
                is_built = False
        if not is_built:
            self.take_in()


def _after(steps: list[Step]) -> tuple[str, Path, dict[str, list[Row]]]:
    """The rules and the logs after some days, and the tables that increments made."""
    store = Store.current
    store.follow(steps)
    return store.rules, store.logs, store.warehouse.results()


class Spark:
    """Runs functions in the process that has Spark's session."""

    def __init__(self, folder: Path) -> None:
        """Starts the process."""
        self._pool = ProcessPoolExecutor(
            1, get_context("spawn"), initializer=Store.start, initargs=(folder,)
        )

    def run(
        self, function: Callable[..., Result], *arguments: Any, **named: Any
    ) -> Result:
        """The result of a function, which finds the store in `Store.current`."""
        running: Future[Result] = self._pool.submit(function, *arguments, **named)
        return running.result()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.shutdown()


@pytest.fixture(scope="module")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Spark]:
    with Spark(tmp_path_factory.mktemp("spark")) as running:
        yield running


# A minute or two for each build. A sequence goes on where the one before ended.
@pytest.mark.long
@needs_spark
@pytest.mark.parametrize("empty_stores", ["sqlite"], indirect=True)
@settings(LAW, max_examples=10, phases=[Phase.generate], derandomize=True)
@given(steps=FEW_STEPS)
def test_any_sequence_of_loads_gives_what_one_full_build_on_sqlite_gives(
    spark: Spark,
    steps: list[Step],
    empty_stores: dict[str, Warehouse],
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    rules, logs, kept = spark.run(_after, steps)
    at_once = empty_stores[rules].copy(tmp_path_factory.mktemp("law") / "at_once")
    if any(logs.iterdir()):
        at_once.load(logs)
    at_once.take_in(rules, "--full-refresh")
    assert kept == at_once.results()


SEARCH = "s1,jaws,2020-03-10T13:24:31Z,u1,10"
CLICK = "s1,2020-03-10T13:24:40Z,c1,1"
TABLE = "clean_search_request"
# The statements of an increment of one table, in their order.
STEPS_OF_A_BUILD = {
    "ids": r"create table \S*\baffected__\w+ ",
    "rows": rf"create table \S*\b{TABLE}__v\d+__g\d+ ",
    "tombstones": rf"create table \S*\b{TABLE}__v\d+__g\d+__gone ",
    "swap": rf"alter view \S*\b{TABLE} ",
    "clean-up": rf"show tables in \w+ like '{TABLE}__v2\*'$",
}
COMPACTION = rf"create table \S*\b{TABLE}__v\d+ "


@contextmanager
def _failing(pattern: str, *, is_done: bool) -> Iterator[None]:
    """The first statement of a kind fails: before it has an effect, or right after."""
    from pyspark.sql import SparkSession

    run = SparkSession.sql
    lock = threading.Lock()
    failed: list[str] = []

    def sql(session: Any, statement: str, *arguments: Any, **named: Any) -> Any:
        # dbt's comment comes first.
        bare = re.sub(r"^\s*/\*.*?\*/\s*", "", statement, flags=re.DOTALL)
        with lock:
            fails = not failed and re.match(pattern, bare.strip()) is not None
            if fails:
                failed.append(bare)
        if fails and not is_done:
            raise _Failed("made to fail")
        result = run(session, statement, *arguments, **named)
        if fails:
            raise _Failed("made to fail")
        return result

    SparkSession.sql = sql
    try:
        yield
    finally:
        SparkSession.sql = run
    assert failed


def _search_comes(number: int) -> list[Row]:
    """One more search is loaded, and all tables but one are built.

    Returns:
        The rows of that table before its build.
    """
    store = Store.current
    before = store.warehouse.sorted_rows(TABLE)
    path = store.logs / f"search_request_k{number}.csv"
    rows = [SEARCH.replace("s1", name) for name in (f"k{number}", "k")]
    path.write_text("\n".join((HEADERS["search_request"], *rows, "")))
    store.warehouse.load(path)
    store.take_in("--exclude", TABLE)
    return before


def _rows_if_a_step_fails(step: str, is_done: bool) -> list[Row]:
    """The rows of the table after its build has failed at a step."""
    store = Store.current
    with _failing(STEPS_OF_A_BUILD[step], is_done=is_done):
        told = store.warehouse.try_dbt(
            *("run", "--select", TABLE, "--vars", store.rules)
        )
    assert not told.has_succeeded
    return store.warehouse.sorted_rows(TABLE)


def _rows_after_a_build() -> list[Row]:
    store = Store.current
    store.warehouse.dbt("run", "--select", TABLE, "--vars", store.rules)
    return store.warehouse.sorted_rows(TABLE)


def _rows_if_a_compaction_fails(is_done: bool) -> list[Row]:
    store = Store.current
    with reading(store.warehouse.database, "spark") as connection:
        table = VersionedTable(connection.rows_of, TABLE)
        state = table.state()
        assert state is not None
        assert state.generations
        for pattern in (COMPACTION, STEPS_OF_A_BUILD["swap"]):
            with _failing(pattern, is_done=is_done), suppress(_Failed):
                table.compact(state)
        return store.warehouse.sorted_rows(TABLE)


# Two builds of all tables, and a dozen of one.
@pytest.mark.long
@needs_spark
def test_a_build_that_ends_between_two_steps_leaves_the_table_before(
    spark: Spark,
) -> None:
    before = spark.run(_search_comes, 1)
    for step in ("ids", "rows", "tombstones", "swap"):
        for is_done in (False, True):
            if (step, is_done) != ("swap", True):
                after = spark.run(_rows_if_a_step_fails, step, is_done)
                assert after == before, (step, is_done)
    # The last step makes it complete: then nothing is pending.
    shown = spark.run(_rows_if_a_step_fails, "swap", True)
    assert len(shown) == len(before) + 2
    assert spark.run(_rows_after_a_build) == shown

    before = spark.run(_search_comes, 2)
    shown = spark.run(_rows_if_a_step_fails, "clean-up", False)
    assert len(shown) == len(before) + 1
    assert spark.run(_rows_after_a_build) == shown
    for is_done in (False, True):
        assert spark.run(_rows_if_a_compaction_fails, is_done) == shown


def _bytes_of_stored(folder: Path) -> dict[str, int]:
    """The bytes of each version and generation."""
    return {
        stored.name: sum(file.stat().st_size for file in stored.rglob("*.parquet"))
        for stored in (folder / "tables").iterdir()
        if name_of_stored(stored.name)
    }


def _bytes_written(part: Path, *, is_first: bool) -> dict[str, int]:
    """The bytes of each version and generation that a build of new logs writes."""
    store = Store.current
    store.warehouse.load(part)
    before = _bytes_of_stored(store.warehouse.database)
    if is_first:
        store.rules = "{}"
        store.warehouse.rebuild(store.rules)
    else:
        store.take_in()
    after = _bytes_of_stored(store.warehouse.database)
    return {name: after[name] for name in after.keys() - before.keys()}


def _write_part(logs: Path, part: Path, *, is_last: bool) -> Path:
    """One search_id of a hundred comes last, with its clicks."""
    part.mkdir()
    for path in logs.glob("search_*.csv"):
        with path.open(newline="") as file, (part / path.name).open("w") as written:
            header, *rows = csv.reader(file)
            ids = (zlib.crc32(row[0].encode()) for row in rows)
            csv.writer(written).writerows(
                [
                    header,
                    *(
                        row
                        for row, number in zip(rows, ids, strict=True)
                        if (number % 100 == 0) is is_last
                    ),
                ]
            )
    return part


# Two builds of 20,000 searches.
@pytest.mark.long
@needs_spark
def test_one_percent_more_writes_at_most_five_percent(
    spark: Spark, tmp_path: Path
) -> None:
    made = Warehouse(tmp_path / "none.db").run(
        *("clip-search", "simulate", "--seed", "31", "--requests", "20000"),
        *("--no-key", "--out", str(tmp_path)),
    )
    assert made.returncode == 0, made.stderr
    first = _write_part(tmp_path, tmp_path / "first", is_last=False)
    then = _write_part(tmp_path, tmp_path / "then", is_last=True)
    full = spark.run(_bytes_written, first, is_first=True)
    added = spark.run(_bytes_written, then, is_first=False)
    assert {name for name in added if "__g" not in name} <= {
        name for name in added if name_of_stored(name) in ("clip", "log_ledger")
    }
    (rows,) = (name for name in full if name_of_stored(name) == TABLE)
    assert sum(each for name, each in added.items() if rows in name) > 0

    assert sum(added.values()) <= 0.05 * sum(full.values())
