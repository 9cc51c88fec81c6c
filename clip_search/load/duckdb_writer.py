"""Writes raw rows to a DuckDB file.

The rows come from the same readers as for SQLite, so that both engines store the same
text and the same malformed lines. They are inserted as Arrow tables, which is the
fastest way into DuckDB (docs/decisions/0008).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow as arrow

from clip_search.engines import Connection
from clip_search.engines.duckdb import opened
from clip_search.engines.waiting import Tell
from clip_search.load.arrow_rows import arrow_tables
from clip_search.load.records import Batch
from clip_search.logs import Log


@contextmanager
def transaction(database: Path, tell: Tell) -> Iterator[Connection]:
    """One transaction, committed unless it fails.

    Args:
        database: The warehouse, which is created if missing.
        tell: Called with one line before a wait for another process.

    Raises:
        duckdb.Error: The engine reported an error.
    """
    connection = opened(database, tell)
    try:
        connection.execute("begin transaction")
        yield connection
        connection.execute("commit")
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
