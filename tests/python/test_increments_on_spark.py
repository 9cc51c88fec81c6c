"""Increments on Spark: generations of rows, shown by one step, in any sequence."""

import re
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import ExitStack, contextmanager
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Self, TypeVar

import pytest
from hypothesis import Phase, given, settings

from clip_search.engines import reading
from clip_search.engines.spark_generations import (
    TableState,
    VersionedTable,
    properties_of,
    state_of,
)
from lab.cluster import is_possible
from lab.warehouse import CLEAN_TABLES, Row, Warehouse
from tests.python.increments import HEADERS, RULES
from tests.python.random_loads import LAW, LONGER_STEPS, Step, deliver

needs_spark = pytest.mark.skipif(not is_possible(), reason="Spark is not installed")

FILES = frozenset(("search_request", number) for number in range(1, 4000))


def test_a_view_says_what_it_shows_in_properties_that_a_catalog_can_hold() -> None:
    state = TableState("__v1", ("__g2", "__g3"), "file_id", FILES, "abc")
    properties = properties_of(state)
    assert max(map(len, properties.values())) <= 4000
    assert "'" not in "".join(properties.values())
    assert state_of({"view.catalogAndNamespace.numParts": "2", **properties}) == state
    assert state_of({"view.catalogAndNamespace.numParts": "2"}) is None
    assert state_of(properties_of(TableState("__v1"))) == TableState("__v1")


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
        """Makes the store of this process."""
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

    def both(self) -> tuple[dict[str, list[Row]], dict[str, list[Row]]]:
        """The tables as increments left them, and as one full build makes them."""
        kept = self.warehouse.results()
        self.take_in("--full-refresh")
        return kept, self.warehouse.results()


def _after(steps: list[Step]) -> tuple[dict[str, list[Row]], dict[str, list[Row]]]:
    Store.current.follow(steps)
    return Store.current.both()


class Spark:
    """Runs functions in the process that has Spark's session."""

    def __init__(self, folder: Path) -> None:
        """Starts the process."""
        self._pool = ProcessPoolExecutor(
            1, get_context("spawn"), initializer=Store.start, initargs=(folder,)
        )

    def run(self, function: Callable[..., Result], *arguments: Any) -> Result:
        """The result of a function, which finds the store in `Store.current`."""
        running: Future[Result] = self._pool.submit(function, *arguments)
        return running.result()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.shutdown()


@pytest.fixture(scope="module")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Spark]:
    with Spark(tmp_path_factory.mktemp("spark")) as running:
        yield running


# Half a minute for each build. A sequence goes on where the one before ended.
@pytest.mark.long
@needs_spark
@settings(LAW, max_examples=10, phases=[Phase.generate], derandomize=True)
@given(steps=LONGER_STEPS)
def test_any_sequence_of_loads_gives_what_one_full_build_gives(
    spark: Spark, steps: list[Step]
) -> None:
    kept, at_once = spark.run(_after, steps)
    assert kept == at_once


SEARCH = "s1,jaws,2020-03-10T13:24:31Z,u1,10"
CLICK = "s1,2020-03-10T13:24:40Z,c1,1"
TABLE = "clean_search_request"
# The steps of an increment of one table, and of its compaction, as they are in SQL.
STEPS_OF_A_BUILD = {
    "ids": rf"create table \S*\b{TABLE}__affected ",
    "rows": rf"create table \S*\b{TABLE}__v\d+__g\d+ ",
    "tombstones": rf"create table \S*\b{TABLE}__v\d+__g\d+__gone ",
    "swap": rf"create or replace view \S*\b{TABLE} ",
    "clean-up": rf"drop table if exists \S*\b{TABLE}__affected$",
}


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


def _kill_at(step: str, is_done: bool) -> tuple[list[Row], list[Row]]:
    """The table before a build that ends at a step, and after it."""
    store = Store.current
    number = len(list(store.logs.glob("search_request_k*.csv")))
    path = store.logs / f"search_request_k{number}.csv"
    ids = (f"k{number}", "k")
    path.write_text(
        "\n".join(
            (HEADERS["search_request"], *(SEARCH.replace("s1", name) for name in ids))
        )
    )
    store.warehouse.load(path)
    store.loaded.add(path)
    before = store.warehouse.sorted_rows(TABLE)
    with _failing(STEPS_OF_A_BUILD[step], is_done=is_done):
        told = store.warehouse.try_dbt(
            *("run", "--select", CLEAN_TABLES, "--vars", store.rules)
        )
    assert not told.has_succeeded
    return before, store.warehouse.sorted_rows(TABLE)


def _both() -> tuple[dict[str, list[Row]], dict[str, list[Row]]]:
    Store.current.take_in()
    return Store.current.both()


@pytest.mark.long
@needs_spark
@pytest.mark.parametrize("is_done", [False, True])
@pytest.mark.parametrize("step", STEPS_OF_A_BUILD)
def test_a_build_that_ends_between_two_steps_leaves_the_table_before(
    spark: Spark, step: str, is_done: bool
) -> None:
    before, after = spark.run(_kill_at, step, is_done)
    is_shown = step == "clean-up" or (step, is_done) == ("swap", True)
    assert (after == before) is not is_shown
    kept, at_once = spark.run(_both)
    assert kept == at_once
    assert len(kept[TABLE]) > len(before) - 1
