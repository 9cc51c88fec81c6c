"""Reads the warehouse for the notebook: takes SQL, returns rows that can render."""

import html
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from clip_search.engines import database_path, engine, reading
from clip_search.explore.values import share, whole
from clip_search.project import project_variable
from clip_search.wording import printable

LONGEST_TEXT = 240
_MISSING_TABLE = re.compile(r"no such table|Table with name \w+ does not exist")

_PART = re.compile(r"\w+?_of_(\w+)")
_TIME = re.compile(r"\d{4}-\d\d-\d\d.{0,14}")

Value = str | int | float | None


@dataclass(frozen=True)
class Rows:
    """The rows of a query.

    A notebook renders them as a table: text escaped and cut, counts with thousands
    separators. The count in a column named `part_of_whole` becomes the share of the
    count in the column `whole`, in percent.

    Attributes:
        names: The columns.
        values: A tuple for each row, in the order of the columns.
    """

    names: tuple[str, ...]
    values: tuple[tuple[Value, ...], ...]

    def __iter__(self) -> Iterator[tuple[Value, ...]]:
        """Iterates over the rows."""
        return iter(self.values)

    def __len__(self) -> int:
        """The number of rows."""
        return len(self.values)

    def _repr_html_(self) -> str:
        if not self.values:
            return "<p>Nothing to show: no row of this log is like that.</p>"
        header = "".join(
            f"<th{_aligned(self, place)}>{html.escape(self._heading(name))}</th>"
            for place, name in enumerate(self.names)
        )
        body = "\n".join(
            "<tr>"
            + "".join(
                f"<td{_aligned(self, place)}>{html.escape(cell)}</td>"
                for place, cell in enumerate(self._cells(row))
            )
            + "</tr>"
            for row in self.values
        )
        return f"<table>\n<tr>{header}</tr>\n{body}\n</table>"

    def __repr__(self) -> str:
        """The table as plain text, for programs that do not show HTML."""
        lines = [self.names, *(self._cells(row) for row in self.values)]
        return "\n".join(" | ".join(line) for line in lines)

    def _cells(self, row: tuple[Value, ...]) -> list[str]:
        counts = dict(zip(self.names, row, strict=True))
        return [
            share(_count(value), _count(counts[whole_name]))
            if (whole_name := self._whole_of(name))
            else _cell(value)
            for name, value in counts.items()
        ]

    def _heading(self, name: str) -> str:
        whole_name = self._whole_of(name)
        shown = name.removesuffix(f"_of_{whole_name}") if whole_name else name
        return shown.replace("_", " ")

    def _whole_of(self, name: str) -> str | None:
        """The column of which this one is a part, if it is one."""
        found = _PART.fullmatch(name)
        return found[1] if found and found[1] in self.names else None


class Reader:
    """Reads a warehouse without changing it."""

    def __init__(self, database: Path) -> None:
        """Takes the file, which may be missing: then every result is empty."""
        self.database = database

    def rows(self, sql: str) -> Rows:
        """The rows of a query; none if a table it reads was never built.

        Raises:
            Exception: The engine's own error, if the query is wrong.
        """
        if not self.database.is_file():
            return Rows((), ())
        with reading(self.database) as connection:
            try:
                cursor = connection.execute(sql)
            except engine().errors() as error:
                if _MISSING_TABLE.search(str(error)):
                    return Rows((), ())
                raise
            names = tuple(str(column[0]) for column in cursor.description)
            return Rows(names, tuple(tuple(row) for row in cursor.fetchall()))

    def counts(self, sql: str) -> defaultdict[str, int]:
        """The single row of a query by column, with 0 for whatever is missing."""
        rows = self.rows(sql)
        counted: defaultdict[str, int] = defaultdict(int)
        for row in rows:
            counted |= {
                name: int(value or 0)
                for name, value in zip(rows.names, row, strict=True)
            }
        return counted

    def variable(self, name: str) -> int:
        """An integer from the `vars` of dbt_project.yml."""
        return project_variable(name)


def open_warehouse() -> Reader:
    """The warehouse of `CLIP_SEARCH_TARGET` and `CLIP_SEARCH_DATABASE`."""
    return Reader(database_path())


def _aligned(rows: Rows, place: int) -> str:
    if all(isinstance(row[place], int | float | None) for row in rows):
        return ' class="number"'
    times = all(_TIME.fullmatch(str(row[place])) for row in rows)
    return ' class="time"' if times else ""


def _count(value: Value) -> int:
    return int(value or 0)


def _cell(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        text = printable(value)
        return text if len(text) <= LONGEST_TEXT else f"{text[: LONGEST_TEXT - 1]}…"
    return f"{value:.2f}" if isinstance(value, float) else whole(value)
