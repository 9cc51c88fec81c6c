"""Rewrites as overrides of Typesense, which replace a whole query.

Up to version 29, each line is the body of `PUT /collections/NAME/overrides/ID`. From 30
on, all lines are the items of `PUT /curation_sets/NAME`.
"""

import re
from collections.abc import Iterator

from clip_search.export.export_format import (
    LinesFormat,
    engine_refusal,
    one_line,
    stable_id,
)
from clip_search.export.sources import REWRITES, Row

_FIELD = re.compile("[{}]")


class TypesenseOverrides(LinesFormat):
    """JSON lines: an override each, with its id."""

    name = "typesense"
    about = "rewrites as overrides of Typesense, for the whole query only"
    ending = ".jsonl"
    sources = (REWRITES,)

    def refusal(self, row: Row) -> str | None:
        """A brace, or a text without words."""
        texts = (row["query_text"], row["rewritten_text"])
        if any(map(_FIELD.search, texts)):
            return "a brace names a field"
        return engine_refusal(row)

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
