"""Rewrites as rules of Querqy's Common Rules Rewriter.

`"..."` anchors a rule at both ends of the query: only the whole query is rewritten. The
typed words stay as alternatives. Syntax: querqy-core, `LineParser` and `EscapeUtil`.
"""

import re
from collections.abc import Iterator

from clip_search.export.export_format import (
    LinesFormat,
    engine_refusal,
    equivalent_texts,
    rewrite_texts,
    rules_heading,
    stable_id,
    why_of,
)
from clip_search.export.sources import EQUIVALENTS, REWRITES, Row

# A field, a wildcard, a boundary, an escape, a placeholder, a property, a template.
# Most have an escape only in some versions, and few queries have one.
_SYNTAX = re.compile(r'[:*"\\$(){}]|^@|=>|<<|>>')


class QuerqyRules(LinesFormat):
    """The file `rules.txt`."""

    name = "querqy"
    about = "rewrites as rules.txt of Querqy, for the whole query only"
    ending = ".txt"
    sources = (REWRITES,)

    def refusal(self, row: Row) -> str | None:
        """A sign that is part of Querqy's syntax."""
        return _refusal(rewrite_texts(row))

    def lines(self, rows: Iterator[Row]) -> Iterator[str]:
        """A comment, then a rule of a few lines for each rewrite."""
        written = list(rows)
        yield f"# {rules_heading(len(written))}"
        for row in written:
            query, rewritten = rewrite_texts(row)
            yield from _rule(query, rewritten, stable_id("rw", query), why_of(row))


class QuerqyEquivalents(LinesFormat):
    """A file of rules as above: each form has the other one as its synonym."""

    name = "querqy-equivalents"
    about = "equivalents as rules of Querqy, one for each of the two forms"
    ending = ".txt"
    sources = (EQUIVALENTS,)

    def refusal(self, row: Row) -> str | None:
        """A sign that is part of Querqy's syntax."""
        return _refusal(equivalent_texts(row))

    def lines(self, rows: Iterator[Row]) -> Iterator[str]:
        """A comment, then two rules for each pair."""
        written = list(rows)
        yield f"# {rules_heading(2 * len(written), EQUIVALENTS.mart)}"
        for row in written:
            one, other = equivalent_texts(row)
            why = f"equivalent {row['rule']}"
            yield from _rule(one, other, stable_id("eq", one, other), why)
            yield from _rule(other, one, stable_id("eq", other, one), why)


def _refusal(texts: tuple[str, str]) -> str | None:
    if any(map(_SYNTAX.search, texts)):
        return "a sign that is part of Querqy's syntax"
    return engine_refusal(texts)


def _rule(query: str, synonym: str, rule_id: str, why: str) -> Iterator[str]:
    yield f'"{_escaped(query)}" =>'
    yield f"  SYNONYM: {_escaped(synonym)}"
    yield f'  @_id: "{rule_id}"'
    yield f'  @_log: "{why}"'
    yield ""


def _escaped(text: str) -> str:
    return text.replace("#", "\\#")
