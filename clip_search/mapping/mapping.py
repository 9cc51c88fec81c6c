"""The mapping of a producer's records to the columns of a log."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from clip_search.logs import SEARCH_RESULT_SHOWN, Log
from clip_search.mapping.field import Condition, Field, Read, Record, place_of, reader

# An element's number is the last three digits of its line number.
MOST_ELEMENTS = 999
ELEMENTS_PER_LINE = 1000


class TooManyElementsError(ValueError):
    """A list has more elements than can be numbered, or lists differ in length."""


@dataclass(frozen=True)
class LogMapping:
    """How records become rows of one log.

    Attributes:
        log: The log.
        where: Sets of conditions. A record fulfils all conditions of one of them.
        fields: Where the value of each column is.
        position_from: The number of the first position; None if it is to be measured.
        explode: The lists of which each element is a row.
        has_elements: Whether rows of this log have the number of an element, because
            this mapping of the log or another one explodes lists.
        unit: The unit of times that are numbers: s, ms or us; None if their digits say.
        zone: The zone of times that name none.
    """

    log: Log
    where: tuple[tuple[Condition, ...], ...]
    fields: dict[str, Field]
    position_from: int | None = 1
    explode: tuple[str, ...] = ()
    unit: str | None = None
    zone: str | None = None
    has_elements: bool = False

    @property
    def counts_places(self) -> bool:
        """Whether positions are places in a list, which always start at 1."""
        keys = self.fields["position"].keys if "position" in self.fields else ()
        return bool(keys) and all(key.how in ("place", "place_in") for key in keys)

    def takes(self, record: Record) -> bool:
        """Whether a record belongs to the log."""
        for conditions in self._where:
            for holds in conditions:
                if not holds(record):
                    break
            else:
                return True
        return False

    @cached_property
    def reads(self) -> list[Read]:
        """Reads the value of each column of the log, in their order."""
        return [
            self.fields[column].read if column in self.fields else _nothing
            for column in self.log.columns
        ]

    def elements(self, record: Record) -> Iterator[tuple[int, Record]]:
        """The records that a record stands for, each with its number in it.

        Without `explode`, the record itself, with the number 0. A click without a list
        is one record without those values; what was not shown is none.

        Raises:
            TooManyElementsError: The lists cannot be numbered, or differ in length.
        """
        if not self.explode:
            yield 0, record
            return
        lists = {path: _listed(read(record)) for path, read in self._lists}
        lengths = {len(each) for each in lists.values() if each} or {0}
        if len(lengths) > 1 or max(lengths) > MOST_ELEMENTS:
            raise TooManyElementsError
        if lengths == {0} and self.log is not SEARCH_RESULT_SHOWN:
            yield 1, {**record, **dict.fromkeys(self.explode)}
        for number in range(1, max(lengths) + 1):
            found: dict[str, Any] = {place_of(path): str(number) for path in lists}
            for path, values in lists.items():
                found[path] = values[number - 1] if values else None
            yield number, {**record, **found}

    @cached_property
    def _where(self) -> list[list[Any]]:
        return [[each.holds for each in conditions] for conditions in self.where]

    @cached_property
    def _lists(self) -> Iterable[tuple[str, Read]]:
        return [(path, reader(path)) for path in self.explode]

    def line_number(self, line: int, element: int) -> int:
        """The number of a row: its line, or 1000 times its line and its element."""
        return line * ELEMENTS_PER_LINE + element if self.has_elements else line


@dataclass(frozen=True)
class Join:
    """How a click finds its search where no id joins them.

    Attributes:
        user: Where the user is.
        session: Where the user's session is, if it is logged.
        within_seconds: A click that comes later has no search.
    """

    user: Field
    session: Field | None
    within_seconds: int


@dataclass(frozen=True)
class Mapping:
    """A whole mapping.

    Attributes:
        name: The preset's name, or the file's.
        form: How files hold records, one of `FORMS`.
        records: Where a JSON document has its records; None if it is one, or a list.
        parts: The mappings of the logs that are in the files; a log may have several.
        join: How clicks find their searches without an id; None if there is an id.
        fingerprint: Of its text; rows are loaded again if it changes.
    """

    name: str
    form: str
    records: str | None
    parts: tuple[LogMapping, ...]
    join: Join | None
    fingerprint: str

    @property
    def logs(self) -> tuple[Log, ...]:
        """The logs that are in the files, each once."""
        return tuple(dict.fromkeys(part.log for part in self.parts))


def _nothing(_: Record) -> None:
    """What is at no path."""


def _listed(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]
