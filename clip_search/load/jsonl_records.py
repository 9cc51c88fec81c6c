"""Reads JSON lines: one object per line, its keys the columns."""

import io
import json
from collections.abc import Iterable, Iterator
from operator import itemgetter
from typing import NoReturn

from clip_search.load.column_names import loose
from clip_search.load.content import TextBlock
from clip_search.load.json_form import refuse_other_forms
from clip_search.load.load_error import LoadError
from clip_search.load.log_file import LogFile
from clip_search.load.number_text import whole_number_text
from clip_search.load.records import Batch, malformed_text

# Parsed JSON, with numbers as the original text.
Json = None | bool | str | list["Json"] | dict[str, "Json"]


class NumberText(str):
    """A number as written, so that no digit is lost."""

    __slots__ = ()


class FractionText(NumberText):
    """A number that is written with a fraction or an exponent."""

    __slots__ = ()


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


_DECODER = json.JSONDecoder(
    parse_int=NumberText, parse_float=FractionText, parse_constant=_no_constant
)


def jsonl_batches(blocks: Iterator[TextBlock], file: LogFile) -> Iterator[Batch]:
    """The rows of a file of JSON lines. If a key occurs twice, the last one counts.

    Args:
        blocks: The file's text.
        file: The file that the text comes from.

    Raises:
        LoadError: The file is JSON in another form; or, at the end, no line is an
            object that has any of the required columns as a key.
    """
    columns = file.log.columns
    spelled = {loose(column): column for column in columns}
    required = set(file.log.required)
    has_columns = False
    object_count = malformed_count = 0
    for block in blocks:
        line_numbers: list[int] = []
        records: list[list[str | None]] = []
        malformed: list[tuple[int, str]] = []
        if block.first_line == 1:
            refuse_other_forms(block.text, file)
        lines = io.StringIO(block.text, newline="\n")
        for line_number, line in enumerate(lines, block.first_line):
            if line.strip("\r\n") == "":
                continue
            keys = decoded(line)
            if keys is not None and not keys.keys() >= required:
                keys = _respelled(keys, spelled)
            values = None if keys is None else _values(keys, columns, line)
            if keys is None or values is None:
                malformed.append((line_number, malformed_text(line)))
                continue
            line_numbers.append(line_number)
            records.append(values)
            has_columns = has_columns or not required.isdisjoint(keys)
        object_count += len(records)
        malformed_count += len(malformed)
        by_column = [map(itemgetter(at), records) for at in range(len(columns))]
        yield Batch(line_numbers, by_column, malformed)
    # A single broken line may be a log that was cut off.
    if not has_columns and (object_count or malformed_count > 1):
        names = ", ".join(file.log.required)
        raise LoadError(
            f"no object has any of the keys {names}"
            if object_count
            else "no line is an object of JSON",
            remedy=f"Check that this is a {file.log.name} log, with one object per line"
            " whose keys are the columns.",
            file=file.path,
        )


def _respelled(keys: dict[str, Json], spelled: dict[str, str]) -> dict[str, Json]:
    """The object with its columns spelled as the log does: `Search ID` is `search_id`.

    A key that is spelled exactly like its column wins.
    """
    found = {spelled.get(loose(key), key): value for key, value in keys.items()}
    return {**found, **{key: keys[key] for key in spelled.values() if key in keys}}


def decoded(line: str) -> dict[str, Json] | None:
    """The object in a line; None if there is none."""
    found = decoded_value(line)
    return found if isinstance(found, dict) else None


def decoded_value(text: str) -> Json:
    """The value in a text; None if it is null or no JSON."""
    try:
        found: Json = _DECODER.decode(text)
    except (ValueError, RecursionError):
        return None
    return found


def _values(
    keys: dict[str, Json], columns: tuple[str, ...], line: str
) -> list[str | None] | None:
    """The columns as text; None if one of them cannot be stored as text."""
    return as_texts((keys.get(column) for column in columns), line)


def as_texts(values: Iterable[Json], line: str) -> list[str | None] | None:
    """Values of an object as text; None if one of them cannot be stored as text.

    Args:
        values: The values.
        line: The line of the object.
    """
    try:
        texts = [_as_text(value) for value in values]
    except RecursionError:
        return None
    # Only an escape can produce a NUL or half of a surrogate pair.
    if "\\u" in line and not all(map(_is_storable, texts)):
        return None
    return texts


def _is_storable(value: str | None) -> bool:
    if value is None:
        return True
    try:
        value.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return "\0" not in value


def _as_text(value: Json) -> str | None:
    if value is None or type(value) is str:
        return value
    if type(value) is FractionText:
        return whole_number_text(value)
    return compact_json(value)


def compact_json(value: Json) -> str:
    """JSON without white space, with unescaped characters and numbers as written."""
    if isinstance(value, NumberText):
        return str(value)
    if isinstance(value, dict):
        pairs = (f"{compact_json(key)}:{compact_json(of)}" for key, of in value.items())
        return "{" + ",".join(pairs) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(compact_json, value)) + "]"
    return json.dumps(value, ensure_ascii=False)
