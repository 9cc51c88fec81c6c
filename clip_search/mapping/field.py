"""Where a value is in a record: dotted keys, the first of several that is there."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Record = Mapping[str, Any]


@dataclass(frozen=True)
class Key:
    """A dotted path to a value, such as `event_attributes.position.ordinal`.

    Attributes:
        dotted: The path as it was written.
        is_length: Whether the number of elements there is the value.
    """

    dotted: str
    is_length: bool = False

    def value(self, record: Record) -> Any:
        """The value there; None if a key is missing, or the value is null.

        Producers also flatten: a key that has the dots in its name wins.
        """
        found = _at(record, self.dotted)
        if not self.is_length:
            return found
        return len(found) if isinstance(found, list) else None


@dataclass(frozen=True)
class Field:
    """Several places of one value, the best first."""

    keys: tuple[Key, ...]

    def value(self, record: Record) -> Any:
        """The first value that is there and not null, else None."""
        for key in self.keys:
            found = key.value(record)
            if found is not None:
                return found
        return None


def _at(record: Any, dotted: str) -> Any:
    if not isinstance(record, dict):
        return None
    if dotted in record:
        return record[dotted]
    first, dot, rest = dotted.partition(".")
    while dot:
        if first in record:
            found = _at(record[first], rest)
            if found is not None:
                return found
        more, dot, rest = rest.partition(".")
        first = f"{first}.{more}"
    return None
