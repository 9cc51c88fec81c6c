"""The list of suggested rewrites that wait for a decision."""

from clip_search.export.sources import Source
from clip_search.serve.listing import Listing

# What an approval is expected to fix comes first: frequent, likely right, and a dead
# end today. A query without known totals counts as half a dead end.
_SQL = """
    select
        query_text,
        rewritten_text,
        score,
        rule,
        search_count,
        user_count,
        zero_result_count,
        rewritten_user_count,
        rewritten_clicked_search_count,
        is_publishable,
        score * (
            coalesce(zero_result_count, 0.5 * search_count) + 0.1 * search_count
        ) as expected_gain
    from query_rewrite
    where tier = 'suggest'
"""


def review_queue() -> Listing:
    """The list."""
    return Listing(
        name="review-queue",
        title="Review queue",
        source=Source(
            mart="query_rewrite",
            sql=_SQL,
            texts=("query_text", "rewritten_text"),
            columns=(
                *("query_text", "rewritten_text", "score", "rule", "search_count"),
                *("user_count", "zero_result_count", "rewritten_user_count"),
                "rewritten_clicked_search_count",
            ),
        ),
        order=("expected_gain desc, query_text asc"),
        headings={
            "query_text": "query",
            "rewritten_text": "suggestion",
            "score": "score",
            "search_count": "searches",
            "zero_result_count": "found nothing",
            "rewritten_user_count": "users of the suggestion",
        },
        empty="No suggestion waits for a decision.",
    )
