"""The mapping of a producer's records to the columns of a log."""

from dataclasses import dataclass

from clip_search.logs import Log
from clip_search.mapping.field import Field, Key, Record


@dataclass(frozen=True)
class Condition:
    """A value that a record must have to belong to a log.

    Attributes:
        key: Where the value is.
        texts: The values that fit, as text.
    """

    key: Key
    texts: frozenset[str]

    def holds(self, record: Record) -> bool:
        """Whether the record has one of the values."""
        return str(self.key.value(record)) in self.texts


@dataclass(frozen=True)
class LogMapping:
    """How records become rows of one log.

    Attributes:
        log: The log.
        where: What a record must fulfil; all of it.
        fields: Where the value of each column is.
        position_from: The number of the first position in this log.
    """

    log: Log
    where: tuple[Condition, ...]
    fields: dict[str, Field]
    position_from: int = 1

    def takes(self, record: Record) -> bool:
        """Whether a record belongs to the log."""
        return all(condition.holds(record) for condition in self.where)


@dataclass(frozen=True)
class Mapping:
    """A whole mapping.

    Attributes:
        name: The preset's name, or the file's.
        is_bulk: Whether each record has a line before it, or a name and a tab in front
            of it, that names its index (`_index`).
        logs: The mapping of each log that is in the files.
        fingerprint: Of its text; rows are loaded again if it changes.
    """

    name: str
    is_bulk: bool
    logs: tuple[LogMapping, ...]
    fingerprint: str
