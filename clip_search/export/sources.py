"""The marts that exports read, and the columns that leave the warehouse."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from clip_search.engines import Connection

Row = Mapping[str, Any]

_ROWS_AT_ONCE = 10_000


@dataclass(frozen=True)
class Source:
    """A mart, and the query for its rows.

    Attributes:
        mart: The table whose rows the ledger counts.
        sql: One row for each row of the mart, in the order of its key. A column
            `is_publishable` says whether the row may leave the warehouse. Without it,
            `query_text` decides, with `query_user_count`: how many users typed it.
        texts: The columns that hold what people typed, or text made of it.
        ids: The columns that hold ids.
        columns: Those that leave the warehouse, in order.
    """

    mart: str
    sql: str
    texts: tuple[str, ...]
    columns: tuple[str, ...]
    ids: tuple[str, ...] = ()

    def count(self, connection: Connection) -> int:
        """The number of rows of the mart."""
        found = connection.execute(f"select count(*) from {self.mart}")  # noqa: S608
        return int(found.fetchone()[0])

    def rows(self, connection: Connection) -> Iterator[Row]:
        """The rows of the query, read in batches."""
        found = connection.execute(self.sql)
        names = [name for name, *_ in found.description]
        while batch := found.fetchmany(_ROWS_AT_ONCE):
            for values in batch:
                yield {
                    name: float(value) if isinstance(value, Decimal) else value
                    for name, value in zip(names, values, strict=True)
                }


REWRITES = Source(
    mart="query_rewrite",
    sql="""
        select
            query_text, rewritten_text, tier, rule, score, is_publishable,
            search_count, user_count, zero_result_count, rewritten_user_count
        from query_rewrite
        order by query_text
    """,
    texts=("query_text", "rewritten_text"),
    columns=(
        *("query_text", "rewritten_text", "tier", "score", "rule", "search_count"),
        *("user_count", "zero_result_count", "rewritten_user_count"),
    ),
)
