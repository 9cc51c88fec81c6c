"""Boosts of clips as `function_score` of Elasticsearch and OpenSearch.

A pin overrides the ranking; a boost changes it. The engine multiplies its own score of
a clip by the weight, so the weights suit any engine whose scores are not negative.
"""

from collections.abc import Iterator

from clip_search.export.export_format import LinesFormat, one_line, rounded
from clip_search.export.judgments import by_query
from clip_search.export.sources import BOOSTS, Row


class FunctionScore(LinesFormat):
    """A line for each query, with the body of `function_score` except its query."""

    name = "function-score"
    about = "boosts of clips as function_score, for Elasticsearch and OpenSearch"
    ending = ".jsonl"
    sources = (BOOSTS,)

    def refusal(self, row: Row) -> str | None:
        """A clip that is not raised."""
        return None if row["boost"] > 0 else "a boost of 0, which raises nothing"

    def lines(self, rows: Iterator[Row]) -> Iterator[str]:
        """The clips that are raised most come first."""
        for query_text, pairs in by_query(rows):
            functions = [
                {
                    "filter": {"term": {"cid": row["cid"]}},
                    "weight": rounded(1 + row["boost"]),
                }
                for row in pairs
            ]
            body = {
                "functions": functions,
                "score_mode": "multiply",
                "boost_mode": "multiply",
            }
            yield one_line({"query_text": query_text, "function_score": body})
