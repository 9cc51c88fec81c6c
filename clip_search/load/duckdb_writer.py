"""Landing rows in a DuckDB file.

The rows come from the same readers as on SQLite, so that both keep the same text and
the same malformed lines; they go in as Arrow tables, which is DuckDB's quickest way
(docs/decisions/0013).
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as arrow

from clip_search.load.errors import LoadError
from clip_search.load.files import Log
from clip_search.load.records import Batch
from clip_search.warehouse import WAIT_SECONDS, Connection

ROWS_PER_INSERT = 200_000
SECONDS_BETWEEN_TRIES = 0.5


@contextmanager
def duckdb_transaction(database: Path) -> Iterator[Connection]:
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


def insert_into_duckdb(
    batches: Iterator[Batch], log: Log, file_id: int, connection: Connection
) -> None:
    """Put a file's rows into its log's landing table."""
    pending: list[Any] = []
    for batch in batches:
        pending += _record_batches(batch, log, file_id)
        if sum(rows.num_rows for rows in pending) >= ROWS_PER_INSERT:
            _insert(pending, log, connection)
            pending = []
    if pending:
        _insert(pending, log, connection)


def _record_batches(batch: Batch, log: Log, file_id: int) -> list[Any]:
    text, names = arrow.string(), ["file_id", "line_number", *log.columns]
    records = [
        arrow.array([file_id] * len(batch.line_numbers), arrow.int32()),
        arrow.array(batch.line_numbers, arrow.int32()),
        *(arrow.array(list(column), text) for column in batch.columns),
    ]
    count = len(batch.malformed)
    malformed = [
        arrow.array([file_id] * count, arrow.int32()),
        arrow.array([number for number, _ in batch.malformed], arrow.int32()),
        *(arrow.nulls(count, text) for _ in log.columns),
    ]
    return [
        arrow.record_batch([*columns, lines], names=[*names, "malformed_line"])
        for columns, lines in (
            (records, arrow.nulls(len(batch.line_numbers), text)),
            (malformed, arrow.array([line for _, line in batch.malformed], text)),
        )
        if len(lines)
    ]


def _insert(rows: list[Any], log: Log, connection: Any) -> None:
    connection.register("incoming", arrow.Table.from_batches(rows))
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
