"""A list of the page: its rows, page by page, and all of them as CSV.

The gate of the exports decides about each row: what may leave the warehouse may be on
the page.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from clip_search.engines import Connection
from clip_search.export.privacy_gate import PrivacyGate
from clip_search.export.sources import Row, Source, named_rows
from clip_search.export.spreadsheet import csv_line, has_formula

ROWS_OF_A_PAGE = 50


@dataclass(frozen=True)
class Listing:
    """A list.

    Attributes:
        name: Its name in addresses.
        title: Its heading.
        source: Its rows, with the column `is_publishable`.
        order: What orders the rows, without ties. It is no part of the source, so that
            a count need not sort, and a page sorts only what is shown.
        headings: The columns that are shown, each with its heading.
        empty: What to say if it has no rows.
    """

    name: str
    title: str
    source: Source
    order: str
    headings: dict[str, str]
    empty: str

    def counts(self, connection: Connection) -> tuple[int, int]:
        """How many rows are publishable, and how many are not."""
        shown, hidden = connection.execute(
            "select sum(is_publishable), sum(1 - is_publishable)"  # noqa: S608
            f" from ({self.source.sql}) as listed"
        ).fetchone()
        return int(shown or 0), int(hidden or 0)

    def page(
        self, connection: Connection, limit: int = ROWS_OF_A_PAGE, skip: int = 0
    ) -> list[Row]:
        """The publishable rows from one on, without those that the gate refuses.

        Args:
            connection: The warehouse.
            limit: The maximum number of rows.
            skip: How many publishable rows come before.
        """
        gate = PrivacyGate(connection)
        rows = self._publishable(connection, f" limit {limit:d} offset {skip:d}")
        return [row for row in rows if gate.reason(self.source, row) is None]

    def csv_lines(self, connection: Connection) -> Iterator[str]:
        """The heading and all rows, except those that a spreadsheet would run.

        Args:
            connection: The warehouse.
        """
        yield csv_line(self.source.columns) + "\r\n"
        gate = PrivacyGate(connection)
        for row in self._publishable(connection):
            is_allowed = gate.reason(self.source, row) is None
            if is_allowed and not has_formula(row, self.typed):
                yield csv_line(row[name] for name in self.source.columns) + "\r\n"

    def formula_count(self, connection: Connection) -> int:
        """How many rows the CSV lacks, because a spreadsheet would run them."""
        return sum(
            has_formula(row, self.typed) for row in self._publishable(connection)
        )

    @property
    def typed(self) -> tuple[str, ...]:
        """The columns that come from logs, where anything can be in a text."""
        return (*self.source.texts, *self.source.ids)

    def _publishable(self, connection: Connection, limit: str = "") -> list[Row]:
        sql = (
            f"select * from ({self.source.sql}) as listed"  # noqa: S608
            f" where is_publishable = 1 order by {self.order}{limit}"
        )
        return list(named_rows(connection, sql))
