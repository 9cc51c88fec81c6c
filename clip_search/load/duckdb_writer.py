"""Writes raw rows to a DuckDB file.

The rows come from the same readers as for SQLite, so that both engines store the same
text and the same malformed lines. They are inserted as Arrow tables, which is the
fastest way into DuckDB (docs/decisions/0008).
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as arrow

from clip_search.engines import WAIT_SECONDS, Connection
from clip_search.load.arrow_rows import arrow_tables
from clip_search.load.load_error import LoadError
from clip_search.load.records import Batch
from clip_search.logs import Log

SECONDS_BETWEEN_TRIES = 0.5


@contextmanager
def transaction(database: Path) -> Iterator[Connection]:
    """One transaction, committed unless it fails.

    Raises:
        LoadError: The database reported an error; replaces the engine's own exception.
    """
    connection = _opened(database)
    try:
        connection.execute("begin transaction")
        yield connection
        connection.execute("commit")
    except duckdb.Error as error:
        raise LoadError(
            f"the database reported an error: {error}",
            remedy="Check its disk for space and the permissions of the file.",
            file=database,
        ) from error
    finally:
        # Closing rolls back what was not committed.
        connection.close()


def insert(
    batches: Iterator[Batch], log: Log, file_id: int, connection: Connection
) -> None:
    """Insert a file's rows into its log's landing table."""
    for rows in arrow_tables(batches, log, file_id):
        _insert(rows, log, connection)


def _insert(rows: Any, log: Log, connection: Any) -> None:
    # DuckDB holds what is registered until the transaction ends. A reader, unlike a
    # table, frees the rows once they are read.
    once = arrow.RecordBatchReader.from_batches(rows.schema, iter(rows.to_batches()))
    connection.register("incoming", once)
    connection.execute(f"insert into landed_{log.name} by name from incoming")
    connection.unregister("incoming")


def _opened(database: Path) -> duckdb.DuckDBPyConnection:
    """Opens the file; DuckDB itself does not wait for another process to close it."""
    give_up_at = time.monotonic() + WAIT_SECONDS
    while True:
        try:
            return duckdb.connect(str(database))
        except duckdb.IOException as error:
            is_locked = "lock" in str(error)
            if is_locked and time.monotonic() < give_up_at:
                time.sleep(SECONDS_BETWEEN_TRIES)
                continue
            problem = (
                "another process has the database open, and did not close it within "
                f"{WAIT_SECONDS:g} s"
                if is_locked
                else f"the database cannot be opened: {error}"
            )
            remedy = (
                "Wait until the other run has ended, then try again."
                if is_locked
                else "Set CLIP_SEARCH_DATABASE to a DuckDB file, or to a new path."
            )
            raise LoadError(problem, remedy=remedy, file=database) from error
