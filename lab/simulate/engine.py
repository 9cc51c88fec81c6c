"""The synthetic site's search engine: SQLite's FTS5, ranked by BM25.

All words of a query must match. A word that no clip contains is ignored; if no clip
contains all the others, only the rarest of them is searched for. So a misspelled word
alone finds nothing, and with other words finds the wrong clips. Ranks are rounded
before they are compared, so that the order of results does not depend on the last bit
of a logarithm, which differs between C libraries.

An engine that tolerates typos takes a word that no clip contains for the most frequent
one with a letter more, less, replaced or swapped, if there is one.

A site may change its ranking, or compare two. Each ranking but the first changes every
clip's score by a factor of its own, whatever the query is, and may know which clips
disappoint. Clips may come and go when the ranking changes. The site may also publish
boosts: a score of a clip for one query is multiplied by one more than its boost.
"""

import re
import sqlite3
import unicodedata
import zlib
from array import array
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b

from clip_search.text_rules import normalize_query_text
from lab.simulate.catalogue import Clip
from lab.simulate.near_words import NearWords
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

    Attributes:
        lifetimes: Of each clip (by number) that is not always there, the successive
            rankings under which it is.
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
        self._near = NearWords(self._clips_with) if settings.tolerates_typos else None
        weights = ", ".join(str(float(weight)) for weight in settings.weights.values())
        self._statement = (
            f"select rowid, round(bm25(clip, {weights}), 6) as score from clip "  # noqa: S608
            "where clip match ? order by score, rowid"
        )
        self._reshuffle = settings.reshuffle
        self._demotion = settings.demotion
        self._disappointing = frozenset(
            number for number, clip in enumerate(clips) if clip.is_disappointing
        )
        self._concurrent = settings.concurrent
        self.lifetimes = dict(_lifetimes(clips, settings))
        self._boosts: Mapping[str, Mapping[int, float]] = {}
        self.find = lru_cache(maxsize=_REMEMBERED_QUERIES)(self._find)
        # Many typos leave the same words to search for.
        self._matching = lru_cache(maxsize=_REMEMBERED_QUERIES)(self._looked_up)

    def publish(self, boosts: Mapping[str, Mapping[int, float]]) -> None:
        """Replaces the boosts.

        Args:
            boosts: Of clips (by number), by the normal form of the query.
        """
        self._boosts = boosts
        self.find.cache_clear()

    def _find(self, query: str, ranking: int = 0) -> Found:
        """The result of a query, cached because the catalogue does not change."""
        found = self.find_plain(query, ranking)
        boosts = self._boosts and self._boosts.get(normalize_query_text(query))
        if not boosts or not found.total:
            return found
        return self._boosted(query, ranking, boosts)

    def _boosted(self, query: str, ranking: int, boosts: Mapping[int, float]) -> Found:
        words = self._known_words(query)
        scored = self._scored(words, ranking) or self._scored(words[:1], ranking)
        scored.sort(key=lambda row: (row[1] * (1.0 + boosts.get(row[0], 0.0)), row[0]))
        best = [number for number, _ in scored[: self._most]]
        return Found(len(scored), array("l", best))

    def find_plain(self, query: str, ranking: int = 0) -> Found:
        """The result of a query without boosts."""
        words = self._known_words(query)
        if not words:
            return NOTHING
        return (
            self._matching(words, ranking)
            or self._matching(words[:1], ranking)
            or NOTHING
        )

    def _known_words(self, query: str) -> tuple[str, ...]:
        """The words to search for, which some clip contains, the rarest first."""
        return tuple(
            sorted(
                {word for word in map(self._taken_for, tokens(query)) if word},
                key=lambda word: (self._clips_with[word], word),
            )
        )

    def _taken_for(self, word: str) -> str | None:
        """The word that is searched for: itself if a clip contains it."""
        if word in self._clips_with:
            return word
        return self._near.nearest(word) if self._near else None

    def _scored(self, words: tuple[str, ...], ranking: int) -> list[tuple[int, float]]:
        """All clips with these words and their scores, best first: the lowest."""
        wanted = " ".join(f'"{word}"' for word in words)
        scored = self._index.execute(self._statement, (wanted,)).fetchall()
        if self.lifetimes:
            turn = ranking // self._concurrent
            always = range(turn, turn + 1)
            scored = [
                row for row in scored if turn in self.lifetimes.get(row[0], always)
            ]
        if ranking:
            # All scores are negative.
            scored = [
                (number, score * self._factor(number, ranking))
                for number, score in scored
            ]
            scored.sort(key=lambda row: (row[1], row[0]))
        return scored

    def _looked_up(self, words: tuple[str, ...], ranking: int) -> Found | None:
        scored = self._scored(words, ranking)
        if not scored:
            return None
        best = [number for number, _ in scored[: self._most]]
        return Found(len(scored), array("l", best))

    def _factor(self, clip: int, ranking: int) -> float:
        point = zlib.crc32(f"{ranking} {clip}".encode()) / 2**32
        factor = 1.0 + self._reshuffle * (2.0 * point - 1.0)
        return factor * (1.0 - self._demotion * (clip in self._disappointing))


def _lifetimes(
    clips: Sequence[Clip], settings: EngineSettings
) -> Iterator[tuple[int, range]]:
    """Each clip that comes or goes, and the successive rankings under which it is."""
    changes = settings.rankings - 1
    for number, clip in enumerate(clips):
        # Not drawn, so that a world with such clips is otherwise the same.
        digest = blake2b(clip.cid.encode(), digest_size=8).digest()
        share = int.from_bytes(digest) / 2**64
        if share < settings.turnover and changes:
            choice = int(share / settings.turnover * 2 * changes)
            turn = 1 + choice // 2
            is_removed = choice % 2
            yield number, range(turn) if is_removed else range(turn, changes + 1)


def tokens(text: str) -> list[str]:
    """Words of letters and digits, in lower case, without accents."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    return re.findall(
        r"[^\W_]+", "".join([each for each in plain if not unicodedata.combining(each)])
    )


def _field(clip: Clip, name: str) -> str:
    value = getattr(clip, name)
    return " ".join(tokens(value if isinstance(value, str) else " ".join(value)))
