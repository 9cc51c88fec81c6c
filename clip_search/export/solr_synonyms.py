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
    equivalent_texts,
    json_list_lines,
    one_line,
    rewrite_texts,
    rules_heading,
    stable_id,
)
from clip_search.export.lucene_check import check_equivalents, check_rules
from clip_search.export.sources import EQUIVALENTS, REWRITES, Row

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
        return engine_refusal(rewrite_texts(row))

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


class SolrEquivalents(LinesFormat):
    """The file `equivalents.txt`: two forms on each line, of which neither wins."""

    name = "solr-equivalents"
    about = "equivalents as two-way synonyms, for Solr, Elasticsearch and OpenSearch"
    ending = ".txt"
    sources = (EQUIVALENTS,)

    def __init__(self) -> None:
        self._equivalents: list[Row] = []

    def refusal(self, row: Row) -> str | None:
        """A text that the analyzer empties."""
        return engine_refusal(equivalent_texts(row))

    def lines(self, rows: Iterator[Row]) -> Iterator[str]:
        """A comment, then a rule for each pair."""
        self._equivalents = list(rows)
        heading = rules_heading(len(self._equivalents), EQUIVALENTS.mart)
        yield f"# {heading}, for expand=true"
        yield from map(two_way_rule, self._equivalents)

    def check(self, connection: Connection, file: Path) -> list[str]:
        """Run Lucene's own filter over both forms, and over the logged queries."""
        return check_equivalents(connection, file, self._equivalents)


class ElasticsearchSynonyms(LinesFormat):
    """The body of `PUT /_synonyms/SET`, with an id for each rule."""

    name = "elasticsearch-synonyms"
    about = "rewrites as the body of Elasticsearch's synonyms API"
    ending = ".json"
    sources = (REWRITES,)
    texts = staticmethod(rewrite_texts)

    def __init__(self) -> None:
        self._rule_count = 0

    def refusal(self, row: Row) -> str | None:
        """A text that the analyzer empties, or one rule too many."""
        if refused := engine_refusal(self.texts(row)):
            return refused
        if self._rule_count == MOST_RULES_OF_A_SET:
            return f"a set has at most {MOST_RULES_OF_A_SET:,} rules"
        self._rule_count += 1
        return None

    def lines(self, rows: Iterator[Row]) -> Iterator[str]:
        """One object, with a rule on each line."""
        rules = map(one_line, map(self.rule, rows))
        return json_list_lines('{"synonyms_set":[', rules, "]}")

    def rule(self, row: Row) -> dict[str, str]:
        """A rule of the set, with an id that does not depend on the other rules."""
        return {"id": stable_id("rw", row["query_text"]), "synonyms": synonym_rule(row)}


class ElasticsearchEquivalents(ElasticsearchSynonyms):
    """The same body with two-way rules: a set of its own."""

    name = "elasticsearch-equivalents"
    about = "equivalents as a set of Elasticsearch's synonyms API"
    sources = (EQUIVALENTS,)
    texts = staticmethod(equivalent_texts)

    def rule(self, row: Row) -> dict[str, str]:
        """A two-way rule of the set."""
        return {
            "id": stable_id("eq", *equivalent_texts(row)),
            "synonyms": two_way_rule(row),
        }


def synonym_rule(row: Row) -> str:
    """A rewrite as a rule: what it replaces, an arrow, what it becomes."""
    return " => ".join(map(_escaped, rewrite_texts(row)))


def two_way_rule(row: Row) -> str:
    """Two forms with a comma: whichever is typed, both are searched for."""
    return ", ".join(map(_escaped, equivalent_texts(row)))


def _escaped(text: str) -> str:
    return text.translate(_ESCAPED).replace("=>", "\\=>")
