"""For Typesense: rewrites as overrides of a whole query, and equivalents as synonyms.

Up to version 29, each line is the body of `PUT /collections/NAME/overrides/ID`, or of
`PUT /collections/NAME/synonyms/ID`. From 30 on, all lines are the items of `PUT
/curation_sets/NAME` or of `PUT /synonym_sets/NAME`.
"""

import re
from collections.abc import Iterator

from clip_search.export.export_format import (
    LinesFormat,
    engine_refusal,
    equivalent_texts,
    one_line,
    rewrite_texts,
    stable_id,
)
from clip_search.export.sources import EQUIVALENTS, REWRITES, Row

_FIELD = re.compile("[{}]")


class TypesenseOverrides(LinesFormat):
    """JSON lines: an override each, with its id."""

    name = "typesense"
    about = "rewrites as overrides of Typesense, for the whole query only"
    ending = ".jsonl"
    sources = (REWRITES,)

    def refusal(self, row: Row) -> str | None:
        """A brace, or a text without words."""
        return _refusal(rewrite_texts(row))

    def lines(self, rows: Iterator[Row]) -> Iterator[str]:
        """An override for each rewrite."""
        for row in rows:
            yield one_line(
                {
                    "id": stable_id("rw", row["query_text"]),
                    "rule": {"query": row["query_text"], "match": "exact"},
                    "replace_query": row["rewritten_text"],
                    "remove_matched_tokens": False,
                }
            )


class TypesenseSynonyms(LinesFormat):
    """JSON lines: a two-way synonym each, with its id."""

    name = "typesense-synonyms"
    about = "equivalents as synonyms of Typesense"
    ending = ".jsonl"
    sources = (EQUIVALENTS,)

    def refusal(self, row: Row) -> str | None:
        """A brace, or a text without words."""
        return _refusal(equivalent_texts(row))

    def lines(self, rows: Iterator[Row]) -> Iterator[str]:
        """A synonym without a root, so that it holds both ways."""
        for row in rows:
            forms = equivalent_texts(row)
            yield one_line({"id": stable_id("eq", *forms), "synonyms": list(forms)})


def _refusal(texts: tuple[str, str]) -> str | None:
    if any(map(_FIELD.search, texts)):
        return "a brace names a field"
    return engine_refusal(texts)
