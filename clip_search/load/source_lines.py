"""The records of another team's file: one for each line, object or row."""

import io
from collections.abc import Iterator
from typing import NamedTuple

from clip_search.load.content import TextBlock
from clip_search.load.jsonl_records import Json


class Line(NamedTuple):
    """A line of a file, or what stands for one.

    Attributes:
        number: Its number, from 1: of the line, or of the record in its file.
        text: The whole line.
        record: Its object; None if it is none.
    """

    number: int
    text: str
    record: dict[str, Json] | None


def filled_lines(block: TextBlock) -> Iterator[tuple[int, str]]:
    """The lines of a block that are not empty, each with its number."""
    lines = enumerate(io.StringIO(block.text, newline="\n"), block.first_line)
    return ((number, text) for number, text in lines if text.strip("\r\n"))
