"""For Algolia: rewrites as rules, and equivalents as synonyms.

`POST /1/indexes/INDEX/rules/batch` and `POST /1/indexes/INDEX/synonyms/batch`.
"""

import re
from collections.abc import Iterator

from clip_search.export.export_format import (
    LinesFormat,
    engine_refusal,
    equivalent_texts,
    json_list_lines,
    one_line,
    rewrite_texts,
    stable_id,
    why_of,
)
from clip_search.export.sources import EQUIVALENTS, REWRITES, Row

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
        return _refusal(rewrite_texts(row))

    def lines(self, rows: Iterator[Row]) -> Iterator[str]:
        """One list, with a rule on each line."""
        return json_list_lines("[", (one_line(_rule(row)) for row in rows), "]")


class AlgoliaSynonyms(LinesFormat):
    """A list of two-way synonyms: whichever form is typed, both are searched for."""

    name = "algolia-synonyms"
    about = "equivalents as synonyms of Algolia"
    ending = ".json"
    sources = (EQUIVALENTS,)

    def refusal(self, row: Row) -> str | None:
        """A brace, a text that is too long, or one without words."""
        return _refusal(equivalent_texts(row))

    def lines(self, rows: Iterator[Row]) -> Iterator[str]:
        """One list, with a synonym on each line."""
        return json_list_lines("[", (one_line(_synonym(row)) for row in rows), "]")


def _refusal(texts: tuple[str, str]) -> str | None:
    if any(map(_FACET.search, texts)):
        return "a brace names a facet"
    if max(map(len, texts)) > _MOST_CHARACTERS:
        return f"longer than {_MOST_CHARACTERS} characters"
    return engine_refusal(texts)


def _synonym(row: Row) -> dict[str, object]:
    forms = equivalent_texts(row)
    return {
        "objectID": stable_id("eq", *forms),
        "type": "synonym",
        "synonyms": list(forms),
    }


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
