"""Reads Parquet, a few thousand rows at a time, with every column as text."""

import json
from collections.abc import Iterator
from itertools import compress
from typing import Any

# Importing this module takes 60 MB of memory, so do it only for Parquet files.
import pyarrow as arrow
from pyarrow import parquet

from clip_search.load.files import LogFile
from clip_search.load.load_error import LoadError
from clip_search.load.load_progress import Progress
from clip_search.load.records import Batch, column_positions, malformed_text

BATCH_ROWS = 4_096


def parquet_batches(file: LogFile, progress: Progress) -> Iterator[Batch]:
    """The rows of a Parquet file, numbered from 1.

    Timestamps with a time zone become `2020-03-10 09:24:31.000-0400` or `...Z`; those
    without one stay without one.

    Raises:
        LoadError: The file cannot be read, or lacks a column of its log.
    """
    first_row = 1
    try:
        with parquet.ParquetFile(
            file.path, buffer_size=1 << 18, pre_buffer=False
        ) as source:
            names = source.schema_arrow.names
            positions = column_positions(names, file)
            wanted = [names[at] for at in positions if at is not None]
            size, row_count = file.path.stat().st_size, source.metadata.num_rows
            for record_batch in source.iter_batches(
                BATCH_ROWS, columns=wanted, use_threads=False
            ):
                columns = [
                    _texts(record_batch, None if at is None else names[at])
                    for at in positions
                ]
                yield _batch(columns, first_row)
                first_row += record_batch.num_rows
                progress.advance(size * record_batch.num_rows // row_count)
    except (arrow.ArrowException, OSError, UnicodeDecodeError) as error:
        raise LoadError(
            "the file cannot be read as Parquet from this row on "
            f"({type(error).__name__})",
            remedy="Write the file again; text in it must be UTF-8.",
            file=file.path,
            line=first_row,
        ) from error


def _texts(rows: Any, name: str | None) -> list[str | None]:
    """The values of a column; nulls for a column that the file lacks."""
    if name is None:
        return [None] * rows.num_rows
    column = rows.column(name)
    if arrow.types.is_nested(column.type):
        return [_json_text(value) for value in column.to_pylist()]
    texts: list[str | None] = column.cast(arrow.string()).to_pylist()
    return texts


def _json_text(value: object) -> str | None:
    if value is None:
        return None
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str)


def _batch(columns: list[list[str | None]], first_row: int) -> Batch:
    row_numbers = range(first_row, first_row + len(columns[0]))
    with_nul = {
        at
        for column in columns
        for at, value in enumerate(column)
        if value is not None and "\0" in value
    }
    if not with_nul:
        return Batch(row_numbers, columns, [])
    is_good = [at not in with_nul for at in range(len(row_numbers))]
    malformed = [
        (
            row_numbers[at],
            malformed_text(",".join(column[at] or "" for column in columns)),
        )
        for at in sorted(with_nul)
    ]
    good = [list(compress(column, is_good)) for column in columns]
    return Batch(list(compress(row_numbers, is_good)), good, malformed)
