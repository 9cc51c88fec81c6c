"""Reads CSV (RFC 4180) with Python's csv module, at nearly its full speed.

One rule handles malformed lines: if no valid record starts at a line, only that line is
malformed, and reading resumes at the next line. So a stray quote cannot swallow the
rows after it.

A block in which every line is a valid record is parsed by csv alone, without Python
code per line. In any other block, csv's reader first runs ahead over valid records.
When it fails, it may have read many lines for nothing (a stray quote opens a field that
ends much later, if at all). Those lines are then read slowly, one record at a time,
before csv may run ahead again. So the wasted work never exceeds the slow reading, which
`csv_spans` keeps linear.
"""

import csv
import io
from collections.abc import Iterable, Iterator
from itertools import repeat
from operator import itemgetter

from clip_search.load.content import TextBlock
from clip_search.load.csv_header import Header, read_header
from clip_search.load.csv_spans import Spans, is_in_bounds
from clip_search.load.limits import max_line_bytes
from clip_search.load.log_file import LogFile
from clip_search.load.records import Batch, malformed_text


def csv_batches(blocks: Iterator[TextBlock], file: LogFile) -> Iterator[Batch]:
    """The rows of a CSV file.

    Args:
        blocks: The file's text. Memory holds at most a block and one record.
        file: The file that the text comes from.

    Raises:
        LoadError: The header is invalid.
    """
    csv.field_size_limit(max_line_bytes())
    header: Header | None = None
    lines: list[str] = []
    first_line = 1
    for block in blocks:
        lines += _physical_lines(block.text)
        if header is None:
            header = read_header(lines, file)
            first_line += header.line_count
            del lines[: header.line_count]
        batch, used = _read_lines(lines, first_line, header, at_end=False)
        yield batch
        first_line += used
        del lines[:used]
    if header is not None and lines:
        yield _read_lines(lines, first_line, header, at_end=True)[0]


def _physical_lines(text: str) -> list[str]:
    # str.splitlines would also split at U+2028 and other characters of a value.
    return io.StringIO(text, newline="\n").readlines()


def _read_lines(
    lines: list[str], first_line: int, header: Header, *, at_end: bool
) -> tuple[Batch, int]:
    """Read lines into a batch; also returns how many lines it consumed."""
    has_nul = "\0" in "".join(lines)
    if not has_nul and (all_records := _one_record_a_line(lines, header)):
        line_numbers = range(first_line, first_line + len(lines))
        return Batch(line_numbers, _columns(all_records, header), []), len(lines)
    spans = Spans(lines, header.delimiter, header.width)
    starts: list[int] = []
    records: list[list[str]] = []
    malformed: list[tuple[int, str]] = []
    at = 0
    with_care_until = len(lines) if has_nul else 0
    while at < len(lines):
        if at >= with_care_until:
            at, with_care_until = _run_ahead(lines, at, header, starts, records)
            continue
        span = spans.span(at, at_end=at_end)
        if span is None:
            break
        record = _record(lines[at : at + span], header)
        if record is not None and len(record) == header.width:
            starts.append(at)
            records.append(record)
            at += span
            continue
        if record != []:
            malformed.append((first_line + at, malformed_text(lines[at])))
        at += 1
    return Batch(
        [first_line + start for start in starts], _columns(records, header), malformed
    ), at


def _columns(records: list[list[str]], header: Header) -> list[Iterable[str | None]]:
    return [
        repeat(None, len(records))
        if position is None
        else map(itemgetter(position), records)
        for position in header.positions
    ]


def _one_record_a_line(lines: list[str], header: Header) -> list[list[str]] | None:
    # A blank line is no record, and millions of empty lists take long to free.
    if "\n" in lines:
        return None
    try:
        records = list(csv.reader(lines, header.dialect))
    except csv.Error:
        return None
    is_good = len(records) == len(lines) and set(map(len, records)) == {header.width}
    return records if is_good else None


def _run_ahead(
    lines: list[str],
    start: int,
    header: Header,
    starts: list[int],
    records: list[list[str]],
) -> tuple[int, int]:
    """Read valid records, until one is invalid, into starts and records.

    Returns:
        The line at which no valid record starts, and how far the reader had read when
        it found out; both are len(lines) if there is no such line.
    """
    ahead = map(lines.__getitem__, range(start, len(lines)))
    reader = csv.reader(ahead, header.dialect)
    at = start
    try:
        for record in reader:
            end = start + reader.line_num
            if len(record) == header.width and is_in_bounds(lines, at, end):
                starts.append(at)
                records.append(record)
            elif record:
                return at, end
            at = end
    except csv.Error:
        return at, start + reader.line_num
    return at, at


def _record(lines: list[str], header: Header) -> list[str] | None:
    """The one record that spans exactly these lines; empty for a blank line."""
    reader = csv.reader(lines, header.dialect)
    try:
        record = next(reader)
    except (csv.Error, StopIteration):
        return None
    return record if reader.line_num == len(lines) else None
