"""The result of each format's reader: batches of rows for a raw table."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple


class Batch(NamedTuple):
    """Some lines of a file. The columns can be read only once.

    Attributes:
        line_numbers: The line at which each record starts.
        columns: For each column of the log, its values, one per record.
        malformed: Number and text of the lines that are not records.
    """

    line_numbers: Sequence[int]
    columns: Sequence[Iterable[str | None]]
    malformed: Sequence[tuple[int, str]]


def malformed_text(line: str) -> str:
    """A malformed line as it is stored: without line break and NUL."""
    text = line.removesuffix("\n").removesuffix("\r")
    return text.replace("\0", "\N{SYMBOL FOR NULL}")
