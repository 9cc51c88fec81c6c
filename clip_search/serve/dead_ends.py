"""The list of queries that found nothing, with what is known to fix them."""

from clip_search.export.sources import Source
from clip_search.project import project_variable
from clip_search.serve.listing import Listing

# A typo is often typed once. Its row may be shown if its rewrite may: then its words
# are public, apart from the typo.
_SQL = """
    select
        frequency.query_text,
        frequency.zero_result_count,
        frequency.search_count,
        frequency.user_count,
        case when rewrite.is_publishable = 1 then rewrite.rewritten_text end
            as rewritten_text,
        case
            when rewrite.query_text is null then 'nothing is known'
            when rewrite.tier = 'auto' then 'fixed by a rewrite'
            else 'waits for review'
        end as state,
        case
            when frequency.user_count >= {min_users:d} then 1
            when rewrite.is_publishable = 1 then 1
            else 0
        end as is_publishable
    from query_frequency as frequency
    left join query_rewrite as rewrite
        on frequency.query_text = rewrite.query_text
    where frequency.zero_result_count > 0
"""


def dead_ends() -> Listing:
    """The list."""
    return Listing(
        name="dead-ends",
        title="Dead ends",
        source=Source(
            mart="query_frequency",
            sql=_SQL.format(min_users=project_variable("min_users")),
            texts=("query_text", "rewritten_text"),
            columns=(
                *("query_text", "zero_result_count", "search_count", "user_count"),
                *("rewritten_text", "state"),
            ),
        ),
        order=("zero_result_count desc, user_count desc, query_text asc"),
        headings={
            "query_text": "query",
            "zero_result_count": "found nothing",
            "search_count": "searches",
            "user_count": "users",
            "rewritten_text": "rewrite",
            "state": "state",
        },
        empty="No query that may be shown found nothing.",
    )
