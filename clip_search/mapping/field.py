"""Where a value is in a record: dotted keys, the first of several that is there."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

Record = Mapping[str, Any]
How = Literal["value", "length", "words", "names", "last", "place", "place_in"]


@dataclass(frozen=True)
class Key:
    """A dotted path to a value, such as `event_attributes.position.ordinal`.

    Attributes:
        dotted: The path as it was written.
        how: What of it counts: the value itself, the `length` of a list, the elements
            of a list as `words` with spaces, the `names` in a list of objects (the
            values of the path's last key), the `last` part of a path such as
            `/videos/1`, the `place` (from 1) of the element that
            this row of an exploded list is for, or the `place_in` a list of the element
            whose key `by` has the value that the record has at `of`.
        by: See `place_in`.
        of: See `place_in`.
        where: What the record must fulfil, or else there is no value.
    """

    dotted: str
    how: How = "value"
    by: str = ""
    of: str = ""
    where: "tuple[Condition, ...]" = ()

    def value(self, record: Record) -> Any:
        """The value there; None if a key is missing, or the value is null.

        Producers also flatten: a key that has the dots in its name wins.
        """
        if not all(condition.holds(record) for condition in self.where):
            return None
        if self.how == "place":
            return record.get(place_of(self.dotted))
        if self.how == "names":
            return _names(record, self.dotted)
        found = value_at(record, self.dotted)
        if self.how == "value":
            return found
        if self.how == "last":
            return _last_part(found)
        if not isinstance(found, list):
            return found if self.how == "words" else None
        if self.how == "length":
            return len(found)
        if self.how == "words":
            return " ".join(str(each) for each in found if each is not None) or None
        wanted = value_at(record, self.of)
        places = (
            str(place)
            for place, element in enumerate(found, 1)
            if wanted is not None and value_at(element, self.by) == wanted
        )
        return next(places, None)


@dataclass(frozen=True)
class Condition:
    """A value that a record must have.

    Attributes:
        key: Where the value is.
        texts: The values that fit, as text; None if any value does.
        is_missing: Whether the record must not have a value there.
    """

    key: Key
    texts: frozenset[str] | None
    is_missing: bool = False

    def holds(self, record: Record) -> bool:
        """Whether the record fulfils it."""
        value = self.key.value(record)
        if value is None or self.is_missing:
            return value is None and self.is_missing
        return self.texts is None or _as_text(value) in self.texts


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


def place_of(dotted: str) -> str:
    """The key that holds the place of an exploded element."""
    return f"{dotted}#"


def value_at(record: Any, dotted: str) -> Any:
    """The value at a dotted path; None if there is none.

    A number is the place in a list, from 0. In a list of `{key, value}` objects, as
    Google Analytics exports its parameters, a name is one of those keys.
    """
    if isinstance(record, list):
        return _in_list(record, dotted)
    if not isinstance(record, dict):
        return None
    if dotted in record:
        return record[dotted]
    first, dot, rest = dotted.partition(".")
    while dot:
        if first in record:
            found = value_at(record[first], rest)
            if found is not None:
                return found
        more, dot, rest = rest.partition(".")
        first = f"{first}.{more}"
    return None


def _names(record: Record, dotted: str) -> list[Any] | None:
    """The values of a key in a list of objects; None if none has it."""
    path, _, name = dotted.rpartition(".")
    elements = value_at(record, path)
    if not isinstance(elements, list):
        return None
    found = (value_at(each, name) for each in elements if isinstance(each, dict))
    return [each for each in found if each is not None] or None


def _last_part(value: Any) -> str | None:
    """What follows the last `/` of a path, without a key that follows a `:`."""
    if value is None:
        return None
    text = str(value)
    part = text.rstrip("/").rpartition("/")[2]
    return (part.partition(":")[0] if "/" in text else part) or None


def _as_text(value: Any) -> str:
    """A value as TOML and JSON write it."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _in_list(elements: list[Any], dotted: str) -> Any:
    first, dot, rest = dotted.partition(".")
    if first.isascii() and first.isdigit():
        found = elements[int(first)] if int(first) < len(elements) else None
        return value_at(found, rest) if dot else found
    for element in elements:
        if isinstance(element, dict) and element.get("key") == first:
            value = element.get("value")
            if isinstance(value, dict):
                value = next(
                    (each for each in value.values() if each is not None), None
                )
            return value_at(value, rest) if dot else value
    return None
