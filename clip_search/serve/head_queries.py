"""The list of the most frequent queries."""

from clip_search.export.sources import Source
from clip_search.project import project_variable
from clip_search.serve.listing import Listing

_SQL = """
    select
        query_text,
        search_count,
        user_count,
        clicked_search_count,
        round(100.0 * clicked_search_count / search_count, 0) as clicked_percent,
        mean_first_click_position,
        zero_result_count,
        case when user_count >= {min_users:d} then 1 else 0 end as is_publishable
    from query_frequency
"""


def head_queries() -> Listing:
    """The list."""
    return Listing(
        name="head-queries",
        title="Head queries",
        source=Source(
            mart="query_frequency",
            sql=_SQL.format(min_users=project_variable("min_users")),
            texts=("query_text",),
            columns=(
                *("query_text", "search_count", "user_count", "clicked_search_count"),
                *("clicked_percent", "mean_first_click_position", "zero_result_count"),
            ),
        ),
        order=("search_count desc, query_text asc"),
        headings={
            "query_text": "query",
            "search_count": "searches",
            "user_count": "users",
            "clicked_percent": "clicked, %",
            "mean_first_click_position": "first click at",
            "zero_result_count": "found nothing",
        },
        empty="No query was typed by enough users.",
    )
