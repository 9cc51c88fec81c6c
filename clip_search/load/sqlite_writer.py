"""Writes raw rows to a SQLite file."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain, islice, repeat
from pathlib import Path

from clip_search.engines import Connection
from clip_search.engines.sqlite import begun
from clip_search.engines.waiting import Tell
from clip_search.load.records import Batch
from clip_search.logs import Log

# Inserting this many rows per statement takes half the time of one row per statement.
ROWS_PER_INSERT = 50


@contextmanager
def transaction(database: Path, tell: Tell) -> Iterator[Connection]:
    """One transaction, committed unless it fails.

    Args:
        database: The warehouse, which is created if missing.
        tell: Called with one line before a wait for another process.

    Raises:
        sqlite3.Error: The engine reported an error.
    """
    connection = begun(database, tell)
    try:
        yield connection
        connection.execute("commit")
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
