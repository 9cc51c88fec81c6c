"""Classifies a redacted text as a kind of query."""

import re
from functools import cache

from clip_search.text_rules.characters import NO_HOST_LETTER, WHITE_SPACE, words

_PLACEHOLDERS = ("card", "iban", "ssn", "email", "ip", "phone")
_LINK_START = re.compile(f"(?:https?|ftp)://|www\\.[^{WHITE_SPACE}]")
_LINK_INSIDE = re.compile("(?<![a-z0-9])https?://")
_HOST = re.compile(
    f"(?:(?!-)[^{NO_HOST_LETTER}]++(?<!-)\\.)++([^.:/?#]+)(?::[0-9]{{1,5}})?"
    f"(?:[/?#][^{WHITE_SPACE}]*)?"
)
_UPPER = re.compile("[A-Z]+")


def classify_query(text: str) -> str:
    """The kind of a redacted text: of personal data, `url` or `text`.

    Personal data is recognised by its placeholder; if there are several, the first of
    `card`, `iban`, `ssn`, `email`, `ip`, `phone` counts. A url, in upper or lower case,
    is one of: a text that starts with http://, https:// or ftp://, or with www. and one
    more character; a text with http:// or https:// inside, not directly after a letter
    or digit; a single word of labels separated by dots, the last one a known top-level
    domain, optionally with a port of up to five digits and a path, query or fragment.
    """
    for name in _PLACEHOLDERS:
        if f"[{name}]" in text:
            return name
    word = _UPPER.sub(lambda letters: letters[0].lower(), text).strip(WHITE_SPACE)
    if _LINK_START.match(word) or _LINK_INSIDE.search(word):
        return "url"
    host = _HOST.fullmatch(word)
    return "url" if host and host[1] in _top_level_domains() else "text"


@cache
def _top_level_domains() -> frozenset[str]:
    """The top-level domains by which a bare host name is recognised."""
    return words("url_tld")
