"""Rewrites as synonyms of Lucene: for Solr, Elasticsearch and OpenSearch.

Escapes as `org.apache.lucene.analysis.synonym.SolrSynonymParser` undoes them. For one
line that it cannot read, it refuses the whole file, so a row that might be one is
refused here. The rules are not anchored: docs/exports.md says what follows from that.
"""

from collections.abc import Iterator
from pathlib import Path

from clip_search.engines import Connection
from clip_search.export.export_format import (
    LinesFormat,
    engine_refusal,
    json_list_lines,
    one_line,
    rules_heading,
    stable_id,
)
from clip_search.export.lucene_check import check_rules
from clip_search.export.sources import REWRITES, Row

MOST_RULES_OF_A_SET = 100_000
"""How many rules Elasticsearch takes in a set (`synonyms.max_synonym_rules`)."""
_ESCAPED = str.maketrans({"\\": "\\\\", ",": "\\,", "#": "\\#"})


class SolrSynonyms(LinesFormat):
    """The file `synonyms.txt`."""

    name = "solr-synonyms"
    about = "rewrites as synonyms.txt, for Solr, Elasticsearch and OpenSearch"
    ending = ".txt"
    sources = (REWRITES,)

    def refusal(self, row: Row) -> str | None:
        """A text that the analyzer empties."""
        return engine_refusal(row)

    def __init__(self) -> None:
        self._rewrites: list[Row] = []

    def lines(self, rows: Iterator[Row]) -> Iterator[str]:
        """A comment, then a rule for each rewrite."""
        self._rewrites = list(rows)
        yield f"# {rules_heading(len(self._rewrites))}"
        yield from map(synonym_rule, self._rewrites)

    def check(self, connection: Connection, file: Path) -> list[str]:
        """Run Lucene's own filter over the logged queries."""
        return check_rules(connection, file, self._rewrites).lines()


class ElasticsearchSynonyms(LinesFormat):
    """The body of `PUT /_synonyms/SET`, with an id for each rule."""

    name = "elasticsearch-synonyms"
    about = "rewrites as the body of Elasticsearch's synonyms API"
    ending = ".json"
    sources = (REWRITES,)

    def __init__(self) -> None:
        self._rule_count = 0

    def refusal(self, row: Row) -> str | None:
        """A text that the analyzer empties, or one rule too many."""
        if refused := engine_refusal(row):
            return refused
        if self._rule_count == MOST_RULES_OF_A_SET:
            return f"a set has at most {MOST_RULES_OF_A_SET:,} rules"
        self._rule_count += 1
        return None

    def lines(self, rows: Iterator[Row]) -> Iterator[str]:
        """One object, with a rule on each line."""
        rules = (
            {"id": stable_id("rw", row["query_text"]), "synonyms": synonym_rule(row)}
            for row in rows
        )
        return json_list_lines('{"synonyms_set":[', map(one_line, rules), "]}")


def synonym_rule(row: Row) -> str:
    """A rewrite as a rule: what it replaces, an arrow, what it becomes."""
    return f"{_escaped(row['query_text'])} => {_escaped(row['rewritten_text'])}"


def _escaped(text: str) -> str:
    return text.translate(_ESCAPED).replace("=>", "\\=>")
