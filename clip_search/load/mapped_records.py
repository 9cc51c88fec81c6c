"""Reads another team's JSON lines by a mapping, as rows of one of our logs."""

import difflib
from collections.abc import Iterator
from operator import itemgetter

from clip_search.load.bulk_lines import Line, bulk_lines, json_lines
from clip_search.load.content import TextBlock
from clip_search.load.jsonl_records import Json, as_texts
from clip_search.load.load_error import LoadError
from clip_search.load.log_file import LogFile
from clip_search.load.records import Batch, malformed_text
from clip_search.mapping import Mapping

POSITION = "position"
# Some producers' records have no total: it is unknown, and no mistake.
MAY_BE_UNKNOWN = frozenset({"total"})
_NEAREST = 3
_KEYS_SHOWN = 1000


class MappedRows:
    """The rows that a file has of one log of a mapping. Read them once.

    Attributes:
        left_out: How many objects so far belong to no log of the mapping.
    """

    def __init__(self, file: LogFile, mapping: Mapping) -> None:
        """Takes the file, as one of the logs of a mapping, and the mapping."""
        self._file = file
        self._mapping = mapping
        (self._log,) = (each for each in mapping.logs if each.log == file.log)
        # Lines that are no object belong to no log, so they are rows of the first one.
        self._is_first = self._log is mapping.logs[0]
        self._found: set[str] = set()
        self._keys: set[str] = set()
        self._row_count = 0
        self.left_out = 0

    def batches(self, blocks: Iterator[TextBlock]) -> Iterator[Batch]:
        """The rows, in the order of the file.

        Args:
            blocks: The file's text.

        Raises:
            LoadError: At the end, no object has the key of a required column.
        """
        lines_of = bulk_lines if self._mapping.is_bulk else json_lines
        for lines in lines_of(blocks):
            numbers: list[int] = []
            rows: list[list[str | None]] = []
            malformed: list[tuple[int, str]] = []
            for line in lines:
                if not self._takes(line):
                    continue
                row = None if line.record is None else self._row(line)
                if row is None:
                    malformed.append((line.number, malformed_text(line.text)))
                else:
                    numbers.append(line.number)
                    rows.append(row)
            columns = range(len(self._log.log.columns))
            yield Batch(
                numbers, [map(itemgetter(at), rows) for at in columns], malformed
            )
        self._check_keys()

    def _takes(self, line: Line) -> bool:
        if line.record is None:
            return self._is_first
        if self._log.takes(line.record):
            return True
        if self._is_first and not any(
            other.takes(line.record) for other in self._mapping.logs
        ):
            self.left_out += 1
        return False

    def _row(self, line: Line) -> list[str | None] | None:
        record = line.record or {}
        values: dict[str, Json] = {
            column: field.value(record) for column, field in self._log.fields.items()
        }
        self._row_count += 1
        if len(self._found) < len(values):
            self._found |= {column for column in values if values[column] is not None}
            if len(self._keys) < _KEYS_SHOWN:
                self._keys |= set(_dotted(record))
        columns = self._log.log.columns
        texts = as_texts([values.get(column) for column in columns], line.text)
        if texts is not None and POSITION in columns:
            at = columns.index(POSITION)
            texts[at] = _from_one(texts[at], self._log.position_from)
        return texts

    def _check_keys(self) -> None:
        log = self._log.log
        for column in log.required:
            if not self._row_count or column in self._found | MAY_BE_UNKNOWN:
                continue
            named = [key.dotted for key in self._log.fields[column].keys]
            nearest = difflib.get_close_matches(
                named[0], sorted(self._keys), _NEAREST, cutoff=0.0
            )
            raise LoadError(
                f"no object of {log.name} has {' or '.join(named)}, which the mapping"
                f" {self._mapping.name} names for {column}",
                remedy="Correct the mapping; the nearest keys are"
                f" {', '.join(nearest)}.",
                file=self._file.path,
            )


def _from_one(position: str | None, first: int) -> str | None:
    """A position counted from 1; text that is no whole number stays as it is."""
    if first == 1 or position is None or not position.isascii():
        return position
    return str(int(position) + 1) if position.isdigit() else position


def _dotted(record: dict[str, Json], before: str = "") -> Iterator[str]:
    for key, value in record.items():
        if isinstance(value, dict):
            yield from _dotted(value, f"{before}{key}.")
        else:
            yield f"{before}{key}"
