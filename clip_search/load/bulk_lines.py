"""The objects of a JSON file, each with the index that a bulk file names for it."""

import io
from collections.abc import Iterator
from typing import NamedTuple

from clip_search.load.content import TextBlock
from clip_search.load.jsonl_records import Json, decoded

INDEX = "_index"
_ACTIONS = frozenset({"index", "create", "update", "delete"})


class Line(NamedTuple):
    """A line of a file.

    Attributes:
        number: Its number.
        text: The whole line.
        record: Its object, with the index as another key; None if it is no object.
    """

    number: int
    text: str
    record: dict[str, Json] | None


def json_lines(blocks: Iterator[TextBlock]) -> Iterator[list[Line]]:
    """The lines of each block that are not empty."""
    for block in blocks:
        yield [Line(number, text, decoded(text)) for number, text in _numbered(block)]


def bulk_lines(blocks: Iterator[TextBlock]) -> Iterator[list[Line]]:
    """The same for a bulk file, without the lines that only name an index.

    Search engines take a line with the action and one with the object in turn:
    `{"index": {"_index": "ubi_queries"}}`. Some tools write both into one line, the
    name of the index, a tab and the object.
    """
    index: Json = None
    for block in blocks:
        lines = []
        for number, text in _numbered(block):
            name, tab, rest = text.partition("\t")
            is_named = bool(tab) and not name.startswith("{")
            record = decoded(rest if is_named else text)
            if is_named:
                index = name.strip()
            elif record is not None and (action := _action(record)) is not None:
                index = action.get(INDEX)
                continue
            if record is not None and index is not None:
                record = {INDEX: index, **record}
            lines.append(Line(number, text, record))
        yield lines


def _numbered(block: TextBlock) -> Iterator[tuple[int, str]]:
    """The lines that are not empty, each with its number."""
    lines = enumerate(io.StringIO(block.text, newline="\n"), block.first_line)
    return ((number, text) for number, text in lines if text.strip("\r\n"))


def _action(record: dict[str, Json]) -> dict[str, Json] | None:
    """What an action line says of the next object; None if it is no action line."""
    if len(record) != 1 or not record.keys() <= _ACTIONS:
        return None
    (about,) = record.values()
    return about if isinstance(about, dict) else None
