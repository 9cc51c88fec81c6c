"""Compares increments with a full refresh: CPU seconds of the clean layer's SQL.

Run by `make bench-increment`. Time is measured in this process where statements reach
the engine, so it does not include dbt's start-up or dbt's own work.
"""

import csv
import random
import sqlite3
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import Annotated, Any
from unittest.mock import patch

import typer
from dbt.adapters.duckdb.environments import local
from dbt.adapters.sql.connections import SQLConnectionManager
from rich.console import Console
from rich.table import Table

from clip_search.engines import engine_name
from clip_search.logs import LOG_NAMES
from lab.benchmarks.simulated import simulate
from lab.warehouse import Warehouse

BASE = "all but the slices"
NOTHING_NEW = "nothing new"
# Each slice: its description and its share of the log.
SLICES = {
    "1 % of the search_ids, all new": 0.01,
    "0.1 % of the search_ids, all new": 0.001,
    "1 % of the rows, old search_ids hit": 0.01,
}
# The goal for a slice, if there is one: the maximum cost as a share of a full refresh.
LIMITS = {
    "sqlite": dict(zip([*SLICES, NOTHING_NEW], (0.10, 0.03, 0.20, 0.01), strict=True)),
    "duckdb": {"1 % of the search_ids, all new": 0.08},
}


class StatementTime:
    """The CPU seconds of an engine's statements and commits, by dbt node."""

    def __init__(self, engine: str) -> None:
        """Starts at zero.

        Args:
            engine: `sqlite` or `duckdb`.
        """
        self.seconds: dict[str, float] = defaultdict(float)
        self._engine = engine
        self._node = ""

    @contextmanager
    def measured(self) -> Iterator[None]:
        """Adds up the time of what runs inside."""
        with ExitStack() as patches:
            patches.enter_context(
                patch.object(SQLConnectionManager, "add_query", self._noted_query())
            )
            if self._engine == "duckdb":
                for owner, name in (
                    (local.DuckDBCursorWrapper, "execute"),
                    (local.LocalEnvironment, "close"),
                ):
                    call = self._timed(getattr(owner, name))
                    patches.enter_context(patch.object(owner, name, call))
            else:
                patches.enter_context(
                    patch.object(sqlite3, "connect", self._timed_connect())
                )
            yield

    def _timed(self, call: Callable[..., Any]) -> Callable[..., Any]:
        def run(*args: Any, **more: Any) -> Any:
            began = time.process_time()
            try:
                return call(*args, **more)
            finally:
                self.seconds[self._node] += time.process_time() - began

        return run

    def _timed_connect(self) -> Callable[..., sqlite3.Connection]:
        class TimedCursor(sqlite3.Cursor):
            execute = self._timed(sqlite3.Cursor.execute)

        class TimedConnection(sqlite3.Connection):
            commit = self._timed(sqlite3.Connection.commit)

            def cursor(self, factory: Any = TimedCursor) -> Any:
                return super().cursor(factory)

        return partial(sqlite3.connect, factory=TimedConnection)

    def _noted_query(self) -> Callable[..., Any]:
        original = SQLConnectionManager.add_query

        def add_query(manager: Any, *args: Any, **more: Any) -> Any:
            name = manager.get_thread_connection().name or "?"
            self._node = name.split(".")[-1]
            return original(manager, *args, **more)

        return add_query


def cut(logs: Path, folder: Path, seed: int) -> list[str]:
    """Splits logs into a base and one folder per slice; returns the folders' names.

    Slices of new search_ids contain all their rows; the last slice contains single
    rows, most of whose search_ids have other rows in the base.
    """
    names = [BASE, *SLICES]
    chance = random.Random(seed)
    of_search_id: dict[str, str] = {}

    def choose(search_id: str, shares: Mapping[str, float]) -> str:
        if search_id not in of_search_id:
            drawn = chance.random()
            of_search_id[search_id] = BASE
            for name, share in shares.items():
                if drawn < share:
                    of_search_id[search_id] = name
                    break
                drawn -= share
        return of_search_id[search_id]

    *whole, by_row = SLICES
    shares = {name: SLICES[name] for name in whole}
    for log in LOG_NAMES:
        with ExitStack() as files:
            source = csv.reader(
                files.enter_context((logs / f"{log}.csv").open(newline=""))
            )
            header = next(source)
            writers = {}
            for name in names:
                (folder / name).mkdir(exist_ok=True)
                target = (folder / name / f"{log}.csv").open("w", newline="")
                writers[name] = csv.writer(files.enter_context(target))
                writers[name].writerow(header)
            column = header.index("search_id")
            for record in source:
                name = choose(record[column] if len(record) > column else "", shares)
                if name == BASE and chance.random() < SLICES[by_row]:
                    name = by_row
                writers[name].writerow(record)
    return names


def timed(build: Callable[[], None], engine: str) -> dict[str, float]:
    """The CPU seconds of a build's statements, by model."""
    statements = StatementTime(engine)
    with statements.measured():
        build()
    return statements.seconds


def main(
    requests: Annotated[int, typer.Option(help="Searches to simulate.")] = 1_000_000,
    logs: Annotated[
        Path | None, typer.Option(help="A folder of logs, instead of simulating.")
    ] = None,
    seed: int = 7,
) -> None:
    """Loads slices one by one, and compares each build with a full refresh."""
    console = Console(width=140)
    engine = engine_name()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        logs = logs or simulate(requests, folder, seed)
        with console.status("splitting the logs into slices"):
            names = cut(logs, folder, seed)
        store = Warehouse(folder / "clip_search.db", engine=engine)
        with console.status("building all but the slices"):
            store.load(folder / BASE)
            store.rebuild()
        runs: dict[str, dict[str, float]] = {}
        for name in names[1:]:
            with console.status(f"adding {name}"):
                store.load(folder / name)
                runs[name] = timed(store.take_in, engine)
        runs[NOTHING_NEW] = timed(store.take_in, engine)
        with console.status("full refresh"):
            full = timed(store.rebuild, engine)
    console.print(_table(full, runs, engine))


def _table(
    full: dict[str, float], runs: Mapping[str, dict[str, float]], engine: str
) -> Table:
    table = Table(title=f"CPU seconds of the clean layer's statements on {engine}")
    table.add_column("model")
    for name in ["full build", *runs]:
        table.add_column(name, justify="right")
    everything = [full, *runs.values()]
    for model in sorted(set().union(*everything)):
        if max(seconds[model] for seconds in everything) < 0.01:
            continue
        table.add_row(model, *(f"{seconds[model]:.3f}" for seconds in everything))
    table.add_section()
    totals = [sum(seconds.values()) for seconds in everything]
    table.add_row("all", *(f"{total:.2f}" for total in totals))
    table.add_row(
        "of a full build", *(f"{100 * total / totals[0]:.2f} %" for total in totals)
    )
    limits = (LIMITS[engine].get(name) for name in runs)
    table.add_row(
        "at most", "", *(f"{100 * limit:g} %" if limit else "" for limit in limits)
    )
    return table


if __name__ == "__main__":
    typer.run(main)
