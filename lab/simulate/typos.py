"""Typos: misspelled words, and missing or extra spaces."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import accumulate

from lab.simulate.chance import Chance
from lab.simulate.settings import Queries

MISSPELLING = "misspelling"
RUN_TOGETHER = "run_together"
SPLIT = "split_word"
NAMES = (MISSPELLING, RUN_TOGETHER, SPLIT)
"""The names of the kinds of typo in the answer key and the truth."""


@dataclass(slots=True)
class Typed:
    """A typed text and its intended form.

    Attributes:
        text: As typed.
        meant: The text without the typo.
        typo: The kind of typo, one of NAMES, or None.
    """

    text: str
    meant: str
    typo: str | None


class Typist:
    """Types queries, sometimes with a typo.

    Args:
        settings: The frequency of each kind of typo.
        chance: Decides when, and where in the text.
    """

    def __init__(self, settings: Queries, chance: Chance) -> None:
        self._settings = settings
        self._chance = chance
        self._kinds = [_TYPOS[name] for name in settings.typo_weights]
        self._weights = list(accumulate(settings.typo_weights.values()))

    def types(self, text: str) -> Typed:
        """Types lower-case words separated by single spaces."""
        settings = self._settings
        kinds = (
            (settings.typo, MISSPELLING, self._misspelled),
            (settings.run_together, RUN_TOGETHER, self._run_together),
            (settings.split, SPLIT, self._split),
        )
        point = self._chance.share()
        for share, name, mistype in kinds:
            if point < share:
                typed = mistype(text)
                return Typed(typed, text, None if typed == text else name)
            point -= share
        return Typed(text, text, None)

    def _misspelled(self, text: str) -> str:
        words = text.split(" ")
        long = [
            place
            for place, word in enumerate(words)
            if len(word) >= 5 and word.isascii() and word.isalpha()
        ]
        if not long:
            return text
        place = self._chance.pick(long)
        for _ in range(20):
            wrong = self._one_typo(words[place])
            if wrong != words[place]:
                words[place] = wrong
                break
        return " ".join(words)

    def _one_typo(self, word: str) -> str:
        at = self._chance.between(1, len(word) - 2)
        point = self._chance.below(self._weights[-1])
        kind = next(
            kind
            for until, kind in zip(self._weights, self._kinds, strict=True)
            if point < until
        )
        return kind(self._chance, word[:at], word[at], word[at + 1 :])

    def _run_together(self, text: str) -> str:
        words = text.split(" ")
        if len(words) < 2:
            return text
        gap = self._chance.below(len(words) - 1)
        first, second = words[gap], words[gap + 1]
        joined = first + second
        if len(second) > 3 and self._chance.flag(self._settings.misplaced):
            joined = f"{first}{second[:2]} {second[2:]}"
        return " ".join([*words[:gap], joined, *words[gap + 2 :]])

    def _split(self, text: str) -> str:
        words = text.split(" ")
        long = [place for place, word in enumerate(words) if len(word) >= 6]
        if not long:
            return text
        place = self._chance.pick(long)
        at = self._chance.between(3, len(words[place]) - 3)
        words[place] = f"{words[place][:at]} {words[place][at:]}"
        return " ".join(words)


def _neighbour(chance: Chance, letter: str) -> str:
    row = next((row for row in _KEYS if letter in row), None)
    if row is None:
        return letter
    at = row.index(letter)
    return chance.pick(row[max(at - 1, 0) : at] + row[at + 1 : at + 2])


_KEYS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_WRONG_VOWEL = {"a": "e", "e": "i", "i": "e", "o": "u", "u": "o", "y": "i"}
_TYPOS: dict[str, Callable[[Chance, str, str, str], str]] = {
    "omitted": lambda chance, before, letter, after: before + after,
    "doubled": lambda chance, before, letter, after: before + letter * 2 + after,
    "swapped": lambda chance, before, letter, after: (
        before + after[0] + letter + after[1:]
    ),
    "vowel": lambda chance, before, letter, after: (
        before + _WRONG_VOWEL.get(letter, letter) + after
    ),
    "neighbour": lambda chance, before, letter, after: (
        before + _neighbour(chance, letter) + after
    ),
}
