"""Turns the records of another team's files into rows of our logs."""

import difflib
from dataclasses import dataclass, field
from pathlib import Path

from clip_search.load.jsonl_records import Json, as_texts
from clip_search.load.load_error import LoadError
from clip_search.load.records import malformed_text
from clip_search.load.source_lines import Line
from clip_search.logs import CLIP, LOGS, SEARCH_REQUEST, Log
from clip_search.mapping import Mapping
from clip_search.mapping.field import Record
from clip_search.mapping.inferred_id import inferred_search_id, inferred_session_id
from clip_search.mapping.logged_time import logged_time
from clip_search.mapping.mapping import Join, TooManyElementsError
from clip_search.mapping.positions import Positions

POSITION = "position"
# Some producers' records have no total: it is unknown, and no mistake.
MAY_BE_UNKNOWN = frozenset({"total"})
_NEAREST = 3
_RECORDS_LOOKED_AT = 1000

Rows = list[list[str | None]]


@dataclass
class MappedBatch:
    """Rows of one log: their line numbers, their values, and malformed lines."""

    line_numbers: list[int] = field(default_factory=list)
    rows: Rows = field(default_factory=list)
    malformed: list[tuple[int, str]] = field(default_factory=list)


@dataclass
class _Seen:
    """What the records of one part of a mapping had, over all files of a load."""

    columns: set[str] = field(default_factory=set)
    keys: set[str] = field(default_factory=set)
    record_count: int = 0


class RecordMapper:
    """Maps records by one mapping, and remembers what it has seen.

    Attributes:
        positions: For each part of the mapping, the positions as they were logged.
        left_out: How many objects so far belong to no log of the mapping.
    """

    def __init__(self, mapping: Mapping) -> None:
        """Takes the mapping."""
        self._mapping = mapping
        self._seen = [_Seen() for _ in mapping.parts]
        self.positions = [Positions() for _ in mapping.parts]
        self.left_out = 0

    def map(self, lines: list[Line]) -> list[MappedBatch]:
        """The rows that some lines hold for each part of the mapping."""
        parts = self._mapping.parts
        batches = [MappedBatch() for _ in parts]
        for line in lines:
            if line.record is None:
                # It belongs to no log, so it is a row of the first one.
                number = parts[0].line_number(line.number, 0)
                batches[0].malformed.append((number, malformed_text(line.text)))
                continue
            is_left_out = True
            for at, part in enumerate(parts):
                if part.takes(line.record) and self._add(
                    at, line, line.record, batches[at]
                ):
                    is_left_out = False
            self.left_out += is_left_out
        return batches

    def check_keys(self, place: Path) -> None:
        """Check that some record has each required column.

        Raises:
            LoadError: None has; the message names the nearest keys.
        """
        for at, mapped in enumerate(self._mapping.parts):
            for column in self._missing(at):
                is_inferred = self._mapping.join and column == "search_id"
                if column in MAY_BE_UNKNOWN or is_inferred:
                    continue
                named = [key.dotted for key in mapped.fields[column].keys]
                keys = sorted(self._seen[at].keys)
                nearest = difflib.get_close_matches(
                    named[0], keys, _NEAREST, cutoff=0.0
                )
                raise LoadError(
                    f"no object of {mapped.log.name} has {' or '.join(named)}, which"
                    f" the mapping {self._mapping.name} names for {column}",
                    remedy="Correct the mapping; the nearest keys are"
                    f" {', '.join(nearest)}.",
                    file=place,
                )

    def unknown(self) -> list[tuple[Log, str]]:
        """The columns that may be unknown, and are in all records."""
        return [
            (mapped.log, column)
            for at, mapped in enumerate(self._mapping.parts)
            for column in self._missing(at)
            if column in MAY_BE_UNKNOWN
        ]

    def _missing(self, at: int) -> list[str]:
        """The required columns that no record of a part has so far."""
        mapped, seen = self._mapping.parts[at], self._seen[at]
        return [
            column
            for column in mapped.log.required
            if seen.record_count
            and column not in seen.columns
            and not (
                column in mapped.fields
                and any(key.dotted in seen.keys for key in mapped.fields[column].keys)
            )
        ]

    def _add(
        self, at: int, line: Line, record: dict[str, Json], batch: MappedBatch
    ) -> bool:
        """Adds the rows of a record; returns whether it has any."""
        mapped, seen = self._mapping.parts[at], self._seen[at]
        columns = mapped.log.columns
        seen.record_count += 1
        if seen.record_count <= _RECORDS_LOOKED_AT:
            seen.keys |= _dotted(record)
        rows: Rows = []
        numbers = []
        try:
            for element, part in mapped.elements(record):
                values = [read(part) for read in mapped.reads]
                for place, column in enumerate(columns):
                    if column not in seen.columns and values[place] is not None:
                        seen.columns.add(column)
                row = as_texts(values, line.text)
                if row is None:
                    raise TooManyElementsError
                self._complete(row, at, part)
                rows.append(row)
                numbers.append(mapped.line_number(line.number, element))
        except (TooManyElementsError, RecursionError):
            number = mapped.line_number(line.number, 0)
            batch.malformed.append((number, malformed_text(line.text)))
            return True
        batch.rows += rows
        batch.line_numbers += numbers
        return bool(rows)

    def _complete(self, row: list[str | None], at: int, record: Record) -> None:
        """Reads times and measures positions; makes up an id if there is none."""
        mapped = self._mapping.parts[at]
        columns = mapped.log.columns
        if mapped.unit or mapped.zone:
            place = columns.index("created_at" if mapped.log is CLIP else "ts")
            row[place] = logged_time(row[place], mapped.unit, mapped.zone)
        if POSITION in columns:
            self.positions[at].add(row[columns.index(POSITION)])
        join = self._mapping.join
        if join and mapped.log in LOGS and not row[columns.index("search_id")]:
            row[columns.index("search_id")] = _inferred_id(
                row, mapped.log, join, record
            )


def _inferred_id(
    row: list[str | None], log: Log, join: Join, record: Record
) -> str | None:
    session_of = join.session.read(record) if join.session else None
    user, session = as_texts([join.user.read(record), session_of], "") or (None, None)
    if log is not SEARCH_REQUEST:
        return inferred_session_id(user, session, join.within_seconds)
    ts, text = (row[log.columns.index(column)] for column in ("ts", "search_query"))
    return inferred_search_id(user, session, ts, text)


def _dotted(record: dict[str, Json], before: str = "", depth: int = 0) -> set[str]:
    """The dotted keys of a record, and the names in lists of `{key, value}`."""
    found = set()
    for key, value in record.items():
        found.add(f"{before}{key}")
        if isinstance(value, list):
            names = [each.get("key") for each in value if isinstance(each, dict)]
            found |= {
                f"{before}{key}.{name}" for name in names if isinstance(name, str)
            }
            value = value[0] if value else None
        if isinstance(value, dict) and depth < 8:
            found |= _dotted(value, f"{before}{key}.", depth + 1)
    return found
