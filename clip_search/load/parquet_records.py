"""Reads Parquet, a few thousand rows at a time, with every column as text."""

from collections.abc import Iterator
from itertools import compress
from math import ceil
from typing import Any

# Importing this module takes 60 MB of memory, so do it only for Parquet files.
import pyarrow as arrow
from pyarrow import compute, parquet

from clip_search.load.column_names import column_positions
from clip_search.load.compression import rename
from clip_search.load.limits import (
    MAX_EXPANSION,
    MAX_LINE,
    MAX_ROW_GROUP,
    MEBIBYTE,
    max_expanded_bytes,
    max_line_bytes,
)
from clip_search.load.load_error import LoadError
from clip_search.load.load_progress import Progress
from clip_search.load.log_file import LogFile
from clip_search.load.other_content import content_name, text_name
from clip_search.load.parquet_text import texts_of
from clip_search.load.records import Batch, malformed_text

BATCH_ROWS = 4_096
_START = b"PAR1"
_START_BYTES = 4_096


def parquet_batches(file: LogFile, progress: Progress) -> Iterator[Batch]:
    """The rows of a Parquet file, numbered from 1.

    Timestamps with a time zone become `2020-03-10 09:24:31.000-0400` or `...Z`; those
    without one stay without one.

    Raises:
        LoadError: The file cannot be read, lacks a column of its log, or is larger in
            memory than the limits allow.
    """
    refuse_other_start(file)
    first_row = 1
    size = file.path.stat().st_size
    try:
        # Text stays in dictionaries until its size is known.
        with parquet.ParquetFile(
            file.path,
            buffer_size=1 << 18,
            pre_buffer=False,
            read_dictionary=_text_columns(file),
        ) as source:
            names = source.schema_arrow.names
            positions = column_positions(names, file)
            wanted = [names[at] for at in positions if at is not None]
            check_size_before_reading(source, set(wanted), file)
            row_count = source.metadata.num_rows
            expanded = 0
            for record_batch in source.iter_batches(
                BATCH_ROWS, columns=wanted, use_threads=False
            ):
                expanded += sum(
                    _bytes_as_text(column, first_row, file)
                    for column in record_batch.columns
                )
                _check_expansion(expanded, size, file)
                columns = [
                    _texts(record_batch, None if at is None else names[at])
                    for at in positions
                ]
                yield _batch(columns, first_row)
                first_row += record_batch.num_rows
                progress.advance(size * record_batch.num_rows // row_count)
    except (arrow.ArrowException, OSError, UnicodeDecodeError, MemoryError) as error:
        raise LoadError(
            "the file cannot be read as Parquet from this row on "
            f"({type(error).__name__})",
            remedy="Write the file again; text in it must be UTF-8.",
            file=file.path,
            line=first_row,
        ) from error


def _texts(rows: Any, name: str | None) -> list[str | None]:
    """The values of a column; nulls for a column that the file lacks."""
    return [None] * rows.num_rows if name is None else texts_of(rows.column(name))


def refuse_other_start(file: LogFile) -> None:
    """Check that a file starts like Parquet.

    Raises:
        LoadError: It holds something else; the message says what.
    """
    with file.path.open("rb") as raw:
        start = raw.read(_START_BYTES)
    if start.startswith(_START):
        if not file.compression:
            return
        found, remedy = "Parquet", f"Rename it: {rename(file.path, '.parquet')}"
    elif text := text_name(start):
        name, ending = text
        found, remedy = name, f"Rename it: {rename(file.path, ending)}"
    else:
        found = content_name(start) or "something else"
        remedy = "Write the file again as Parquet, or unpack it; Parquet needs no other"
        remedy += " compression than its own."
    raise LoadError(
        f"the file cannot be read as Parquet: the content is {found}",
        remedy=remedy,
        file=file.path,
    )


def _text_columns(file: LogFile) -> list[str]:
    """The columns of text and bytes, also those within other columns."""
    schema = parquet.read_metadata(file.path).schema
    columns = map(schema.column, range(len(schema.names)))
    return [each.path for each in columns if each.physical_type == "BYTE_ARRAY"]


def check_size_before_reading(source: Any, wanted: set[str], file: LogFile) -> None:
    """Check that the columns that will be read fit into memory.

    Raises:
        LoadError: They are larger than the limits allow.
    """
    for number in range(source.metadata.num_row_groups):
        group = source.metadata.row_group(number)
        chunks = [group.column(at) for at in range(group.num_columns)]
        group_bytes = sum(
            chunk.total_uncompressed_size
            for chunk in chunks
            if chunk.path_in_schema.partition(".")[0] in wanted
        )
        if group_bytes > MAX_ROW_GROUP.value() * MEBIBYTE:
            raise LoadError(
                f"row group {number + 1} has {ceil(group_bytes / MEBIBYTE):,} MiB, "
                f"more than {MAX_ROW_GROUP.value():,}",
                remedy="Write the file with smaller row groups, or "
                + MAX_ROW_GROUP.raising(),
                file=file.path,
            )
        _check_expansion(group_bytes, file.path.stat().st_size, file)
    cells = source.metadata.num_rows * len(wanted)
    _check_expansion(cells, file.path.stat().st_size, file)


def _check_expansion(expanded: int, size: int, file: LogFile) -> None:
    if expanded > max_expanded_bytes(size):
        raise LoadError(
            f"its {size:,} bytes hold more than {max_expanded_bytes(size):,} bytes, "
            f"over {MAX_EXPANSION.value()} times as many",
            remedy="Check where the file comes from. If it is right, "
            + MAX_EXPANSION.raising(),
            file=file.path,
        )


def _bytes_as_text(column: Any, first_row: int, file: LogFile) -> int:
    """How much text a column holds; refuses a value that is too long."""
    types = arrow.types
    if isinstance(column.type, arrow.BaseExtensionType):
        return _bytes_as_text(column.storage, first_row, file)
    if types.is_struct(column.type):
        fields = map(column.field, range(column.type.num_fields))
        return sum(_bytes_as_text(field, first_row, file) for field in fields)
    if types.is_nested(column.type):
        return int(column.nbytes) + _bytes_as_text(column.values, first_row, file)
    if not types.is_dictionary(column.type):
        return int(column.nbytes)
    lengths = compute.take(compute.binary_length(column.dictionary), column.indices)
    longest = compute.max(lengths).as_py() or 0
    if longest > max_line_bytes():
        raise LoadError(
            f"a value has {longest / MEBIBYTE:.1f} MiB, more than {MAX_LINE.value()}, "
            f"in the {BATCH_ROWS:,} rows from this one on",
            remedy=f"Check that the file is a log, or {MAX_LINE.raising()}",
            file=file.path,
            line=first_row,
        )
    return int(compute.sum(lengths).as_py() or 0)


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
