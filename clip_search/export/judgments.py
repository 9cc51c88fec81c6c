"""What the formats of judgments share: grades, ids of queries, and groups."""

from collections.abc import Iterator
from itertools import groupby

from clip_search.export.export_format import LinesFormat, stable_id
from clip_search.export.sources import JUDGMENTS, Row


class JudgmentFormat(LinesFormat):
    """A format of pairs of query and clip with a grade from 0 to 3."""

    sources = (JUDGMENTS,)

    def refusal(self, row: Row) -> str | None:
        """No grade, or what the format cannot hold."""
        if row["grade"] is None:
            return f"no grade: {row['refusal'] or 'the evidence is too weak'}"
        return self.text_refusal(row)

    def text_refusal(self, row: Row) -> str | None:
        """Why the format cannot hold the text or the id of a graded pair."""
        return None


def by_query(rows: Iterator[Row]) -> Iterator[tuple[str, list[Row]]]:
    """Each query with its pairs, in the order of the rows."""
    for query_text, pairs in groupby(rows, lambda row: str(row["query_text"])):
        yield query_text, list(pairs)


def query_id(query_text: str) -> str:
    """The id of a query, the same in every file."""
    return stable_id("q", query_text)


def has_white_space(text: str) -> bool:
    """Whether a program that splits at white space would split a text."""
    return any(character.isspace() for character in text)
