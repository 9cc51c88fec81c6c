"""Rewrites as rules of Algolia: `POST /1/indexes/INDEX/rules/batch`."""

import re
from collections.abc import Iterator

from clip_search.export.export_format import (
    LinesFormat,
    engine_refusal,
    json_list_lines,
    one_line,
    stable_id,
    why_of,
)
from clip_search.export.sources import REWRITES, Row

_FACET = re.compile("[{}]")
_MOST_CHARACTERS = 512


class AlgoliaRules(LinesFormat):
    """A list of rules; each replaces a whole query (`anchoring` is `is`)."""

    name = "algolia"
    about = "rewrites as rules of Algolia, for the whole query only"
    ending = ".json"
    sources = (REWRITES,)

    def refusal(self, row: Row) -> str | None:
        """A brace, a text that is too long, or one without words."""
        texts = (row["query_text"], row["rewritten_text"])
        if any(map(_FACET.search, texts)):
            return "a brace names a facet"
        if max(map(len, texts)) > _MOST_CHARACTERS:
            return f"longer than {_MOST_CHARACTERS} characters"
        return engine_refusal(row)

    def lines(self, rows: Iterator[Row]) -> Iterator[str]:
        """One list, with a rule on each line."""
        return json_list_lines("[", (one_line(_rule(row)) for row in rows), "]")


def _rule(row: Row) -> dict[str, object]:
    return {
        "objectID": stable_id("rw", row["query_text"]),
        "conditions": [
            {"pattern": row["query_text"], "anchoring": "is", "alternatives": False}
        ],
        "consequence": {"params": {"query": row["rewritten_text"]}},
        "description": why_of(row),
        "enabled": True,
    }
