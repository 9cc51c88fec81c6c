"""Measures how the cost of each model grows with the rows, in three orders of rows.

Run by `make bench-growth`. A log sorted by time is the best case for many models: rows
of one day, user or search lie together. A first backfill is often sorted by user, or
not at all.
"""

import csv
import itertools
import os
import random
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from clip_search.engines import engine_name
from clip_search.logs import SEARCH_REQUEST, SEARCH_RESULT_INTERACTION
from lab.benchmarks import page, results
from lab.benchmarks.increment import timed
from lab.benchmarks.model_growth import Seconds, headers, keep, report
from lab.benchmarks.runners import RUNNERS
from lab.benchmarks.simulated import simulate_all
from lab.warehouse import TESTED_BUILD, Warehouse

ROWS = (10_000, 100_000, 1_000_000)
ROWS_PER_SEARCH = 1.4
"""A simulated log has at least as many requests for each search by a person."""

Records = list[list[str]]


def as_it_is(requests: Records, clicks: Records) -> None:
    """Leaves the logs sorted by time."""


def sorted_by_user(requests: Records, clicks: Records) -> None:
    """Sorts both logs by user; a click belongs to the user of its search."""
    user_of = {record[0]: record[3] for record in requests if len(record) > 3}
    requests.sort(key=lambda record: record[3] if len(record) > 3 else "")
    clicks.sort(key=lambda record: user_of.get(record[0], ""))


def shuffled(requests: Records, clicks: Records) -> None:
    """Puts both logs in no order."""
    chance = random.Random(1)
    chance.shuffle(requests)
    chance.shuffle(clicks)


ORDERS: dict[str, Callable[[Records, Records], None]] = {
    "time": as_it_is,
    "user": sorted_by_user,
    "shuffled": shuffled,
}


def simulated(requests: int, folder: Path, seed: int) -> tuple[Path, int]:
    """Simulates logs with every fault; returns their folder and number of requests."""
    simulate_all(round(requests / ROWS_PER_SEARCH), folder, seed)
    log = folder / f"{SEARCH_REQUEST.name}.csv"
    with log.open(newline="", encoding="utf-8") as rows:
        return folder, sum(1 for _ in csv.reader(rows)) - 1


def write_in_order(logs: Path, folder: Path, order: str, share: float) -> None:
    """Writes the first rows of both logs in another order.

    Args:
        logs: A folder of logs, sorted by time.
        folder: The new folder.
        order: A key of `ORDERS`.
        share: The share (0 to 1) of the rows that is written.
    """
    folder.mkdir(parents=True)
    names = (SEARCH_REQUEST.name, SEARCH_RESULT_INTERACTION.name)
    headers, records = [], []
    for name in names:
        with (logs / f"{name}.csv").open(newline="", encoding="utf-8") as source:
            header, *rows = csv.reader(source)
        headers.append(header)
        records.append(rows[: round(share * len(rows))])
    ORDERS[order](*records)
    for name, header, rows in zip(names, headers, records, strict=True):
        with (folder / f"{name}.csv").open("w", newline="", encoding="utf-8") as target:
            csv.writer(target).writerows([header, *rows])


def measure(logs: Path, folder: Path, engine: str) -> Seconds:
    """The CPU seconds of a build with marts and data tests, by model.

    The key `all` has those of the whole build, beyond the start of dbt.
    """
    folder.mkdir()
    store = Warehouse(folder / "clip_search.db", engine=engine)
    store.prepare()
    store.load(logs)
    seconds: Seconds = {}

    def build() -> None:
        began = time.process_time()
        store.dbt(*TESTED_BUILD)
        seconds["all"] = time.process_time() - began

    by_node = timed(build, engine)
    return seconds | {name: by_node[name] for name in store.models() if name in by_node}


def main(
    rows: Annotated[list[int] | None, typer.Option(help="Search requests.")] = None,
    order: Annotated[list[str] | None, typer.Option(help="Orders of rows.")] = None,
    seed: int = 7,
) -> None:
    """Builds growing logs in each order, and shows how each model grows."""
    sizes, orders = sorted(rows or ROWS), order or list(ORDERS)
    console = Console(width=120)
    engine = engine_name()
    os.environ["CLIP_SEARCH_TARGET"] = engine
    measured: dict[str, dict[str, Seconds]] = {each: {} for each in orders}
    with tempfile.TemporaryDirectory() as scratch:
        with console.status(f"simulating {sizes[-1]:,} requests"):
            logs, count = simulated(sizes[-1], Path(scratch) / "simulated", seed)
        for size, each in itertools.product(sizes, orders):
            place = Path(scratch) / f"{size}-{each}"
            with console.status(f"{engine}: {size:,} requests by {each}"):
                write_in_order(logs, place / "logs", each, size / count)
                cost = measure(place / "logs", place / "warehouse", engine)
            shutil.rmtree(place)
            measured[each][str(size)] = cost
            console.print(f"{size:,} requests by {each}: {cost['all']:.1f} CPU s")
    if orders == list(ORDERS) and len(sizes) > 1:
        keep(engine, measured)
        page.PAGE.write_text(page.text(results.read(), RUNNERS), encoding="utf-8")
    shown = Table(*headers(orders), title=f"CPU seconds on {engine}, and their growth")
    for line in report(measured):
        shown.add_row(*line)
    console.print(shown)


if __name__ == "__main__":
    typer.run(main)
