"""Rewrites as rules of Querqy's Common Rules Rewriter.

`"..."` anchors a rule at both ends of the query: only the whole query is rewritten. The
typed words stay as alternatives. Syntax: querqy-core, `LineParser` and `EscapeUtil`.
"""

import re
from collections.abc import Iterator

from clip_search.export.export_format import (
    LinesFormat,
    engine_refusal,
    rules_heading,
    stable_id,
    why_of,
)
from clip_search.export.sources import REWRITES, Row

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
        texts = (row["query_text"], row["rewritten_text"])
        if any(map(_SYNTAX.search, texts)):
            return "a sign that is part of Querqy's syntax"
        return engine_refusal(row)

    def lines(self, rows: Iterator[Row]) -> Iterator[str]:
        """A comment, then a rule of a few lines for each rewrite."""
        written = list(rows)
        yield f"# {rules_heading(len(written))}"
        for row in written:
            yield f'"{_escaped(row["query_text"])}" =>'
            yield f"  SYNONYM: {_escaped(row['rewritten_text'])}"
            yield f'  @_id: "{stable_id("rw", row["query_text"])}"'
            yield f'  @_log: "{why_of(row)}"'
            yield ""


def _escaped(text: str) -> str:
    return text.replace("#", "\\#")
