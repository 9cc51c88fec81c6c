"""Converts a file's rows to Arrow tables, for engines that can insert those."""

from collections.abc import Iterable, Iterator
from typing import Any

import pyarrow as arrow

from clip_search.load.records import Batch
from clip_search.logs import Log

ROWS_AT_ONCE = 200_000


def arrow_tables(batches: Iterable[Batch], log: Log, file_id: int) -> Iterator[Any]:
    """The rows as Arrow tables with the columns of the log's landing table."""
    pending: list[Any] = []
    for batch in batches:
        pending += _record_batches(batch, log, file_id)
        if sum(rows.num_rows for rows in pending) >= ROWS_AT_ONCE:
            yield arrow.Table.from_batches(pending)
            pending = []
    if pending:
        yield arrow.Table.from_batches(pending)


def _record_batches(batch: Batch, log: Log, file_id: int) -> list[Any]:
    text, names = arrow.string(), ["file_id", "line_number", *log.columns]
    records = [
        arrow.array([file_id] * len(batch.line_numbers), arrow.int32()),
        arrow.array(batch.line_numbers, arrow.int64()),
        *(arrow.array(list(column), text) for column in batch.columns),
    ]
    count = len(batch.malformed)
    malformed = [
        arrow.array([file_id] * count, arrow.int32()),
        arrow.array([number for number, _ in batch.malformed], arrow.int64()),
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
