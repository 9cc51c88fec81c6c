"""Judgments for the tools of TREC: `qrels`, and the topics that their ids name."""

from collections.abc import Iterator

from clip_search.export.judgments import (
    JudgmentFormat,
    by_query,
    has_white_space,
    query_id,
)
from clip_search.export.sources import Row


class _Trec(JudgmentFormat):
    def text_refusal(self, row: Row) -> str | None:
        """An id that would be two columns."""
        return "white space in an id" if has_white_space(row["cid"]) else None


class TrecQrels(_Trec):
    """Four columns: query, 0, clip, grade."""

    name = "trec-qrels"
    about = "judgments as TREC qrels"
    ending = ".qrels"

    def lines(self, rows: Iterator[Row]) -> Iterator[str]:
        """A line for each pair."""
        for row in rows:
            yield f"{query_id(row['query_text'])} 0 {row['cid']} {row['grade']}"


class TrecTopics(_Trec):
    """The queries of the qrels: id, tab, text."""

    name = "trec-topics"
    about = "the queries of the TREC qrels"
    ending = ".tsv"

    def lines(self, rows: Iterator[Row]) -> Iterator[str]:
        """A line for each query that has a graded pair."""
        for query_text, _ in by_query(rows):
            yield f"{query_id(query_text)}\t{query_text}"
