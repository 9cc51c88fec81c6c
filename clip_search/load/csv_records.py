"""Reads CSV (RFC 4180) with Python's csv module, at nearly its full speed.

One rule handles malformed lines: if no valid record starts at a line, only that line is
malformed, and reading resumes at the next line. So a stray quote cannot swallow the
rows after it.

A block in which every line is a valid record is parsed by csv alone, without Python
code per line. In any other block, csv's reader first runs ahead over valid records.
When it fails, it may have read many lines for nothing (a stray quote opens a field that
ends much later, if at all). Those lines are then read slowly, one record at a time,
before csv may run ahead again. So the wasted work never exceeds the slow reading, and
no file takes quadratic time.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator
from itertools import repeat
from operator import itemgetter
from typing import NamedTuple

from clip_search.load.content import MAX_LINE_BYTES, TextBlock
from clip_search.load.files import LogFile
from clip_search.load.load_error import LoadError
from clip_search.load.records import Batch, column_positions, malformed_text

# The longest record; anything longer is considered a stray quote.
MAX_RECORD_LINES = 1_000
MAX_RECORD_CHARACTERS = 1 << 20

# Unlike csv's default, strict mode rejects text after a closing quote, and a quote that
# is still open at the end of the file.
_STRICT = csv.reader([], strict=True).dialect
_UP_TO_CLOSING_QUOTE = re.compile(r'[^"]*+(?:""[^"]*+)*+')
_UNQUOTED_FIELD = re.compile(r"[^,\r\n]*+")


class Layout(NamedTuple):
    """How many fields a valid record has, and which of them are the log's columns."""

    width: int
    positions: list[int | None]


class LineScan(NamedTuple):
    """The effect of one physical line on the record that it belongs to."""

    fields_ended: int
    is_quote_open: bool


def csv_batches(blocks: Iterator[TextBlock], file: LogFile) -> Iterator[Batch]:
    """The rows of a CSV file.

    Args:
        blocks: The file's text. Memory holds at most a block and one record.
        file: The file that the text comes from.

    Raises:
        LoadError: The header is invalid.
    """
    csv.field_size_limit(MAX_LINE_BYTES)
    layout: Layout | None = None
    lines: list[str] = []
    first_line = 1
    for block in blocks:
        lines += _physical_lines(block.text)
        used = 0
        if layout is None:
            layout, used = _read_header(lines, file)
            first_line += used
            del lines[:used]
        batch, used = _read_lines(lines, first_line, layout, at_end=False)
        yield batch
        first_line += used
        del lines[:used]
    if layout is not None and lines:
        yield _read_lines(lines, first_line, layout, at_end=True)[0]


def _physical_lines(text: str) -> list[str]:
    # str.splitlines would also split at U+2028 and other characters of a value.
    return io.StringIO(text, newline="\n").readlines()


def _read_header(lines: list[str], file: LogFile) -> tuple[Layout, int]:
    reader = csv.reader(lines, _STRICT)
    try:
        names = next(reader)
    except csv.Error as error:
        raise LoadError(
            f"the header cannot be read as CSV ({error})",
            remedy=f"Put this line first: {','.join(file.log.required)}",
            file=file.path,
            line=1,
        ) from error
    return Layout(len(names), column_positions(names, file)), reader.line_num


def _read_lines(
    lines: list[str], first_line: int, layout: Layout, *, at_end: bool
) -> tuple[Batch, int]:
    """Read lines into a batch; also returns how many lines it consumed."""
    has_nul = "\0" in "".join(lines)
    if not has_nul and (all_records := _one_record_a_line(lines, layout.width)):
        line_numbers = range(first_line, first_line + len(lines))
        return Batch(line_numbers, _columns(all_records, layout), []), len(lines)
    starts: list[int] = []
    records: list[list[str]] = []
    malformed: list[tuple[int, str]] = []
    at = 0
    with_care_until = len(lines) if has_nul else 0
    while at < len(lines):
        if at >= with_care_until:
            at, with_care_until = _run_ahead(lines, at, layout.width, starts, records)
            continue
        span = _record_span(lines, at, layout.width, at_end=at_end)
        if span is None:
            break
        record = _record(lines[at : at + span])
        if record is not None and len(record) == layout.width:
            starts.append(at)
            records.append(record)
            at += span
            continue
        if record != []:
            malformed.append((first_line + at, malformed_text(lines[at])))
        at += 1
    return Batch(
        [first_line + start for start in starts], _columns(records, layout), malformed
    ), at


def _columns(records: list[list[str]], layout: Layout) -> list[Iterable[str | None]]:
    return [
        repeat(None, len(records))
        if position is None
        else map(itemgetter(position), records)
        for position in layout.positions
    ]


def _one_record_a_line(lines: list[str], width: int) -> list[list[str]] | None:
    try:
        records = list(csv.reader(lines, _STRICT))
    except csv.Error:
        return None
    is_good = len(records) == len(lines) and set(map(len, records)) == {width}
    return records if is_good else None


def _run_ahead(
    lines: list[str],
    start: int,
    width: int,
    starts: list[int],
    records: list[list[str]],
) -> tuple[int, int]:
    """Read valid records, until one is invalid, into starts and records.

    Returns:
        The line at which no valid record starts, and how far the reader had read when
        it found out; both are len(lines) if there is no such line.
    """
    reader = csv.reader(map(lines.__getitem__, range(start, len(lines))), _STRICT)
    at = start
    try:
        for record in reader:
            end = start + reader.line_num
            if len(record) == width and (
                end - at == 1 or _is_in_bounds(lines, at, end)
            ):
                starts.append(at)
                records.append(record)
            elif record:
                return at, end
            at = end
    except csv.Error:
        return at, start + reader.line_num
    return at, at


def _is_in_bounds(lines: list[str], start: int, end: int) -> bool:
    return (
        end - start <= MAX_RECORD_LINES
        and sum(map(len, lines[start:end])) <= MAX_RECORD_CHARACTERS
    )


def _record(lines: list[str]) -> list[str] | None:
    """The one record that spans exactly these lines; empty for a blank line."""
    if "\0" in "".join(lines):
        return None
    reader = csv.reader(lines, _STRICT)
    try:
        record = next(reader)
    except (csv.Error, StopIteration):
        return None
    return record if reader.line_num == len(lines) else None


def _record_span(
    lines: list[str], start: int, width: int, *, at_end: bool
) -> int | None:
    """How many lines the record that starts here spans.

    The search ends as soon as there are too many fields. Each line that opens a quote
    ends a field of any record that began before it. So at most `width` such searches
    read a line, whatever the file contains.

    Returns:
        0 if the record is invalid; None if more lines are needed to tell.
    """
    fields_ended = 0
    characters = 0
    is_quote_open = False
    for span in range(1, MAX_RECORD_LINES + 1):
        if start + span > len(lines):
            return 0 if at_end else None
        line = lines[start + span - 1]
        scan = scan_line(line, is_quote_open=is_quote_open)
        if scan is None:
            return 0
        fields_ended += scan.fields_ended
        characters += len(line)
        is_quote_open = scan.is_quote_open
        if fields_ended + is_quote_open > width or (
            span > 1 and characters > MAX_RECORD_CHARACTERS
        ):
            return 0
        if not is_quote_open:
            return span
    return 0


def scan_line(line: str, *, is_quote_open: bool) -> LineScan | None:
    """Track the quotes of one physical line, as csv's strict reader does.

    Args:
        line: The line, with its line break if it has one.
        is_quote_open: Whether a quoted field continues from the previous line.

    Returns:
        None if the quoting is invalid, or there is a carriage return inside the line.
    """
    fields_ended = 0
    at = 0
    while True:
        if is_quote_open or line.startswith('"', at):
            at = _end(_UP_TO_CLOSING_QUOTE, line, at if is_quote_open else at + 1)
            if at == len(line):
                return LineScan(fields_ended, is_quote_open=True)
            at += 1
            is_quote_open = False
        else:
            at = _end(_UNQUOTED_FIELD, line, at)
        fields_ended += 1
        if not line.startswith(",", at):
            break
        at += 1
    if line[at:].strip("\r\n"):
        return None
    return LineScan(fields_ended, is_quote_open=False)


def _end(pattern: re.Pattern[str], line: str, at: int) -> int:
    match = pattern.match(line, at)
    return at if match is None else match.end()
