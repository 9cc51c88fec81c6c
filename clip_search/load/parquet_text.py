"""Turns the values of a Parquet column into text."""

import json
import math
import uuid
from collections.abc import Callable
from typing import Any

# Importing this module takes 60 MB of memory, so do it only for Parquet files.
import pyarrow as arrow

from clip_search.load.number_text import whole_number_text

UUID_BYTES = 16
# The range of whole numbers in the databases that logs come from.
_WHOLE_BELOW = 2.0**63
_UUID_EXTENSION = "arrow.uuid"


def texts_of(column: Any) -> list[str | None]:
    """The values of a column as text.

    Raises:
        UnicodeDecodeError: Bytes are neither UTF-8 nor a UUID.
        arrow.ArrowException: A value has no text.
    """
    kind, types = column.type, arrow.types
    if isinstance(kind, arrow.BaseExtensionType):
        if kind.extension_name == _UUID_EXTENSION:
            return _each(_uuid_text, column.storage)
        return texts_of(column.storage)
    if types.is_dictionary(kind):
        return texts_of(column.dictionary_decode())
    if types.is_nested(kind):
        return _each(_json_text, column)
    if types.is_fixed_size_binary(kind):
        return _each(_fixed_bytes_text, column)
    if _is_binary(kind):
        return _each(_bytes_text, column)
    texts: list[str | None] = column.cast(arrow.string()).to_pylist()
    if types.is_floating(kind):
        return list(map(_float_text, column.to_pylist(), texts))
    if types.is_decimal(kind):
        return [None if text is None else whole_number_text(text) for text in texts]
    return texts


def _each(text_of: Callable[[Any], str | None], column: Any) -> list[str | None]:
    return [None if value is None else text_of(value) for value in column.to_pylist()]


def _is_binary(kind: Any) -> bool:
    types = arrow.types
    return bool(
        types.is_binary(kind)
        or types.is_large_binary(kind)
        or types.is_binary_view(kind)
    )


def _float_text(value: float | None, text: str | None) -> str | None:
    """A whole number without fraction; null for NaN, with which pandas writes null."""
    if value is None or math.isnan(value):
        return None
    is_whole = abs(value) < _WHOLE_BELOW and value.is_integer()
    return str(int(value)) if is_whole else text


def _uuid_text(value: bytes | uuid.UUID) -> str:
    return str(value if isinstance(value, uuid.UUID) else uuid.UUID(bytes=value))


def _fixed_bytes_text(value: bytes) -> str:
    """A UUID, unless the bytes are printable ASCII, which no UUID in use is."""
    is_text = value.isascii() and value.decode().isprintable()
    if len(value) == UUID_BYTES and not is_text:
        return _uuid_text(value)
    return value.decode("utf-8")


def _bytes_text(value: bytes) -> str:
    """Text, or else a UUID."""
    try:
        text = value.decode("utf-8")
    except UnicodeDecodeError:
        if len(value) == UUID_BYTES:
            return _uuid_text(value)
        raise
    is_nil = len(value) == UUID_BYTES and not any(value)
    return _uuid_text(value) if is_nil else text


def _json_text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str)
