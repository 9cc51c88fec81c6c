"""The look-up: rewrites and equivalents, which any program can read.

The only form besides Querqy, Algolia and Typesense that says what the table says: the
*whole* query is replaced. Formulas: see `spreadsheet`.
"""

from collections.abc import Iterator

from clip_search.export.export_format import LinesFormat, one_line, rounded
from clip_search.export.sources import EQUIVALENTS, REWRITES, Row
from clip_search.export.spreadsheet import FORMULA, csv_line, has_formula

_COLUMNS = ("query_text", "rewritten_text", "tier", "score", "rule")


class LookupCsv(LinesFormat):
    """Comma-separated values with a header (RFC 4180, but with line feeds)."""

    name = "lookup-csv"
    about = "rewrites as a table, for any program and for spreadsheets"
    ending = ".csv"
    sources = (REWRITES,)

    def refusal(self, row: Row) -> str | None:
        """A text that a spreadsheet would run."""
        return FORMULA if has_formula(row, REWRITES.texts) else None

    def lines(self, rows: Iterator[Row]) -> Iterator[str]:
        """A header, then a row for each rewrite."""
        yield csv_line(_COLUMNS)
        for row in rows:
            yield csv_line(_values(row))


class LookupJsonl(LinesFormat):
    """JSON lines."""

    name = "lookup-jsonl"
    about = "rewrites as JSON lines, for any program"
    ending = ".jsonl"
    sources = (REWRITES,)

    def lines(self, rows: Iterator[Row]) -> Iterator[str]:
        """An object for each rewrite."""
        for row in rows:
            yield one_line(dict(zip(_COLUMNS, _values(row), strict=True)))


class EquivalentsJsonl(LinesFormat):
    """JSON lines: the two forms of each equivalent, of which neither is changed."""

    name = "equivalents-jsonl"
    about = "equivalents as JSON lines, for any program"
    ending = ".jsonl"
    sources = (EQUIVALENTS,)

    def lines(self, rows: Iterator[Row]) -> Iterator[str]:
        """An object for each pair."""
        for row in rows:
            yield one_line({name: row[name] for name in EQUIVALENTS.columns})


def _values(row: Row) -> list[object]:
    values = {**row, "score": rounded(row["score"])}
    return [values[name] for name in _COLUMNS]
