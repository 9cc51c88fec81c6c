"""The rows of a CSV file, as records whose keys are the names in its header."""

import csv
import io
from collections.abc import Iterator

from clip_search.load.content import TextBlock
from clip_search.load.csv_header import DELIMITERS
from clip_search.load.jsonl_records import Json
from clip_search.load.limits import max_line_bytes
from clip_search.load.source_lines import Line


def csv_lines(blocks: Iterator[TextBlock]) -> Iterator[list[Line]]:
    """The rows, a block's at a time; one with too many or too few values is malformed.

    Empty values are missing. A row has the number of its first line.
    """
    csv.field_size_limit(max_line_bytes())
    names: list[str] | None = None
    delimiter = ","
    carried: list[str] = []
    first_line = 1
    for block in blocks:
        lines = carried + io.StringIO(block.text, newline="\n").readlines()
        carried = _unfinished(lines)
        # So long a row is no row. Do not read it again with each block.
        if sum(map(len, carried)) > max_line_bytes():
            carried = []
        whole = lines[: len(lines) - len(carried)]
        if names is None and whole:
            delimiter = max(DELIMITERS, key=whole[0].count)
        rows, names = _rows(whole, first_line, delimiter, names)
        yield rows
        first_line += len(whole)
    if carried:
        yield _rows(carried, first_line, delimiter, names)[0]


def _unfinished(lines: list[str]) -> list[str]:
    """The lines at the end that may be the start of a row with line feeds in it."""
    quotes = 0
    start = len(lines)
    for at, line in enumerate(lines):
        was_open = quotes % 2 == 1
        quotes += line.count('"')
        if quotes % 2 == 1 and not was_open:
            start = at
        elif quotes % 2 == 0:
            start = len(lines)
    return lines[start:]


def _rows(
    lines: list[str], first_line: int, delimiter: str, names: list[str] | None
) -> tuple[list[Line], list[str] | None]:
    reader = csv.reader(lines, delimiter=delimiter)
    found: list[Line] = []
    while True:
        start = reader.line_num
        try:
            row = next(reader, None)
        except csv.Error:
            row = []
        if row is None:
            return found, names
        text = "".join(lines[start : reader.line_num])
        if not text.strip("\r\n"):
            continue
        if names is None:
            names = [name.strip() for name in row]
            continue
        values: dict[str, Json] = {
            name: value or None for name, value in zip(names, row, strict=False)
        }
        is_whole = len(row) == len(names) and "\0" not in text
        found.append(Line(first_line + start, text, values if is_whole else None))
