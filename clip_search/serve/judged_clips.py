"""The list of clips that clicks judged, for the most frequent queries."""

from clip_search.export.sources import Source
from clip_search.serve.listing import Listing

_SQL = """
    select
        judgment.query_text,
        frequency.search_count,
        judgment.cid,
        judgment.place,
        judgment.user_count,
        judgment.grade,
        round(100 * judgment.click_rate, 0) as click_percent,
        round(100 * judgment.click_rate_low, 0) as click_percent_low,
        round(100 * judgment.click_rate_high, 0) as click_percent_high,
        case
            when judgment.grade is null
                then case judgment.refusal
                    when 'one_click' then 'no grade: one click'
                    when 'one_user' then 'no grade: clicks of one user'
                    when 'ranking_alternates' then 'no grade: rankings alternate'
                    else 'no grade'
                end
            else judgment.evidence
        end as evidence,
        judgment.is_publishable
    from judgment
    inner join query_frequency as frequency
        on judgment.query_text = frequency.query_text
    where judgment.place <= 3
"""


def judged_clips() -> Listing:
    """The list: for each query, the three clips that most users clicked."""
    return Listing(
        name="judged-clips",
        title="Head queries and their clips",
        source=Source(
            mart="judgment",
            sql=_SQL,
            texts=("query_text", "evidence"),
            ids=("cid",),
            columns=(
                *("query_text", "search_count", "place", "cid", "user_count"),
                *("grade", "click_percent", "click_percent_low", "click_percent_high"),
                "evidence",
            ),
        ),
        order="search_count desc, query_text asc, place asc, cid asc",
        headings={
            "query_text": "query",
            "place": "place",
            "cid": "clip",
            "user_count": "users who clicked",
            "grade": "grade",
            "click_percent": "click rate, %",
            "click_percent_low": "at least",
            "click_percent_high": "at most",
            "evidence": "evidence",
        },
        empty="No clip was clicked after a query that may be shown.",
    )
