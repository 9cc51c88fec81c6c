"""Measures the peak memory of an increment for histories of different length.

Run by `make bench-memory`. The same number of new rows is added to histories of growing
length, each time by a separate `dbt run`.
"""

import csv
import itertools
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from clip_search.logs import LOG_NAMES
from lab.benchmarks.simulated import simulate
from lab.warehouse import CLEAN_TABLES, Warehouse

NEW_ROWS = 10_000
# Shares of the log: a short history, and almost all of it.
SHARES = (0.02, 0.1, 1.0)


def peak_megabytes(database: Path) -> float:
    """The peak resident memory of a `dbt run` of the clean layer, in MB."""
    command = [
        str(Path(sys.executable).parent / "dbt"),
        "run",
        "--quiet",
        "--select",
        CLEAN_TABLES,
    ]
    scratch = {"DBT_TARGET_PATH": str(database.parent / "target")}
    environment = {**os.environ, **scratch, "CLIP_SEARCH_DATABASE": str(database)}
    process = subprocess.Popen(command, env=environment)
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"dbt run failed on {database}")
    return usage.ru_maxrss / 1024


def write_part(logs: Path, folder: Path, first: int, rows: int) -> int:
    """Writes rows of each log, starting at `first`; returns how many there were."""
    folder.mkdir()
    written = 0
    for log in LOG_NAMES:
        with (
            (logs / f"{log}.csv").open(newline="") as source,
            (folder / f"{log}.csv").open("w", newline="") as target,
        ):
            records = csv.reader(source)
            writer = csv.writer(target)
            writer.writerow(next(records))
            part: Iterable[list[str]] = itertools.islice(records, first, first + rows)
            for record in part:
                writer.writerow(record)
                written += 1
    return written


def main(
    requests: Annotated[int, typer.Option(help="Searches to simulate.")] = 1_000_000,
    logs: Annotated[
        Path | None, typer.Option(help="A folder of logs, instead of simulating.")
    ] = None,
    seed: int = 7,
) -> None:
    """Adds the same number of new rows to histories of growing length."""
    console = Console()
    table = Table(title=f"Adding {NEW_ROWS:,} rows of each log")
    for name in ("rows before", "nothing new, MB", "the new rows, MB"):
        table.add_column(name, justify="right")
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        logs = logs or simulate(requests, folder, seed)
        for share in SHARES:
            place = folder / f"{share}"
            place.mkdir()
            length = int(share * (requests - NEW_ROWS))
            history = write_part(logs, place / "history", 0, length)
            write_part(logs, place / "new", length, NEW_ROWS)
            store = Warehouse(place / "clip_search.db")
            with console.status(f"building a history of {history:,} rows"):
                store.load(place / "history")
                store.rebuild()
            with console.status("adding the new rows"):
                nothing_new = peak_megabytes(store.database)
                store.load(place / "new")
                new_rows = peak_megabytes(store.database)
            table.add_row(f"{history:,}", f"{nothing_new:.0f}", f"{new_rows:.0f}")
    console.print(table)


if __name__ == "__main__":
    typer.run(main)
