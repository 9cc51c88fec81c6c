"""Judgments for OpenSearch's Search Relevance Workbench, and for `_rank_eval`.

`rating` is a string: the import reads nothing else (ImportJudgmentsProcessor). A list
of judgments is one nested document, which has a limit: there is a body on each line.
"""

from collections.abc import Iterator

from clip_search.export.export_format import json_list_lines, one_line
from clip_search.export.judgments import JudgmentFormat, by_query, query_id
from clip_search.export.sources import JUDGMENTS_FROM_THE_HEAD, Row

MOST_RATINGS = 9_000
"""Of one body; `index.mapping.nested_objects.limit` is 10,000."""
MOST_QUERIES = 1_000
"""Of a query set (`plugins.search_relevance.query_set.maximum`)."""
_WHAT = "Clicks of people, graded 0 to 3 by clip-search"


class WorkbenchJudgments(JudgmentFormat):
    """Bodies of `PUT _plugins/_search_relevance/judgments`, one on each line."""

    name = "srw-judgments"
    about = "judgments for OpenSearch's Search Relevance Workbench"
    ending = ".jsonl"

    def lines(self, rows: Iterator[Row]) -> Iterator[str]:
        """A body for each part."""
        for number, part in enumerate(_parts(rows), start=1):
            yield one_line(
                {
                    "name": f"clip-search clicks {number}",
                    "description": _WHAT,
                    "type": "IMPORT_JUDGMENT",
                    "judgmentRatings": part,
                }
            )


class WorkbenchQuerySet(JudgmentFormat):
    """The body of `PUT _plugins/_search_relevance/query_sets`: the head."""

    name = "srw-query-set"
    about = "the most frequent judged queries for the Search Relevance Workbench"
    ending = ".json"
    sources = (JUDGMENTS_FROM_THE_HEAD,)

    def __init__(self) -> None:
        self._queries: set[str] = set()

    def text_refusal(self, row: Row) -> str | None:
        """One query too many."""
        query_text = row["query_text"]
        if query_text not in self._queries and len(self._queries) == MOST_QUERIES:
            return f"a query set has at most {MOST_QUERIES:,} queries"
        self._queries.add(query_text)
        return None

    def lines(self, rows: Iterator[Row]) -> Iterator[str]:
        """One object, with a query on each line."""
        begin = one_line(
            {"name": "clip-search head", "description": _WHAT, "sampling": "manual"}
        )
        return json_list_lines(
            f'{begin[:-1]},"querySetQueries":[',
            (one_line({"queryText": query_text}) for query_text, _ in by_query(rows)),
            "]}",
        )


class RankEvalBody(JudgmentFormat):
    """The body of `POST INDEX/_rank_eval`, of Elasticsearch and of OpenSearch."""

    name = "rank-eval"
    about = "judgments as the body of _rank_eval, for Elasticsearch and OpenSearch"
    ending = ".json"

    def lines(self, rows: Iterator[Row]) -> Iterator[str]:
        """One object, with a query on each line."""
        metric = one_line({"dcg": {"k": 10, "normalize": True}})
        return json_list_lines(
            f'{{"metric":{metric},"requests":[',
            (one_line(_request(text, pairs)) for text, pairs in by_query(rows)),
            "]}",
        )


def _request(query_text: str, pairs: list[Row]) -> dict[str, object]:
    return {
        "id": query_id(query_text),
        "request": {"query": {"multi_match": {"query": query_text}}},
        "ratings": [
            {"_index": "clip", "_id": row["cid"], "rating": row["grade"]}
            for row in pairs
        ],
    }


def _parts(rows: Iterator[Row]) -> Iterator[list[dict[str, object]]]:
    """The ratings of whole queries, as many as fit; a longer query is cut."""
    part: list[dict[str, object]] = []
    size = 0
    for query_text, pairs in by_query(rows):
        for start in range(0, len(pairs), MOST_RATINGS):
            cut = pairs[start : start + MOST_RATINGS]
            if size + len(cut) > MOST_RATINGS:
                yield part
                part, size = [], 0
            ratings = [
                {"docId": row["cid"], "rating": f"{row['grade']:.3f}"} for row in cut
            ]
            part.append({"query": query_text, "ratings": ratings})
            size += len(cut)
    if part:
        yield part
