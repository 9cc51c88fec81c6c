"""Landing rows in a DuckDB file.

The rows come from the same readers as on SQLite, so that both keep the same text and
the same malformed lines; they go in as Arrow tables, which is DuckDB's quickest way
(docs/decisions/0008).
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
        LoadError: Whatever the database refused, in place of its own exception.
    """
    connection = _opened(database)
    try:
        connection.execute("begin transaction")
        yield connection
        connection.execute("commit")
    except duckdb.Error as error:
        raise LoadError(
            f"the database refused: {error}",
            remedy="Check its disk for space and the permissions of the file.",
            file=database,
        ) from error
    finally:
        # Closing rolls back whatever was not committed.
        connection.close()


def insert(
    batches: Iterator[Batch], log: Log, file_id: int, connection: Connection
) -> None:
    """Put a file's rows into its log's landing table."""
    for rows in arrow_tables(batches, log, file_id):
        _insert(rows, log, connection)


def _insert(rows: Any, log: Log, connection: Any) -> None:
    # What is registered is held until the transaction ends, so let it be something that
    # lets go of the rows once they are read.
    once = arrow.RecordBatchReader.from_batches(rows.schema, iter(rows.to_batches()))
    connection.register("incoming", once)
    connection.execute(f"insert into landed_{log.name} by name from incoming")
    connection.unregister("incoming")


def _opened(database: Path) -> duckdb.DuckDBPyConnection:
    """DuckDB itself does not wait for another process to let go of the file."""
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
                "another process has the database open, and was not done after "
                f"{WAIT_SECONDS:g} s"
                if is_locked
                else f"the database cannot be opened: {error}"
            )
            remedy = (
                "Wait until the other run has ended, then try again."
                if is_locked
                else "Let CLIP_SEARCH_DATABASE name a DuckDB file, or none yet."
            )
            raise LoadError(problem, remedy=remedy, file=database) from error
