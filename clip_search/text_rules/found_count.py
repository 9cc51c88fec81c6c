"""Reads a number of results that was logged as an object."""

import json

_LARGEST = 999_999_999


def read_found_count(text: str) -> int | None:
    """The number of results in a JSON object with the key `value`, else None.

    Elasticsearch and OpenSearch return `{"value": 12, "relation": "eq"}` as
    `hits.total`. With the relation `gte` the value is a lower bound.

    Args:
        text: The logged total.
    """
    try:
        told = json.loads(text)
    except (ValueError, RecursionError):
        return None
    value = told.get("value") if isinstance(told, dict) else None
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return value if type(value) is int and 0 <= value <= _LARGEST else None
