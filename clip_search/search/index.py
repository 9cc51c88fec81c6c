"""A full-text index in memory: SQLite's FTS5, ranked by BM25."""

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass

from clip_search.search.clips import Clip

_WEIGHTS = {
    "name": 6.0,
    "description": 1.0,
    "tags": 3.0,
    "categories": 1.0,
    "user_name": 4.0,
    "queries": 2.0,
}


@dataclass(frozen=True, slots=True)
class Hit:
    """A clip that was found.

    Attributes:
        cid: Its id.
        name: Its name; for a clip without metadata, a query that led to it.
        score: BM25; larger is better.
    """

    cid: str
    name: str
    score: float


class ClipIndex:
    """Finds clips that contain all words of a query in any of their fields.

    Args:
        clips: The clips to index. For those without metadata, a separate field has the
            queries that led to them.
    """

    def __init__(self, clips: Iterable[Clip]) -> None:
        self._connection = sqlite3.connect(":memory:")
        columns = ", ".join(_WEIGHTS)
        self._connection.execute(
            f"create virtual table clip using fts5(cid unindexed, {columns},"
            " tokenize = 'unicode61 remove_diacritics 2')"
        )
        self._connection.executemany(
            f"insert into clip values (?, {', '.join('?' * len(_WEIGHTS))})",  # noqa: S608
            (
                (clip.cid, *clip.metadata, "" if any(clip.metadata) else clip.queries)
                for clip in clips
            ),
        )
        weights = ", ".join(map(str, (0.0, *_WEIGHTS.values())))
        self._search = (
            f"select cid, name, queries, bm25(clip, {weights}) as score"  # noqa: S608
            " from clip where clip match ? order by score, cid limit ?"
        )

    def search(self, query: str, limit: int = 10) -> list[Hit]:
        """The best clips for a query, best first; ties are ordered by id.

        Args:
            query: Any text; it has no special syntax.
            limit: The maximum number of hits.
        """
        words = [word for word in query.split() if any(map(str.isalnum, word))]
        if not words:
            return []
        match = " ".join('"' + word.replace('"', '""') + '"' for word in words)
        rows = self._connection.execute(self._search, (match, limit))
        return [
            Hit(cid, name or queries.partition("\n")[0], -score)
            for cid, name, queries, score in rows
        ]
