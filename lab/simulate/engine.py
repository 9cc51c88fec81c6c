"""The synthetic site's search engine: SQLite's FTS5, ranked by BM25.

All words of a query must match. A word that no clip contains is ignored; if no clip
contains all the others, only the rarest of them is searched for. So a misspelled word
alone finds nothing, and with other words finds the wrong clips. Ranks are rounded
before they are compared, so that the order of results does not depend on the last bit
of a logarithm, which differs between C libraries.
"""

import re
import sqlite3
import unicodedata
from array import array
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from lab.simulate.catalogue import Clip
from lab.simulate.settings import Engine as EngineSettings

_REMEMBERED_QUERIES = 30_000


@dataclass(frozen=True, slots=True)
class Found:
    """The result of a query.

    Attributes:
        total: The number of matching clips.
        clips: The numbers of the top clips, best first.
    """

    total: int
    clips: Sequence[int]


NOTHING = Found(0, ())


class Engine:
    """Finds clips by their metadata.

    Args:
        clips: The clips, indexed once, in memory.
        settings: The weights of the fields, and the number of results kept.
    """

    def __init__(self, clips: Sequence[Clip], settings: EngineSettings) -> None:
        self._most = settings.page_size * settings.pages
        self._index = sqlite3.connect(":memory:")
        fields = list(settings.weights)
        self._index.execute(
            f"create virtual table clip using fts5({', '.join(fields)}, "
            "tokenize = 'unicode61')"
        )
        marks = ", ".join("?" for _ in range(len(fields) + 1))
        texts = [[_field(clip, name) for name in fields] for clip in clips]
        self._index.executemany(
            f"insert into clip (rowid, {', '.join(fields)}) values ({marks})",  # noqa: S608
            ([number, *row] for number, row in enumerate(texts)),
        )
        self._clips_with = Counter(
            word for row in texts for word in set(" ".join(row).split())
        )
        weights = ", ".join(str(float(weight)) for weight in settings.weights.values())
        self._statement = (
            "select rowid from clip where clip match ? "  # noqa: S608
            f"order by round(bm25(clip, {weights}), 6), rowid"
        )
        self.find = lru_cache(maxsize=_REMEMBERED_QUERIES)(self._find)
        # Many typos leave the same words to search for.
        self._matching = lru_cache(maxsize=_REMEMBERED_QUERIES)(self._looked_up)

    def _find(self, query: str) -> Found:
        """The result of a query, cached because the catalogue does not change."""
        words = tuple(
            sorted(
                {word for word in tokens(query) if word in self._clips_with},
                key=lambda word: (self._clips_with[word], word),
            )
        )
        if not words:
            return NOTHING
        return self._matching(words) or self._matching(words[:1]) or NOTHING

    def _looked_up(self, words: tuple[str, ...]) -> Found | None:
        wanted = " ".join(f'"{word}"' for word in words)
        numbers = [row[0] for row in self._index.execute(self._statement, (wanted,))]
        if not numbers:
            return None
        return Found(len(numbers), array("l", numbers[: self._most]))


def tokens(text: str) -> list[str]:
    """Words of letters and digits, in lower case, without accents."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    return re.findall(
        r"[^\W_]+", "".join([each for each in plain if not unicodedata.combining(each)])
    )


def _field(clip: Clip, name: str) -> str:
    value = getattr(clip, name)
    return " ".join(tokens(value if isinstance(value, str) else " ".join(value)))
