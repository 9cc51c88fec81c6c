"""The list of queries with results on which nobody clicked."""

from clip_search.export.sources import Source
from clip_search.project import project_variable
from clip_search.serve.listing import Listing

_SQL = """
    select
        frequency.query_text,
        frequency.search_count,
        frequency.user_count,
        frequency.median_total,
        case
            when related.related_user_count >= {min_users:d} then related.related_text
        end as related_text,
        case when frequency.user_count >= {min_users:d} then 1 else 0 end
            as is_publishable
    from query_frequency as frequency
    left join related_query as related
        on frequency.query_text = related.query_text and related.place = 1
    where frequency.clicked_search_count = 0 and frequency.median_total > 0
"""


def no_clicks() -> Listing:
    """The list."""
    return Listing(
        name="no-clicks",
        title="Results without clicks",
        source=Source(
            mart="query_frequency",
            sql=_SQL.format(min_users=project_variable("min_users")),
            texts=("query_text", "related_text"),
            columns=(
                *("query_text", "search_count", "user_count", "median_total"),
                "related_text",
            ),
        ),
        order=("search_count desc, query_text asc"),
        headings={
            "query_text": "query",
            "search_count": "searches",
            "user_count": "users",
            "median_total": "results (median)",
            "related_text": "related query",
        },
        empty="Every query that may be shown and found something led to a click.",
    )
