"""Recognises files that are not what their name says, and says what they are."""

import re

from clip_search.load.compression import (
    COMPRESSIONS,
    ending_for,
    rename,
    rewritten,
)
from clip_search.load.load_error import LoadError
from clip_search.load.log_file import CSV, PARQUET, LogFile

# Files of other programs, by their first bytes.
_STARTS = (
    (b"PAR1", "Parquet"),
    (b"ORC", "ORC"),
    (b"Obj\x01", "Avro"),
    (b"ARROW1\0\0", "Arrow"),
    (b"SQLite format 3\0", "a SQLite database"),
    (b"\x89HDF\r\n", "HDF5"),
    (b"%PDF-", "PDF"),
    (b"\xd0\xcf\x11\xe0", "an Excel workbook"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"Rar!\x1a", "a RAR archive"),
    (b"\x04\x22\x4d\x18", "compressed by lz4"),
    (b"\x1f\x9d", "compressed by compress"),
)
_TAR_AT, _TAR = 257, b"ustar"
_MARKS = ((b"\xff\xfe\0\0", "UTF-32"), (b"\0\0\xfe\xff", "UTF-32"))
_UTF_16_MARKS = (b"\xff\xfe", b"\xfe\xff")
# ASCII without a mark: the names of columns, or a bracket and a quote.
_UNMARKED = (
    ("UTF-32LE", re.compile(rb"([\t -~]\0\0\0){2}")),
    ("UTF-32BE", re.compile(rb"(\0\0\0[\t -~]){2}")),
    ("UTF-16LE", re.compile(rb"([\t\n\r -~]\0){2}")),
    ("UTF-16BE", re.compile(rb"(\0[\t\n\r -~]){2}")),
)


def refuse_other_content(start: bytes, file: LogFile) -> None:
    """Check that a text file starts like text in UTF-8, with lines that end in LF.

    Args:
        start: Its first bytes, without compression.
        file: Which file it is.

    Raises:
        LoadError: It holds something else.
    """
    if encoding := _wide_encoding(start):
        name, unmarked = encoding
        raise LoadError(
            f"the text is {name}, not UTF-8{unmarked}",
            remedy="Convert it: " + rewritten(file, f"iconv -f {name} -t UTF-8"),
            file=file.path,
            line=1,
        )
    if found := content_name(start):
        is_parquet = found == PARQUET and not file.compression
        raise LoadError(
            f"the content is {found}, but its name says {file.format}",
            remedy=f"Rename it: {rename(file.path, '.parquet')}"
            if is_parquet
            else f"Convert it to {file.format}, or unpack it first.",
            file=file.path,
            line=1,
        )
    if _has_only_carriage_returns(start, file):
        raise LoadError(
            "its lines end in a carriage return alone, not in a line feed",
            remedy="Convert it: " + rewritten(file, r"tr '\r' '\n' <"),
            file=file.path,
            line=1,
        )


def content_name(start: bytes) -> str | None:
    """What a file of another program is; None for text and anything unknown."""
    if ending := ending_for(start):
        return f"compressed by {COMPRESSIONS[ending].name}"
    if start[_TAR_AT:].startswith(_TAR):
        return "a tar archive"
    for first, name in _STARTS:
        may_be_text = first.isascii() and first.decode().isprintable()
        if start.startswith(first) and (b"\0" in start or not may_be_text):
            return name
    return None


def text_name(start: bytes) -> tuple[str, str] | None:
    """What format a text probably has, and the ending for it; None if it is no text."""
    if b"\0" in start or not start[:1].isascii():
        return None
    is_json = start.lstrip().startswith((b"{", b"["))
    return ("JSON", ".jsonl") if is_json else ("text, such as CSV", ".csv")


def _wide_encoding(start: bytes) -> tuple[str, str] | None:
    for mark, name in _MARKS:
        if start.startswith(mark):
            return name, ""
    if start.startswith(_UTF_16_MARKS):
        return "UTF-16", ""
    for name, pattern in _UNMARKED:
        if pattern.match(start):
            return name, " (without a byte order mark)"
    return None


def _has_only_carriage_returns(start: bytes, file: LogFile) -> bool:
    first_line = start.partition(b"\n")[0].rstrip(b"\r")
    lines = first_line.split(b"\r")
    if len(lines) == 1:
        return False
    if file.format == CSV:
        is_within_quotes = lines[0].count(b'"') % 2 == 1
        return not is_within_quotes
    return all(line.lstrip().startswith(b"{") for line in lines[:2])
