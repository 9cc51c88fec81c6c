"""Where a value is in a record: dotted keys, the first of several that is there.

A mapping is applied to millions of records. So each path becomes a function once, and
that is called for each record.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

How = Literal["value", "length", "words", "names", "last", "place", "place_in"]
Record = Mapping[str, Any]
Read = Callable[[Any], Any]
"""Takes a record and returns a value; None if a key is missing, or its value null."""


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

    @cached_property
    def read(self) -> Read:
        """Reads the value of a record."""
        found = reader(place_of(self.dotted) if self.how == "place" else self.dotted)
        if self.how in ("length", "words", "place_in"):
            found = self._of_list(found)
        elif self.how == "names":
            found = _names_of(self.dotted)
        elif self.how == "last":
            found = _last_part_of(found)
        return self._where_fulfilled(found) if self.where else found

    def _of_list(self, read_list: Read) -> Read:
        read_by, read_of = reader(self.by), reader(self.of)

        def read(record: Record) -> Any:
            found = read_list(record)
            if not isinstance(found, list):
                return found if self.how == "words" else None
            if self.how == "length":
                return str(len(found))
            if self.how == "words":
                return " ".join(str(each) for each in found if each is not None) or None
            wanted = read_of(record)
            places = (
                str(place)
                for place, element in enumerate(found, 1)
                if wanted is not None and read_by(element) == wanted
            )
            return next(places, None)

        return read

    def _where_fulfilled(self, read_value: Read) -> Read:
        def read(record: Record) -> Any:
            is_fulfilled = all(condition.holds(record) for condition in self.where)
            return read_value(record) if is_fulfilled else None

        return read


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

    @cached_property
    def holds(self) -> Callable[[Record], bool]:
        """Says whether a record fulfils it."""
        read, texts = self.key.read, self.texts
        if self.is_missing:
            return lambda record: read(record) is None
        if texts is None:
            return lambda record: read(record) is not None
        return lambda record: _as_text(read(record)) in texts


@dataclass(frozen=True)
class Field:
    """Several places of one value, the best first."""

    keys: tuple[Key, ...]

    @cached_property
    def read(self) -> Read:
        """Reads the first value that is there and not null."""
        reads = [key.read for key in self.keys]
        if len(reads) == 1:
            return reads[0]

        def read(record: Record) -> Any:
            for each in reads:
                found = each(record)
                if found is not None:
                    return found
            return None

        return read


def place_of(dotted: str) -> str:
    """The key that holds the place of an exploded element."""
    return f"{dotted}#"


def reader(dotted: str) -> Read:
    """Reads the value at a dotted path.

    A key that has the dots in its name wins, because producers also flatten. A number
    is the place in a list, from 0. In a list of `{key, value}` objects, as Google
    Analytics exports its parameters, a name is one of those keys.
    """
    names = dotted.split(".")
    ways = [
        (".".join(names[:count]), reader(".".join(names[count:])))
        for count in range(1, len(names))
    ]

    def read(record: Any) -> Any:
        if type(record) is dict:
            if dotted in record:
                return record[dotted]
            for first, read_rest in ways:
                if first in record:
                    found = read_rest(record[first])
                    if found is not None:
                        return found
            return None
        return _in_list(record, names) if isinstance(record, list) else None

    return read


def _names_of(dotted: str) -> Read:
    """Reads the values of a key in a list of objects, as a list."""
    path, _, name = dotted.rpartition(".")
    read_list, read_name = reader(path), reader(name)

    def read(record: Record) -> Any:
        elements = read_list(record)
        if not isinstance(elements, list):
            return None
        found = (read_name(each) for each in elements if isinstance(each, dict))
        return [each for each in found if each is not None] or None

    return read


def _last_part_of(read_path: Read) -> Read:
    return lambda record: _last_part(read_path(record))


def _last_part(value: Any) -> str | None:
    """What follows the last `/` of a path, without a key that follows a `:`."""
    if value is None:
        return None
    text = str(value)
    part = text.rstrip("/").rpartition("/")[2]
    return (part.partition(":")[0] if "/" in text else part) or None


def _in_list(elements: list[Any], names: list[str]) -> Any:
    first, rest = names[0], names[1:]
    if first.isascii() and first.isdigit():
        found = elements[int(first)] if int(first) < len(elements) else None
        return reader(".".join(rest))(found) if rest else found
    for element in elements:
        if isinstance(element, dict) and element.get("key") == first:
            value = element.get("value")
            if isinstance(value, dict):
                values = (each for each in value.values() if each is not None)
                value = next(values, None)
            return reader(".".join(rest))(value) if rest else value
    return None


def _as_text(value: Any) -> str | None:
    """A value as TOML and JSON write it."""
    if value is None or type(value) is str:
        return value
    return str(value).lower() if isinstance(value, bool) else str(value)
