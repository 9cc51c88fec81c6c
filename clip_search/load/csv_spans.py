"""Finds the lines over which a record of CSV extends.

A record that starts at a line ends at the first line that leaves no quote open. Whether
a line closes an open quote does not depend on where the quote was opened. So the lines
that leave one open are scanned once, however many records might have begun before them.
"""

import re
from typing import NamedTuple

# The longest record; anything longer is considered a stray quote.
MAX_RECORD_LINES = 1_000
MAX_RECORD_CHARACTERS = 1 << 20

_UP_TO_CLOSING_QUOTE = re.compile(r'[^"]*+(?:""[^"]*+)*+')


class LineScan(NamedTuple):
    """The effect of one physical line on the record that it belongs to."""

    fields_ended: int
    is_quote_open: bool


class Spans:
    """Finds the spans of records at increasing lines; scans each line at most twice."""

    def __init__(self, lines: list[str], delimiter: str, width: int) -> None:
        """Takes physical lines, and the number of fields of a valid record."""
        self._lines = lines
        self._delimiter = delimiter
        self._width = width
        self._unquoted = re.compile(rf"[^{re.escape(delimiter)}\r\n]*+")
        self._restart(0)

    def _restart(self, at: int) -> None:
        """Forget all lines before this one."""
        self._first = self._next = at
        # For the lines from first to next, which leave a quote open: how many fields
        # and characters precede each.
        self._fields, self._characters = [0], [0]
        self._last: LineScan | None = None
        self._has_last = False

    def span(self, start: int, *, at_end: bool) -> int | None:
        """How many lines the record that starts here spans.

        Args:
            start: The line, at or after that of the call before.
            at_end: Whether no lines follow these.

        Returns:
            0 if the record is invalid or has another number of fields; None if more
            lines are needed to tell.
        """
        scan = scan_line(self._lines[start], self._unquoted, self._delimiter)
        if scan is None:
            return 0
        if not scan.is_quote_open:
            return 1
        if not self._first <= start + 1 <= self._next:
            self._restart(start + 1)
        if not self._extend(start, scan.fields_ended):
            return 0
        if not self._has_last:
            return 0 if at_end else None
        if self._last is None:
            return 0
        fields = self._fields_until_next(start, scan.fields_ended)
        characters = self._characters_until_next(start) + len(self._lines[self._next])
        is_valid = (
            fields + self._last.fields_ended == self._width
            and characters <= MAX_RECORD_CHARACTERS
        )
        return self._next - start + 1 if is_valid else 0

    def _extend(self, start: int, fields_ended: int) -> bool:
        """Look for the line that ends the quote; False if the record is too long."""
        while True:
            line_count = self._next - start
            if (
                line_count >= MAX_RECORD_LINES
                or self._fields_until_next(start, fields_ended) >= self._width
                or (
                    line_count > 1
                    and self._characters_until_next(start) > MAX_RECORD_CHARACTERS
                )
            ):
                return False
            if self._has_last or self._next == len(self._lines):
                return True
            line = self._lines[self._next]
            scan = scan_line(line, self._unquoted, self._delimiter, is_quote_open=True)
            if scan is None or not scan.is_quote_open:
                self._last, self._has_last = scan, True
                return True
            self._fields.append(self._fields[-1] + scan.fields_ended)
            self._characters.append(self._characters[-1] + len(line))
            self._next += 1

    def _fields_until_next(self, start: int, of_first_line: int) -> int:
        return of_first_line + self._fields[-1] - self._fields[start + 1 - self._first]

    def _characters_until_next(self, start: int) -> int:
        before = self._characters[start + 1 - self._first]
        return len(self._lines[start]) + self._characters[-1] - before


def is_in_bounds(lines: list[str], start: int, end: int) -> bool:
    """Whether a record may extend over the lines from start up to end."""
    return end - start == 1 or (
        end - start <= MAX_RECORD_LINES
        and sum(map(len, lines[start:end])) <= MAX_RECORD_CHARACTERS
    )


def scan_line(
    line: str, unquoted: re.Pattern[str], delimiter: str, *, is_quote_open: bool = False
) -> LineScan | None:
    """Track the quotes of one physical line, as csv's strict reader does.

    Args:
        line: The line, with its line break if it has one.
        unquoted: Finds the rest of a field without quotes.
        delimiter: Separates the fields.
        is_quote_open: Whether a quoted field continues from the previous line.

    Returns:
        None if the quoting is invalid, or there is a NUL in the line, or a carriage
        return outside quotes.
    """
    if "\0" in line:
        return None
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
            at = _end(unquoted, line, at)
        fields_ended += 1
        if not line.startswith(delimiter, at):
            break
        at += 1
    if line[at:].strip("\r\n"):
        return None
    return LineScan(fields_ended, is_quote_open=False)


def _end(pattern: re.Pattern[str], line: str, at: int) -> int:
    match = pattern.match(line, at)
    return at if match is None else match.end()
