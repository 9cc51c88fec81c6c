"""Increments: any sequence of loads gives the same bytes as one full build.

Ten sequences run in one warehouse, each in a world of its own, with ids that no other
world has. So an example of Hypothesis is ten sequences for the price of one.
"""

from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from lab.warehouse import Warehouse
from tests.python.increments import HEADERS, RULES

# Small pools, so that ids, users, clips and times repeat, with every fault that a row
# or a pair of rows can have. `{w}` is the world, a letter: rows of two worlds have no
# id in common, so that each is a log of its own.
SESSION = f"inferred-{'{w}' * 20}"
SEARCH_IDS = (
    *(
        "s1{w}",
        "s2{w}",
        "s3{w}",
        " s1{w} ",
        "s {w}",
        "ann@example.com",
        "NULL",
        "",
        " ",
    ),
    # Searches and clicks of one session, in a log without search ids.
    *(f"{SESSION}-{'a' * 20}", f"{SESSION}-{'b' * 20}", f"{SESSION}-86400"),
)
CUIDS = ("u1{w}", "u2{w}", " u1{w}", "bob@example.com", "undefined", "")
QUERIES = (
    *("jaws trailer", "jaws", "jawstrailer"),
    *("jaws trialer", "jaws 2", "mail ann@example.com", "null", ""),
)
TIMES = (
    "2020-03-10T13:24:31Z",
    "2020-03-10 09:24:33.500 -0400",
    "1583846672",
    "1583846671257",
    "2020-03-10T13:24:31.9999Z",
    "2020-03-10T13:24:29.100Z",
    "2020-03-11T13:24:31Z",
    "2020-03-12T13:24:32Z",
    "2020-03-10T13:24:31",
    "2020-02-30T13:24:31Z",
    "1999-03-10T13:24:31Z",
    "yesterday",
)
TOTALS = ("10", "1.0", "0", "", "-1", "many")
CIDS = ("c1", "c2", "ann@example.com", "")
POSITIONS = ("1", "2", "2.0", "0", "11", "first")
COLUMNS = {
    "search_request": (SEARCH_IDS, QUERIES, TIMES, CUIDS, TOTALS),
    "search_result_interaction": (SEARCH_IDS, TIMES, CIDS, POSITIONS),
    "search_result_shown": (SEARCH_IDS, CIDS, POSITIONS),
}
RAGGED_LINES = ("s1{w},only two", "s1{w},a,b,c,d,e,f,ann@example.com")
WORLDS = "abcdef0123"
"""Worlds that are loaded into one warehouse: dbt starts once for all of them."""


def mostly_first(pool: tuple[str, ...]) -> st.SearchStrategy[str]:
    """Half of the values are valid, so that not every row breaks a rule."""
    return st.one_of(st.sampled_from(pool[:3]), st.sampled_from(pool))


def lines(log: str) -> st.SearchStrategy[str]:
    record = st.tuples(*(mostly_first(pool) for pool in COLUMNS[log])).map(",".join)
    return st.one_of(*[record] * 12, st.sampled_from(RAGGED_LINES))


def contents(log: str) -> st.SearchStrategy[str]:
    return st.lists(lines(log), max_size=14).map(
        lambda rows: "\n".join([HEADERS[log], *rows, ""]) if rows else ""
    )


@dataclass(frozen=True)
class Write:
    """A file appears or changes."""

    log: str
    number: int
    content: str


@dataclass(frozen=True)
class Move:
    """What happens to the files of one world on one day."""

    writes: tuple[Write, ...]
    unload: int | None


@dataclass(frozen=True)
class Day:
    """In each world, files are loaded or unloaded; then perhaps everything is built."""

    moves: tuple[Move, ...]
    is_built: bool
    rules: str


def writes() -> st.SearchStrategy[Write]:
    return st.sampled_from(list(HEADERS)).flatmap(
        lambda log: st.builds(Write, st.just(log), st.integers(1, 4), contents(log))
    )


MOVE = st.builds(
    Move,
    writes=st.lists(writes(), min_size=0, max_size=3).map(tuple),
    unload=st.one_of(st.none(), st.integers(0, 7)),
)
DAY = st.builds(
    Day,
    moves=st.tuples(*[MOVE] * len(WORLDS)),
    is_built=st.sampled_from([True, True, False]),
    rules=st.sampled_from([RULES[0]] * 19 + [RULES[1]]),
)
DAYS = st.lists(DAY, min_size=2, max_size=2)
MORE_DAYS = st.lists(DAY, min_size=2, max_size=6)


@dataclass
class Logs:
    """The files of all worlds: those on disk are loaded."""

    folder: Path

    def write(self, move: Move, world: str) -> None:
        """Writes the files of one world; the caller loads those of all worlds."""
        for write in move.writes:
            path = self.folder / f"{write.log}_{world}{write.number}.csv"
            path.write_text(write.content.replace("{w}", world), encoding="utf-8")

    def unload(self, move: Move, world: str, store: Warehouse) -> None:
        """Unloads and deletes one file of one world, if there is one."""
        there = sorted(self.folder.glob(f"*_{world}[0-9].csv"))
        if move.unload is not None and there:
            path = there[move.unload % len(there)]
            store.unload(path)
            path.unlink()

    def __len__(self) -> int:
        return sum(1 for _ in self.folder.iterdir())


def check_law(
    days: list[Day],
    empty_stores: dict[str, Warehouse],
    folder: Path,
    has_marts: bool = True,
) -> None:
    """Lives through the days, then builds the final state at once, and compares."""
    logs = Logs(folder / "logs")
    logs.folder.mkdir()
    store = empty_stores[RULES[0]].copy(folder / "increments")
    rules = RULES[0]
    is_built = True
    for day in days:
        for world, move in zip(WORLDS, day.moves, strict=True):
            logs.write(move, world)
        if any(move.writes for move in day.moves):
            store.load(logs.folder)
        for world, move in zip(WORLDS, day.moves, strict=True):
            logs.unload(move, world, store)
        is_built = True
        if day.rules != rules:
            rules = day.rules
            store.rebuild(rules)
        elif day.is_built:
            store.take_in(rules)
        else:
            is_built = False
    if not is_built:
        store.take_in(rules)

    at_once = empty_stores[rules].copy(folder / "at_once")
    if len(logs):
        at_once.load(logs.folder)
    at_once.take_in(rules, "--full-refresh")
    event(f"{len(logs) // len(WORLDS)} files of a world in the end")
    assert store.results() == at_once.results()
    if has_marts:
        assert store.marts(rules) == at_once.marts(rules)


LAW = settings(deadline=None, suppress_health_check=list(HealthCheck))


@pytest.mark.parametrize("empty_stores", ["sqlite"], indirect=True)
# Hypothesis begins with the example in which nothing happens.
@settings(LAW, max_examples=4)
@given(days=DAYS)
def test_any_sequence_of_loads_gives_what_one_full_build_gives(
    days: list[Day],
    empty_stores: dict[str, Warehouse],
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    check_law(days, empty_stores, tmp_path_factory.mktemp("law"), has_marts=False)


# A build on DuckDB takes twice as long; the hundreds of sequences run on both engines.
@pytest.mark.long
@pytest.mark.parametrize("empty_stores", ["duckdb"], indirect=True)
@settings(LAW, max_examples=1)
@given(days=DAYS)
def test_any_sequence_of_loads_gives_what_one_full_build_gives_on_duckdb(
    days: list[Day],
    empty_stores: dict[str, Warehouse],
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    check_law(days, empty_stores, tmp_path_factory.mktemp("law"), has_marts=False)


# Marts read only the clean layer, with the same SQL, so one engine is enough.
@pytest.mark.long
@pytest.mark.parametrize("empty_stores", ["sqlite"], indirect=True)
@settings(LAW, max_examples=1)
@given(days=DAYS)
def test_any_sequence_of_loads_gives_the_marts_of_one_full_build(
    days: list[Day],
    empty_stores: dict[str, Warehouse],
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    check_law(days, empty_stores, tmp_path_factory.mktemp("marts"))


@pytest.mark.long
@pytest.mark.parametrize("fifty", range(10))
@settings(LAW, max_examples=5)
@given(days=MORE_DAYS)
def test_the_law_holds_for_hundreds_of_sequences(
    fifty: int,
    days: list[Day],
    empty_stores: dict[str, Warehouse],
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """A minute for each fifty sequences, twice as long on DuckDB."""
    folder = tmp_path_factory.mktemp("law")
    check_law(days, empty_stores, folder, has_marts=fifty == 0)
