"""Search ids for logs without any: made of user, session, time and text.

An id of a search is `inferred-SESSION-SEARCH`. A click has `inferred-SESSION-SECONDS`
instead: the build finds the latest search of its session that is at most that many
seconds older. Session and search are 20 letters of a SHA-256 sum, without digits, so
that no id looks like the number of a card or a telephone.
"""

import hashlib
import json

_LETTERS = str.maketrans("0123456789abcdef", "abcdefghijklmnop")
_LENGTH = 20


def inferred_search_id(
    user: str | None, session: str | None, ts: str | None, text: str | None
) -> str | None:
    """The id of a search; None without a user."""
    if not user:
        return None
    return f"inferred-{_sum(user, session)}-{_sum(user, session, ts, text)}"


def inferred_session_id(
    user: str | None, session: str | None, within_seconds: int
) -> str | None:
    """The id of a click before its search is known; None without a user."""
    return f"inferred-{_sum(user, session)}-{within_seconds}" if user else None


def _sum(*texts: str | None) -> str:
    told = hashlib.sha256(json.dumps(texts).encode("utf-8", "surrogatepass"))
    return told.hexdigest()[:_LENGTH].translate(_LETTERS)
