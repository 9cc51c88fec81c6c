"""Decides which rows may leave the warehouse, the same for every format."""

from collections.abc import Iterator

from clip_search.engines import Connection
from clip_search.export.sources import Row, Source
from clip_search.project import project_variable
from clip_search.text_rules import normalize_query_text, redact_id, redact_text
from clip_search.text_rules.controls import without_controls

NOT_PUBLISHABLE = "not_publishable"
PERSONAL_DATA = "personal_data"
BLOCKED = "blocked"
PRIVATE_REASONS = (NOT_PUBLISHABLE, PERSONAL_DATA, BLOCKED)
"""Why a row is private, in the order in which it is asked."""


class PrivacyGate:
    """What may leave a warehouse.

    A row may if it is publishable, if the rules find no personal data in any of its
    values, and if no text contains a term of the seed `export_blocklist`. Where the
    mart does not say what is publishable, at least `min_users` users must have typed
    the query.

    Args:
        connection: The built warehouse.
    """

    def __init__(self, connection: Connection) -> None:
        """Reads the blocklist."""
        self._min_users = project_variable("min_users")
        found = connection.execute("select term from export_blocklist").fetchall()
        normal = (normalize_query_text(str(term)) for (term,) in found)
        self._blocked = frozenset(term for term in normal if term)
        self._blocked_sizes = sorted({term.count(" ") + 1 for term in self._blocked})

    def reason(self, source: Source, row: Row) -> str | None:
        """Why a row is private: one of `PRIVATE_REASONS`; None if it may leave."""
        if not self._is_publishable(row):
            return NOT_PUBLISHABLE
        texts = [row[name] for name in source.texts if row[name] is not None]
        ids = [row[name] for name in source.ids if row[name] is not None]
        # What the warehouse holds is redacted already. A table that was built before a
        # rule was added, or in another way, is not.
        # Redaction also removes control characters, which are no personal data.
        if any(redact_text(text) != without_controls(text) for text in texts):
            return PERSONAL_DATA
        if any(redact_id(each) != without_controls(each) for each in ids):
            return PERSONAL_DATA
        if self._blocked and any(map(self._is_blocked, texts)):
            return BLOCKED
        return None

    def _is_publishable(self, row: Row) -> bool:
        if "is_publishable" in row:
            return bool(row["is_publishable"])
        return (row["query_user_count"] or 0) >= self._min_users

    def _is_blocked(self, text: str) -> bool:
        words = normalize_query_text(text).split(" ")
        return any(
            term in self._blocked
            for size in self._blocked_sizes
            for term in _neighbours(words, size)
        )


def _neighbours(words: list[str], size: int) -> Iterator[str]:
    """Each run of that many words."""
    for start in range(len(words) - size + 1):
        yield " ".join(words[start : start + size])
