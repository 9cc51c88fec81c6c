"""Measures how fast the search page is, and how much memory it takes.

Run by `make bench-page`. A simulated log is built, and then `clip-search serve` runs on
it as for a reader. Nothing else should run on the machine.
"""

import re
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Annotated
from urllib.parse import quote
from urllib.request import urlopen

import psutil
import typer
from rich.console import Console

from clip_search.engines import engine_name, reading
from clip_search.project import PROJECT_ROOT
from clip_search.serve.health import health
from lab.benchmarks.markdown import markdown
from lab.benchmarks.runners import PROGRAMS
from lab.benchmarks.simulated import simulate_all
from lab.warehouse import Warehouse

SMALL_LOG = 100_000
BLOCKS_AT_SMALL_LOG, BLOCKS_AT_LARGE_LOG = 0.3, 1.0
COLD_START = 3.0
MEGABYTES = 150
ROUNDS = 5
LISTS = ("review-queue", "dead-ends", "no-clicks", "head-queries", "judged-clips")


def measure(warehouse: Warehouse, say: Callable[[str], None]) -> dict[str, float]:
    """The wall seconds of each answer, and the megabytes of the process.

    Args:
        warehouse: A built warehouse.
        say: Called with a line for each step.
    """
    began = time.monotonic()
    command = [str(PROGRAMS / "clip-search"), "serve", "--port", "0"]
    with subprocess.Popen(
        command,
        cwd=PROJECT_ROOT,
        env=warehouse.environment | {"PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        said = process.stdout.readline() if process.stdout else ""
        found = re.search(r"http://[\d.:]+", said)
        if found is None:
            raise RuntimeError(f"the page did not start: {said}")
        address = found[0]
        seconds = {"cold start": time.monotonic() - began}
        seconds["all blocks, first view"] = _asked(address + "/")
        with warehouse.selected(), reading(warehouse.database) as connection:
            began = time.monotonic()
            health(connection)
            seconds["health alone, first view"] = time.monotonic() - began
        seconds["all blocks, later views"] = _median(address + "/")
        for name in LISTS:
            seconds[f"list {name}"] = _median(f"{address}/list/{name}")
        typed, new = _queries(warehouse)
        say("trying queries")
        seconds["try a query, the first"] = _asked(f"{address}/?q={quote(typed)}")
        seconds["try a query of the log"] = _median(f"{address}/?q={quote(typed)}")
        seconds["try a new query, the first"] = _asked(f"{address}/?q={quote(new)}")
        seconds["try a new query"] = _median(f"{address}/?q={quote(new)}")
        memory = psutil.Process(process.pid).memory_info().rss / 1e6
        process.terminate()
    return {**seconds, "memory, MB": memory}


def _queries(warehouse: Warehouse) -> tuple[str, str]:
    """A frequent query that is rewritten, and a text that nobody has typed."""
    ((typed,),) = warehouse.query(
        "select query_text from query_rewrite where is_publishable = 1"
        " order by search_count desc, query_text limit 1"
    )
    return str(typed), f"{typed} nobody typed this"


def _asked(address: str) -> float:
    began = time.monotonic()
    with urlopen(address, timeout=300) as answer:  # noqa: S310
        answer.read()
    return time.monotonic() - began


def _median(address: str) -> float:
    return statistics.median(_asked(address) for _ in range(ROUNDS))


def goal(name: str, requests: int) -> float | None:
    """The most that an answer may take, or None."""
    if name == "memory, MB":
        return MEGABYTES
    if name == "cold start":
        return COLD_START
    # The goal is that of one block.
    if name == "all blocks, first view" or name.endswith("the first"):
        return None
    return BLOCKS_AT_SMALL_LOG if requests <= SMALL_LOG else BLOCKS_AT_LARGE_LOG


def main(
    requests: Annotated[int, typer.Option(help="Searches to simulate.")] = SMALL_LOG,
    seed: int = 7,
) -> None:
    """Build a simulated log, and measure the page on it."""
    console = Console(stderr=True)
    with tempfile.TemporaryDirectory() as scratch:
        with console.status(f"simulating {requests:,} searches"):
            logs = Path(scratch) / "logs"
            simulate_all(requests, logs, seed)
        warehouse = Warehouse(
            Path(scratch) / "warehouse" / "clip_search.db", engine=engine_name()
        )
        warehouse.database.parent.mkdir()
        with console.status("building"):
            warehouse.prepare()
            warehouse.load(logs)
            warehouse.build()
        measured = measure(warehouse, console.print)
    rows = []
    for name, value in measured.items():
        most = goal(name, requests)
        reached = "" if most is None else "reached" if value <= most else "missed"
        rows.append(
            (name, f"{value:.2f}", "" if most is None else f"{most:g}", reached)
        )
    print(markdown((f"{requests:,} searches", "measured, s", "at most", ""), rows))


if __name__ == "__main__":
    typer.run(main)
