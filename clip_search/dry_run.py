"""Tries a load in a warehouse of its own, and shows what it would do."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console
from rich.table import Table
from rich.text import Text

from clip_search.dbt_command import run_dbt
from clip_search.engines import reading
from clip_search.load import LoadReport, load
from clip_search.load.load_progress import Progress
from clip_search.logs import LANDED_LOGS, Log
from clip_search.mapping import Mapping
from clip_search.status import Ledger, ledger_table, read_ledger
from clip_search.wording import printable

SHOWN_ROWS = 5
_ENGINE = "sqlite"
_CLEAN_LAYER = (
    *("build", "--quiet", "--select", "+path:models/clean"),
    *("--exclude-resource-types", "unit_test", "test"),
)


@dataclass(frozen=True)
class DryRun:
    """What a load would do.

    Attributes:
        report: The report of the load.
        rows: The first rows of each log that has some: line number and columns.
        ledger: Where its rows would end up, without any that are loaded already.
    """

    report: LoadReport
    rows: dict[Log, Sequence[tuple[object, ...]]]
    ledger: Ledger


def dry_run(
    paths: Sequence[Path], progress: Progress, mapping: Mapping | None
) -> DryRun:
    """Load files into a warehouse that is deleted again, and clean them.

    Args:
        paths: As for `load`.
        progress: Receives the progress.
        mapping: As for `load`.

    Raises:
        LoadError: The files cannot be loaded.
        RuntimeError: dbt failed; the message is its output.
    """
    with TemporaryDirectory(prefix="clip_search_dry_run_") as name:
        folder = Path(name)
        database = folder / "clip_search.db"
        with _on_sqlite(database):
            report = load(paths, database, progress, mapping)
            progress.begin("Cleaning a copy", 0)
            run_dbt(_CLEAN_LAYER, folder / "target")
            with reading(database, _ENGINE) as connection:
                rows = {
                    log: connection.execute(
                        f"select line_number, {', '.join(log.columns)}"  # noqa: S608
                        f" from landed_{log.name} where malformed_line is null"
                        f" order by file_id, line_number limit {SHOWN_ROWS}"
                    ).fetchall()
                    for log in LANDED_LOGS
                }
            ledger = read_ledger(database)
    return DryRun(report, {log: found for log, found in rows.items() if found}, ledger)


def print_dry_run(found: DryRun, console: Console) -> None:
    """Print the first rows of each log, and the ledger."""
    for log, rows in found.rows.items():
        table = Table(title=f"{log.name}, as mapped", title_justify="left")
        for column in ("line", *log.columns):
            table.add_column(column, overflow="fold")
        for row in rows:
            table.add_row(
                *("" if cell is None else Text(printable(str(cell))) for cell in row)
            )
        console.print(table)
    console.print(ledger_table(found.ledger))


@contextmanager
def _on_sqlite(database: Path) -> Iterator[None]:
    """Selects the engine and the database for this process and for dbt."""
    before = dict(os.environ)
    os.environ |= {
        "CLIP_SEARCH_TARGET": _ENGINE,
        "CLIP_SEARCH_DATABASE": str(database),
    }
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
