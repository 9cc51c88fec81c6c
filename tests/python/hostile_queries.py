"""Queries that break files: separators, comments, formulas, templates, scripts."""

import random
from functools import cache

FRAGMENTS = (
    *(",", "=>", " => ", "=", ">", "#", "# ", "\\", "\\\\", '"', '""', "'", "<<", ">>"),
    *("<<name>>", "def name(a):", "@", "@id", ":", "*", "{a,b}:", "{", "}", "$1", "|"),
    *("=1+1", "+1", "-1", '=HYPERLINK("http://a.example","x")', ";=cmd|' /c calc'!a0"),
    *("\n", "\r\n", "\r", "\t", "\x00", "\x1b[31m", "\u2028", "\u0085", "\ud800"),
    *("<b>", "&amp;", "]]>", "</elevate>", "{{ 7*7 }}", "%s", "${HOME}", "`id`", ";"),
    *("-- ", "--", "…", "!", "null", "AND", "OR", "NOT", "(", ")", "^2", "~", "[", "]"),
    *("jaws", "new york", "müller", "東京", "кино", "فيلم", "ภาพยนตร์", "हिन्दी", "😀"),
    *("①", "𝒜", "\u00a0", "\u3000", "\ufeff", "\u202e", "\ufffe", " ", "  ", "a", "ß"),
    *("synonym: x", "delete", "x" * 600, "a b c d e"),
)


@cache
def hostile_pairs(count: int) -> list[tuple[str, str]]:
    """Pairs of a query, all of them different, and its rewrite."""
    draw = random.Random(28)
    pairs: dict[str, str] = dict.fromkeys(FRAGMENTS, "jaws")
    while len(pairs) < count:
        texts = [
            "".join(draw.choices(FRAGMENTS, k=draw.randint(1, 5))) for _ in range(2)
        ]
        # Half of the targets are plain, so that many queries are judged on their own.
        pairs[texts[0]] = draw.choice((texts[1], "new york"))
    return list(pairs.items())[:count]
