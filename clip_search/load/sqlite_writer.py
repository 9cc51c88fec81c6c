"""Writes raw rows to a SQLite file."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain, islice, repeat
from pathlib import Path

from clip_search.engines import WAIT_SECONDS, Connection
from clip_search.load.load_error import LoadError
from clip_search.load.records import Batch
from clip_search.logs import Log

# Inserting this many rows per statement takes half the time of one row per statement.
ROWS_PER_INSERT = 50
_REMEDIES = {
    "SQLITE_BUSY": "Wait until the other run has ended, then try again.",
    "SQLITE_FULL": "Free some space on its disk, then try again.",
    "SQLITE_IOERR": "Check its disk for space, quota and errors, then try again.",
    "SQLITE_READONLY": "Check the permissions of the file and its folder.",
    "SQLITE_CANTOPEN": "Check the path and the permissions of the folder.",
    "SQLITE_NOTADB": "Set CLIP_SEARCH_DATABASE to a SQLite file, or to a new path.",
    "SQLITE_CORRUPT": "Restore a backup of the database, or load into a new one.",
}


@contextmanager
def transaction(database: Path) -> Iterator[Connection]:
    """One transaction, committed unless it fails.

    Raises:
        LoadError: The database reported an error; replaces the engine's own exception.
    """
    try:
        # Autocommit, so that the transaction below is the only one.
        connection = sqlite3.connect(
            database, timeout=WAIT_SECONDS, isolation_level=None
        )
    except sqlite3.Error as error:
        raise LoadError(
            f"the database cannot be opened: {error}",
            remedy="Check the path and the permissions of its folder.",
            file=database,
        ) from error
    try:
        connection.execute("begin immediate")
        yield connection
        connection.execute("commit")
    except sqlite3.Error as error:
        raise _load_error(error, database) from error
    finally:
        # Closing rolls back what was not committed.
        connection.close()


def insert(
    batches: Iterator[Batch], log: Log, file_id: int, connection: Connection
) -> None:
    """Insert a file's rows into its log's landing table."""
    table = f"landed_{log.name}"
    names = ("file_id", "line_number", *log.columns)
    width = len(names)
    insert_records = f"insert into {table} ({', '.join(names)}) values "
    insert_malformed = (
        f"insert into {table} (file_id, line_number, malformed_line) values (?, ?, ?)"
    )
    one_row = f"({', '.join(['?'] * width)})"
    many_rows = ", ".join([one_row] * ROWS_PER_INSERT)
    for batch in batches:
        records = zip(repeat(file_id), batch.line_numbers, *batch.columns, strict=False)
        whole_inserts = len(batch.line_numbers) // ROWS_PER_INSERT
        values = chain.from_iterable(islice(records, whole_inserts * ROWS_PER_INSERT))
        connection.executemany(
            insert_records + many_rows,
            zip(*[values] * (width * ROWS_PER_INSERT), strict=False),
        )
        connection.executemany(insert_records + one_row, records)
        connection.executemany(
            insert_malformed,
            ((file_id, line_number, text) for line_number, text in batch.malformed),
        )


def _load_error(error: sqlite3.Error, database: Path) -> LoadError:
    name = getattr(error, "sqlite_errorname", "")
    problem = f"the database reported an error: {error}"
    if name.startswith("SQLITE_BUSY"):
        problem = (
            "another process is writing to the database, and did not end within "
            f"{WAIT_SECONDS:g} s"
        )
    remedy = next(
        (text for prefix, text in _REMEDIES.items() if name.startswith(prefix)),
        "Check that the file is this project's database.",
    )
    return LoadError(problem, remedy=remedy, file=database)
