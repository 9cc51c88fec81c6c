"""Pinned clips of frequent queries: `elevate.xml`, and query rules of Elasticsearch.

A pin overrides the ranking for everybody, so only the best grade with firm evidence is
one. The most frequent queries come first.
"""

import unicodedata
from collections.abc import Iterator
from xml.sax.saxutils import quoteattr

from clip_search.export.export_format import json_list_lines, one_line
from clip_search.export.judgments import JudgmentFormat, by_query, query_id
from clip_search.export.sources import JUDGMENTS_FROM_THE_HEAD, Row

MOST_RULES = 100
"""Of a set of query rules (`xpack.applications.rules.max_rules_per_set`)."""
MOST_PINS = 100
"""Of a query rule."""
_FIRM = ("bracketed", "firm")
_BEST_GRADE = 3


class _Pins(JudgmentFormat):
    sources = (JUDGMENTS_FROM_THE_HEAD,)

    def text_refusal(self, row: Row) -> str | None:
        """A pair that is not good enough for a pin."""
        if row["evidence"] not in _FIRM or row["grade"] < _BEST_GRADE:
            return "not the best grade with bracketed evidence, so no pin"
        return None


class ElevateXml(_Pins):
    """The file of Solr's query elevation component."""

    name = "elevate-xml"
    about = "pinned clips as elevate.xml, for Solr"
    ending = ".xml"

    def text_refusal(self, row: Row) -> str | None:
        """A character that XML cannot hold."""
        text = row["query_text"] + row["cid"]
        if any(map(_is_no_xml, text)):
            return "a character that XML cannot hold"
        return super().text_refusal(row)

    def lines(self, rows: Iterator[Row]) -> Iterator[str]:
        """An element for each query."""
        yield '<?xml version="1.0" encoding="UTF-8"?>'
        yield "<elevate>"
        for query_text, pairs in by_query(rows):
            yield f"  <query text={quoteattr(query_text)}>"
            for row in pairs:
                yield f"    <doc id={quoteattr(row['cid'])}/>"
            yield "  </query>"
        yield "</elevate>"


class ElasticsearchQueryRules(_Pins):
    """The body of `PUT _query_rules/SET`."""

    name = "elasticsearch-query-rules"
    about = "pinned clips as query rules, for Elasticsearch"
    ending = ".json"

    def __init__(self) -> None:
        self._pin_counts: dict[str, int] = {}

    def text_refusal(self, row: Row) -> str | None:
        """One rule or one pin too many."""
        if refused := super().text_refusal(row):
            return refused
        query_text = row["query_text"]
        pin_count = self._pin_counts.get(query_text, 0)
        if not pin_count and len(self._pin_counts) == MOST_RULES:
            return f"a set has at most {MOST_RULES} rules"
        if pin_count == MOST_PINS:
            return f"a rule has at most {MOST_PINS} clips"
        self._pin_counts[query_text] = pin_count + 1
        return None

    def lines(self, rows: Iterator[Row]) -> Iterator[str]:
        """One object, with a rule on each line."""
        rules = (one_line(_rule(text, pairs)) for text, pairs in by_query(rows))
        return json_list_lines('{"rules":[', rules, "]}")


def _rule(query_text: str, pairs: list[Row]) -> dict[str, object]:
    criterion = {"type": "exact", "metadata": "query_string", "values": [query_text]}
    return {
        "rule_id": query_id(query_text),
        "type": "pinned",
        "criteria": [criterion],
        "actions": {"ids": [row["cid"] for row in pairs]},
    }


def _is_no_xml(character: str) -> bool:
    """Whether XML 1.0 has no such character; controls were refused before."""
    return unicodedata.category(character) == "Cn" and character in "\ufffe\uffff"
