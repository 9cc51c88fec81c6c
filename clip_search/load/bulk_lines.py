"""The objects of a JSON file, each with the index that a bulk file names for it."""

import re
from collections.abc import Iterator
from pathlib import Path

from clip_search.load.content import TextBlock
from clip_search.load.jsonl_records import Json, decoded
from clip_search.load.source_lines import Line, filled_lines

INDEX = "_index"
_ACTIONS = frozenset({"index", "create", "update", "delete"})
_DOCUMENT = "_source"
_MOST_ACTIONS = 100
# What follows the name of an index in the name of a file: a number, a day.
_AFTER_NAME = re.compile(r"[-_.]*(?:[0-9].*)?$")


def json_lines(blocks: Iterator[TextBlock]) -> Iterator[list[Line]]:
    """The lines of each block that are not empty."""
    for block in blocks:
        yield [
            Line(number, text, decoded(text)) for number, text in filled_lines(block)
        ]


def bulk_lines(blocks: Iterator[TextBlock], path: Path) -> Iterator[list[Line]]:
    """The same for a bulk file, without the lines that only name an index.

    Search engines take a line with the action and one with the object in turn:
    `{"index": {"_index": "ubi_queries"}}`. Some tools write both into one line, the
    name of the index, a tab and the object; others the object as `_source`. If nothing
    names the index, the file does: `ubi_queries-2024.json`.
    """
    index: Json = _AFTER_NAME.sub(
        "", path.name.partition(".json")[0].partition(".nd")[0]
    )
    # Files repeat a few actions without end: parse each once.
    indexes: dict[str, Json] = {}
    for block in blocks:
        lines = []
        for number, text in filled_lines(block):
            if text in indexes:
                index = indexes[text]
                continue
            name, tab, rest = text.partition("\t")
            is_named = bool(tab) and not name.lstrip().startswith("{")
            record = decoded(rest if is_named else text)
            if is_named:
                index = name.strip()
            elif record is not None and (action := _action(record)) is not None:
                index = action.get(INDEX, index)
                if INDEX in action and len(indexes) < _MOST_ACTIONS:
                    indexes[text] = index
                continue
            if record is not None:
                record = _document(record)
                record.setdefault(INDEX, index)
            lines.append(Line(number, text, record))
        yield lines


def _action(record: dict[str, Json]) -> dict[str, Json] | None:
    """What an action line says of the next object; None if it is no action line."""
    if len(record) != 1 or not record.keys() <= _ACTIONS:
        return None
    (about,) = record.values()
    return about if isinstance(about, dict) else None


def _document(record: dict[str, Json]) -> dict[str, Json]:
    """The object of a search hit, with its index; other objects as they are."""
    source = record.get(_DOCUMENT)
    if not isinstance(source, dict):
        return record
    named = {INDEX: record[INDEX]} if INDEX in record else {}
    return {**source, **named}
