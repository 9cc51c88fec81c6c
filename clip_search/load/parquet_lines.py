"""The rows of a Parquet file, as records whose keys are its columns."""

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

import pyarrow as arrow
from pyarrow import parquet

from clip_search.load.jsonl_records import FractionText, Json, NumberText
from clip_search.load.load_error import LoadError
from clip_search.load.log_file import LogFile
from clip_search.load.parquet_records import (
    BATCH_ROWS,
    check_size_before_reading,
    refuse_other_start,
)
from clip_search.load.source_lines import Line


def parquet_lines(file: LogFile) -> Iterator[list[Line]]:
    """The rows, numbered from 1.

    Raises:
        LoadError: The file cannot be read, or is larger than the limits allow.
    """
    refuse_other_start(file)
    number = 0
    try:
        with parquet.ParquetFile(file.path, pre_buffer=False) as source:
            check_size_before_reading(source, set(source.schema_arrow.names), file)
            for batch in source.iter_batches(BATCH_ROWS, use_threads=False):
                lines = []
                for row in batch.to_pylist():
                    number += 1
                    record = {name: _as_json(value) for name, value in row.items()}
                    lines.append(Line(number, json.dumps(record), record))
                yield lines
    except (arrow.ArrowException, OSError, ValueError, MemoryError) as error:
        raise LoadError(
            f"the file cannot be read as Parquet ({type(error).__name__})",
            remedy="Write the file again; text in it must be UTF-8.",
            file=file.path,
            line=number + 1,
        ) from error


def _as_json(value: Any) -> Json:
    """A value as the reader of JSON lines returns it."""
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, dict):
        return {str(key): _as_json(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_as_json(each) for each in value]
    if isinstance(value, float):
        return FractionText(repr(value))
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.decode("utf-8", "backslashreplace")
    return NumberText(value)
