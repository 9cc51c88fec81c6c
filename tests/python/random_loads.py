"""Random sequences of loads, for the law of increments: small logs with every fault."""

from dataclasses import dataclass
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from lab.warehouse import Warehouse
from tests.python.increments import HEADERS, RULES

LAW = settings(deadline=None, suppress_health_check=list(HealthCheck))
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
class Step:
    """One day: in each world, files come and go; then perhaps all is built."""

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


def steps_of(worlds: int) -> st.SearchStrategy[Step]:
    """Steps in some worlds."""
    return st.builds(
        Step,
        moves=st.tuples(*[MOVE] * worlds),
        is_built=st.sampled_from([True, True, False]),
        rules=st.sampled_from([RULES[0]] * 19 + [RULES[1]]),
    )


STEPS = st.lists(steps_of(len(WORLDS)), min_size=2, max_size=2)
# On Spark, loading a file takes as long as a build does elsewhere.
FEW_STEPS = st.lists(steps_of(1), min_size=1, max_size=3)
LONGER_STEPS = st.lists(steps_of(len(WORLDS)), min_size=2, max_size=6)


def deliver(step: Step, store: Warehouse, logs: Path, loaded: set[Path]) -> None:
    """Loads and unloads the files of a step.

    Args:
        step: The step.
        store: The warehouse.
        logs: The folder of the files.
        loaded: The loaded files; is updated.
    """
    moves = list(zip(WORLDS, step.moves, strict=False))
    for world, move in moves:
        for write in move.writes:
            path = logs / f"{write.log}_{world}{write.number}.csv"
            path.write_text(write.content.replace("{w}", world), encoding="utf-8")
            loaded.add(path)
    if any(move.writes for move in step.moves):
        store.load(logs)
    for world, move in moves:
        there = sorted(path for path in loaded if path.stem[-2] == world)
        if move.unload is not None and there:
            path = there[move.unload % len(there)]
            store.unload(path)
            path.unlink()
            loaded.remove(path)
