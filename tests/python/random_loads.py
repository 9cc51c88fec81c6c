"""Random sequences of loads, for the law of increments: small logs with every fault."""

from dataclasses import dataclass
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from lab.warehouse import Warehouse
from tests.python.increments import HEADERS, RULES

LAW = settings(deadline=None, suppress_health_check=list(HealthCheck))
# Small pools, so that ids, users, clips and times repeat, with every fault that a row
# or a pair of rows can have.
SESSION = f"inferred-{'a' * 20}"
SEARCH_IDS = (
    *("s1", "s2", "s3", " s1 ", "s 4", "ann@example.com", "NULL", "", " "),
    # Searches and clicks of one session, in a log without search ids.
    *(f"{SESSION}-{'a' * 20}", f"{SESSION}-{'b' * 20}", f"{SESSION}-86400"),
)
CUIDS = ("u1", "u2", " u1", "bob@example.com", "undefined", "")
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
RAGGED_LINES = ("s1,only two", "s1,a,b,c,d,e,f,ann@example.com")


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
class Step:
    """One day: files are loaded or unloaded, then perhaps built."""

    writes: tuple[Write, ...]
    unload: int | None
    is_built: bool
    rules: str


def writes() -> st.SearchStrategy[Write]:
    return st.sampled_from(list(HEADERS)).flatmap(
        lambda log: st.builds(Write, st.just(log), st.integers(1, 4), contents(log))
    )


STEP = st.builds(
    Step,
    writes=st.lists(writes(), min_size=0, max_size=3).map(tuple),
    unload=st.one_of(st.none(), st.integers(0, 7)),
    is_built=st.sampled_from([True, True, False]),
    rules=st.sampled_from([RULES[0]] * 19 + [RULES[1]]),
)
STEPS = st.lists(STEP, min_size=2, max_size=2)
FEW_STEPS = st.lists(STEP, min_size=1, max_size=3)
LONGER_STEPS = st.lists(STEP, min_size=2, max_size=6)


def deliver(step: Step, store: Warehouse, logs: Path, loaded: set[Path]) -> None:
    """Loads and unloads the files of a step.

    Args:
        step: The step.
        store: The warehouse.
        logs: The folder of the files.
        loaded: The loaded files; is updated.
    """
    for write in step.writes:
        path = logs / f"{write.log}_{write.number}.csv"
        path.write_text(write.content, encoding="utf-8")
        loaded.add(path)
    if step.writes:
        store.load(logs)
    if step.unload is not None and loaded:
        path = sorted(loaded)[step.unload % len(loaded)]
        store.unload(path)
        path.unlink()
        loaded.remove(path)
