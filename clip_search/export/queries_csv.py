"""A table of queries for people: how often, with what success, and what was meant."""

from collections.abc import Iterator

from clip_search.export.export_format import LinesFormat
from clip_search.export.sources import QUERIES, Row
from clip_search.export.spreadsheet import FORMULA, csv_line, has_formula


class QueriesCsv(LinesFormat):
    """CSV with a header, the most frequent queries first."""

    name = "queries-csv"
    about = "queries with their counts as a table, for people and spreadsheets"
    ending = ".csv"
    sources = (QUERIES,)

    def refusal(self, row: Row) -> str | None:
        """A text that a spreadsheet would run."""
        return FORMULA if has_formula(row, QUERIES.texts) else None

    def lines(self, rows: Iterator[Row]) -> Iterator[str]:
        """A header, then a row for each query."""
        yield csv_line(QUERIES.columns)
        for row in rows:
            yield csv_line(row[name] for name in QUERIES.columns)
