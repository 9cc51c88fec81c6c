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
        sql: One row for each row of the mart, in an order without ties. The column
            `is_publishable` says whether the row may leave the warehouse; without it,
            `query_user_count` does: how many users typed the query of the row.
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
        return named_rows(connection, self.sql)


def named_rows(connection: Connection, sql: str) -> Iterator[Row]:
    """The rows of a query by the names of its columns, read in batches."""
    found = connection.execute(sql)
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

EQUIVALENTS = Source(
    mart="equivalent_query",
    sql="""
        select
            query_text, equivalent_text, rule, user_count, equivalent_user_count,
            user_count as query_user_count
        from equivalent_query
        order by query_text, equivalent_text
    """,
    texts=("query_text", "equivalent_text"),
    columns=(
        *("query_text", "equivalent_text", "rule"),
        *("user_count", "equivalent_user_count"),
    ),
)

SEARCHES = Source(
    mart="clean_search_request",
    sql="""
        select
            search.search_id, search.search_query, search.query_text, search.ts,
            search.cuid, search.total, search.is_automated, session.session_id,
            frequency.user_count as query_user_count
        from clean_search_request as search
        left join query_frequency as frequency
            on search.query_text = frequency.query_text
        left join int_session_search as session
            on search.search_id = session.search_id
        order by search.search_id
    """,
    texts=("search_query", "query_text"),
    ids=("search_id", "cuid"),
    columns=(),
)

CLICKS = Source(
    mart="clean_search_result_interaction",
    sql="""
        select
            click.search_id, click.cid, click.ts, click.position, click.click_count,
            search.search_query, search.query_text, search.cuid, search.is_automated,
            session.session_id, frequency.user_count as query_user_count
        from clean_search_result_interaction as click
        left join clean_search_request as search
            on click.search_id = search.search_id
        left join query_frequency as frequency
            on search.query_text = frequency.query_text
        left join int_session_search as session
            on click.search_id = session.search_id
        order by click.search_id, click.cid
    """,
    texts=("search_query", "query_text"),
    ids=("search_id", "cid", "cuid"),
    columns=(),
)

QUERIES = Source(
    mart="query_frequency",
    sql="""
        select
            frequency.query_text, frequency.search_count, frequency.user_count,
            frequency.clicked_search_count, frequency.zero_result_count,
            frequency.median_total, frequency.mean_first_click_position,
            frequency.frequency_band, frequency.user_count as query_user_count,
            case when rewrite.is_publishable = 1 then rewrite.rewritten_text end
                as rewritten_text
        from query_frequency as frequency
        left join query_rewrite as rewrite
            on frequency.query_text = rewrite.query_text
        order by frequency.search_count desc, frequency.query_text
    """,
    texts=("query_text", "rewritten_text"),
    columns=(
        *("query_text", "search_count", "user_count", "clicked_search_count"),
        *("zero_result_count", "median_total", "mean_first_click_position"),
        *("frequency_band", "rewritten_text"),
    ),
)

RELATED = Source(
    mart="related_query",
    sql="""
        select
            related.query_text, related.related_text, related.place,
            related.shared_clip_count, related.retried_user_count,
            related.related_user_count,
            case
                when frequency.user_count < related.related_user_count
                    then frequency.user_count
                else related.related_user_count
            end as query_user_count
        from related_query as related
        left join query_frequency as frequency
            on related.query_text = frequency.query_text
        order by related.query_text, related.place
    """,
    texts=("query_text", "related_text"),
    columns=(
        *("query_text", "related_text", "place", "shared_clip_count"),
        *("retried_user_count", "related_user_count"),
    ),
)

_JUDGED = (
    *("query_text", "cid", "grade", "evidence", "click_count", "user_count"),
    *("search_count", "click_rate", "click_rate_low", "click_rate_high"),
)


def _judgments(order: str) -> Source:
    """Judgments in an order: formats for the head begin with it."""
    columns = ", ".join(_JUDGED)
    return Source(
        mart="judgment",
        sql=f"select {columns}, refusal, is_publishable from judgment"  # noqa: S608
        f" order by {order}",
        texts=("query_text",),
        ids=("cid",),
        columns=_JUDGED,
    )


JUDGMENTS = _judgments("query_text, cid")
JUDGMENTS_FROM_THE_HEAD = _judgments(
    "search_count desc, query_text, click_rate desc, cid"
)


BOOSTS = Source(
    mart="query_clip_boost",
    sql="""
        select
            query_text, cid, boost, user_count, click_count, evidence, is_publishable
        from query_clip_boost
        order by query_text, boost desc, cid
    """,
    texts=("query_text",),
    ids=("cid",),
    columns=("query_text", "cid", "boost", "user_count", "click_count", "evidence"),
)


def public_table(mart: str, columns: tuple[str, ...], order: str) -> Source:
    """A mart that holds no text of users: all of its rows may leave the warehouse.

    Args:
        mart: Its name.
        columns: Its columns.
        order: The columns that order its rows.
    """
    return Source(
        mart=mart,
        sql=f"select {', '.join(columns)}, 1 as is_publishable"  # noqa: S608
        f" from {mart} order by {order}",
        texts=(),
        columns=columns,
    )
