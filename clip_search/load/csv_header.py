"""Reads the header of a CSV file: the delimiter and the places of the columns."""

import csv
import re
from functools import cache
from typing import Any, NamedTuple

from clip_search.load.column_names import column_positions, missing_columns
from clip_search.load.compression import rename
from clip_search.load.load_error import LoadError
from clip_search.load.log_file import LogFile

DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "vertical bars"}
# Comments, and the line with which Excel declares a delimiter.
_BEFORE_HEADER = re.compile(r"#|sep=.\r?\n?$", re.I)

# What begins like this, and has no column of the log, is something else.
_STARTS_OF_OTHERS = {
    "{": ("JSON", ".jsonl"),
    "[": ("JSON", ".jsonl"),
    "<": ("HTML or XML", ""),
}


class Header(NamedTuple):
    """What the header of a file says.

    Attributes:
        delimiter: One of `DELIMITERS`.
        width: How many fields a valid record has.
        positions: For each column of the log, the field with its values.
        line_count: How many lines there are up to the first record.
    """

    delimiter: str
    width: int
    positions: list[int | None]
    line_count: int

    @property
    def dialect(self) -> Any:
        """How csv is to read the records."""
        return strict_dialect(self.delimiter)


class _Candidate(NamedTuple):
    """The header, if the fields were separated by this delimiter."""

    delimiter: str
    names: list[str]
    line_count: int


def read_header(lines: list[str], file: LogFile) -> Header:
    """The header, which comments may precede.

    The delimiter is the only one that makes all required columns appear.

    Args:
        lines: The first lines of the file.
        file: Which one it is.

    Raises:
        LoadError: There is no header, a column is missing or there twice, or more than
            one delimiter would do.
    """
    at = 0
    while at < len(lines) and _BEFORE_HEADER.match(lines[at]):
        at += 1
    candidates = _candidates(lines[at:], at)
    fitting = _fitting(candidates, file)
    if not fitting and at:
        # The comment directly above the rows may be the header.
        commented = lines[at - 1].lstrip("# ")
        fitting = _fitting(_candidates([commented], at - 1), file)
    if not fitting:
        raise _no_fitting(lines, at, candidates, file)
    if len(fitting) > 1:
        delimiters = " or ".join(DELIMITERS[each.delimiter] for each in fitting)
        raise LoadError(
            f"the header can be read with {delimiters} between its names",
            remedy="Rename the columns whose names contain a delimiter.",
            file=file.path,
            line=at + 1,
        )
    (header,) = fitting
    positions = column_positions(header.names, file, at + 1)
    return Header(header.delimiter, len(header.names), positions, header.line_count)


@cache
def strict_dialect(delimiter: str) -> Any:
    """RFC 4180 with any delimiter.

    Unlike csv's default, it rejects text after a closing quote, and a quote that is
    still open at the end of the file.
    """
    return csv.reader([], strict=True, delimiter=delimiter).dialect


def _candidates(lines: list[str], at: int) -> list[_Candidate]:
    found = []
    for delimiter in DELIMITERS:
        reader = csv.reader(lines, strict_dialect(delimiter))
        try:
            names = next(reader, [])
        except csv.Error:
            continue
        found.append(_Candidate(delimiter, names, at + reader.line_num))
    return found


def _fitting(candidates: list[_Candidate], file: LogFile) -> list[_Candidate]:
    return [each for each in candidates if not missing_columns(each.names, file.log)]


def _no_fitting(
    lines: list[str], at: int, candidates: list[_Candidate], file: LogFile
) -> LoadError:
    wanted, line = file.log.required, at + 1
    first = f"Put this line first: {','.join(wanted)}"
    if not candidates:
        return LoadError(
            "the header cannot be read as CSV: its quotes do not match",
            remedy=first,
            file=file.path,
            line=line,
        )
    best = min(candidates, key=lambda each: len(missing_columns(each.names, file.log)))
    if len(missing_columns(best.names, file.log)) < len(wanted):
        try:
            column_positions(best.names, file, line)
        except LoadError as error:
            return error
    start = lines[at].lstrip()[:1] if at < len(lines) else ""
    if start in _STARTS_OF_OTHERS:
        found, ending = _STARTS_OF_OTHERS[start]
        remedy = f"Rename it: {rename(file.path, ending + file.compression)}"
        return LoadError(
            f"the content is {found}, but its name says CSV",
            remedy=remedy if ending else "Write the log as CSV.",
            file=file.path,
            line=line,
        )
    # The line is not shown: it may be a row, with what a user searched for.
    return LoadError(
        f"there is no header: line {line} names none of {', '.join(wanted)}, with "
        f"{', '.join(DELIMITERS.values())} between the names",
        remedy=first,
        file=file.path,
        line=line,
    )
