"""Generates logs of a site where people search for any English word, to fit weights.

The synthetic world of the simulator has few words, and its names are made from a few
parts. Real users also type rare words and real names, which are correct. So here words
are drawn from the public word list, including rare ones. Correct words that are in no
list, such as names and brands, are drawn from other languages, and from English words
too rare for the list. Typos are those of `misspelling`, and errors in spaces are those
of the simulator. No real log was used for this, and there are no faults to clean.

`python -m lab.fit.word_world SEED COUNT FOLDER` needs the extra `fit`.
"""

import csv
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import accumulate
from pathlib import Path

from clip_search.logs import SEARCH_REQUEST, SEARCH_RESULT_INTERACTION
from lab.fit.misspelling import misspelled
from lab.fit.unlisted_words import is_likely_typo, unlisted_words
from lab.fit.word_list import SEED as WORD_LIST
from lab.simulate.chance import Chance
from lab.simulate.settings import read_settings
from lab.simulate.typos import MISSPELLING, Typed, Typist
from lab.simulate.vocabulary import FIRST_NAMES

FLATNESS = 0.6
"""A word's weight is its frequency to this power, since users seldom type 'the'."""
RARE = 300
"""Words rarer than this (100 times the Zipf value) may be typos themselves."""
REPEATED = 0.25
"""The share of searches that repeat an earlier query."""
UNLISTED = 0.10
"""The share of queries with a name or a word that is not in the list."""
# As in the simulator's world: (nothing found, clicked), without and with a typo.
OUTCOMES = {False: (0.01, 0.52), True: (0.47, 0.15)}
CORRECTED = 0.5
"""The share of unclicked queries with a typo that are retyped correctly."""


@dataclass(frozen=True, slots=True)
class Search:
    """A search in the word world."""

    number: int
    user: int
    instant: datetime
    query: str
    meant: str
    total: int
    is_clicked: bool


class WordWorld:
    """People who search for words.

    Args:
        seed: The same seed gives the same searches.
    """

    def __init__(self, seed: int) -> None:
        self._chance = Chance(seed)
        self._typist = Typist(read_settings().queries, self._chance)
        self._words, weights = weighed_words()
        self._weights = list(accumulate(weights))
        self._unlisted = unlisted_words()
        self._meant: list[str] = []

    def searches(self, count: int) -> Iterator[Search]:
        """About `count` searches, in the order of time."""
        instant = datetime(2020, 1, 1, tzinfo=UTC)
        number = user = 0
        while number < count:
            user += 1
            instant += timedelta(seconds=60)
            typed = self._types(self._query())
            number += 1
            search = self._search(number, user, instant, typed.text, typed.meant)
            yield search
            if typed.typo and not search.is_clicked and self._chance.flag(CORRECTED):
                number += 1
                later = instant + timedelta(seconds=20)
                yield self._search(number, user, later, typed.meant, typed.meant)

    def _query(self) -> str:
        if self._meant and self._chance.flag(REPEATED):
            return self._chance.pick(self._meant)
        size = self._chance.pick([1, 1, 1, 2, 2, 2, 2, 3, 3, 4])
        words = [self._word() for _ in range(size)]
        if self._chance.flag(UNLISTED):
            kind = self._chance.below(4)
            unlisted = self._chance.pick(self._unlisted)
            if kind == 0:
                words = [unlisted]
            elif kind == 1:
                words = [self._chance.pick(self._unlisted), unlisted]
            elif kind == 2:
                words = [self._chance.pick(FIRST_NAMES), unlisted]
            else:
                words[self._chance.below(size)] = unlisted
        query = " ".join(words)
        self._meant.append(query)
        return query

    def _types(self, query: str) -> Typed:
        """Types like the simulator's people, but with this module's misspellings."""
        typed = self._typist.types(query)
        if typed.typo != MISSPELLING:
            return typed
        words = query.split(" ")
        long = [
            place
            for place, word in enumerate(words)
            if len(word) >= 4 and word.isascii() and word.isalpha()
        ]
        place = self._chance.pick(long)
        words[place] = misspelled(words[place], self._chance)
        return Typed(" ".join(words), query, MISSPELLING)

    def _word(self) -> str:
        point = self._chance.below(self._weights[-1])
        low, high = 0, len(self._weights) - 1
        while low < high:
            middle = (low + high) // 2
            if self._weights[middle] > point:
                high = middle
            else:
                low = middle + 1
        return self._words[low]

    def _search(
        self, number: int, user: int, instant: datetime, query: str, meant: str
    ) -> Search:
        nothing, clicked = OUTCOMES[query != meant]
        is_empty = self._chance.flag(nothing)
        is_clicked = not is_empty and self._chance.flag(clicked)
        total = 0 if is_empty else 100
        return Search(number, user, instant, query, meant, total, is_clicked)


@cache
def weighed_words() -> tuple[list[str], list[int]]:
    """The listed words that are likely correct, and their weights."""
    with WORD_LIST.open(encoding="utf-8", newline="") as file:
        frequency_of = {
            word: int(row["frequency"])
            for row in csv.DictReader(file)
            for word in row["words"].split(" ")
        }
    share_of = {word: 10 ** (value / 100) for word, value in frequency_of.items()}
    words = [
        word
        for word, value in frequency_of.items()
        if value >= RARE or not is_likely_typo(word, share_of[word], share_of)
    ]
    weights = [
        round(1000 * 10 ** (FLATNESS * frequency_of[word] / 100)) for word in words
    ]
    return words, weights


def write_logs(seed: int, count: int, folder: Path) -> None:
    """Writes both logs and, like the simulator, `truth/query.csv`."""
    (folder / "truth").mkdir(parents=True, exist_ok=True)
    searches = list(WordWorld(seed).searches(count))
    with (folder / "search_request.csv").open("w", encoding="utf-8", newline="") as log:
        writer = csv.writer(log)
        writer.writerow(SEARCH_REQUEST.required)
        for each in searches:
            row = [each.number, each.query, each.instant.isoformat()]
            writer.writerow([*row, f"u{each.user}", each.total])
    clicks = folder / "search_result_interaction.csv"
    with clicks.open("w", encoding="utf-8", newline="") as log:
        writer = csv.writer(log)
        writer.writerow(SEARCH_RESULT_INTERACTION.required)
        for each in searches:
            if each.is_clicked:
                instant = each.instant + timedelta(seconds=7)
                cid = sum(map(ord, each.meant)) % 10_000
                writer.writerow([each.number, instant.isoformat(), f"c{cid}", 1])
    with (folder / "truth" / "query.csv").open(
        "w", encoding="utf-8", newline=""
    ) as out:
        writer = csv.writer(out)
        writer.writerow(["query", "intended_query", "intent_id", "search_count"])
        for each in searches:
            writer.writerow([each.query, each.meant, each.meant, 1])


if __name__ == "__main__":
    write_logs(int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]))
