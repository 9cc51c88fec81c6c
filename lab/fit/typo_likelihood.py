"""Writes seeds/enrichment/typo_likelihood.csv: the evidence of each kind of typo.

`python -m lab.fit.typo_likelihood` takes words from the public list, lets `misspelling`
misspell them, and looks at all listed words one edit away from the result. A kind of
typo that leads to the intended word more often than to others is evidence for a
candidate. The evidence is the logarithm of that ratio (Kernighan, Church and Gale's
noisy channel, 1990, with kinds instead of single letters).
"""

import csv
import math
from collections import Counter

from clip_search.project import PROJECT_ROOT
from lab.fit.misspelling import misspelled
from lab.fit.unlisted_words import unlisted_words, within_one_typo
from lab.fit.word_world import weighed_words
from lab.simulate.chance import Chance

SEED = PROJECT_ROOT / "seeds" / "enrichment" / "typo_likelihood.csv"
WORDS = 12_000
"""The number of misspelled words, and of correct words to compare with them."""
VOWELS = "aeiouy"
ALIKE = {"bp", "dt", "fv", "gj", "ck", "cs", "sz", "mn"}
KINDS = (
    "letter missing",
    "letter too many",
    "twin letter missing",
    "twin letter too many",
    "vowel missing",
    "vowel too many",
    "other letter",
    "other vowel",
    "letter that sounds alike",
    "swapped letters",
)


def kind_of(typed: str, known: str) -> tuple[str, int]:
    """The kind of typo that turns a known word into a typed one, one edit away.

    Returns:
        The kind, as in `int_spelling_candidate`, and 1 at the first letter, else 0.
    """
    shortest = min(len(typed), len(known))
    at = next((at for at in range(shortest) if typed[at] != known[at]), shortest)
    if len(typed) != len(known):
        # In a run of equal letters, the first one counts.
        longer = max(typed, known, key=len)
        while at > 0 and longer[at - 1] == longer[at]:
            at -= 1
        suffix = "missing" if len(typed) < len(known) else "too many"
        if longer[at + 1 : at + 2] == longer[at]:
            name = "twin letter"
        else:
            name = "vowel" if longer[at] in VOWELS else "letter"
        return f"{name} {suffix}", int(at == 0)
    pair = "".join(sorted((typed[at], known[at])))
    if typed[at + 1 :] != known[at + 1 :]:
        return "swapped letters", int(at == 0)
    if pair[0] in VOWELS and pair[1] in VOWELS:
        return "other vowel", int(at == 0)
    return (
        "letter that sounds alike" if pair in ALIKE else "other letter",
        int(at == 0),
    )


def points(seed: int = 1990) -> list[tuple[str, int, int]]:
    """Each kind, whether it is at the first letter, and its points.

    Points are 100 times the natural logarithm of a likelihood ratio: the kind's
    likelihood if the known word was meant, over its likelihood if not. One is added to
    each count.
    """
    chance = Chance(seed)
    words, weights = weighed_words()
    known = {word for word in words if word.isascii() and word.isalpha()}
    likely = sorted(
        (word for word, weight in zip(words, weights, strict=True) if len(word) > 3),
        key=lambda word: (len(word), word),
    )
    plain = [word for word in likely if word in known]
    meant: Counter[tuple[str, int]] = Counter()
    other: Counter[tuple[str, int]] = Counter()
    for _ in range(WORDS):
        word = chance.pick(plain)
        _count(misspelled(word, chance), word, known, meant, other)
        _count(chance.pick(unlisted_words()), "", known, meant, other)
    all_meant, all_other = meant.total(), other.total()
    return [
        (
            kind,
            first,
            _points(meant[kind, first], all_meant, other[kind, first], all_other),
        )
        for kind in KINDS
        for first in (0, 1)
    ]


def _count(
    typed: str,
    word: str,
    known: set[str],
    meant: Counter[tuple[str, int]],
    other: Counter[tuple[str, int]],
) -> None:
    for near in within_one_typo(typed) & known:
        if near != typed:
            (meant if near == word else other)[kind_of(typed, near)] += 1


def _points(meant: int, all_meant: int, other: int, all_other: int) -> int:
    shares = (meant + 1) / (all_meant + 1), (other + 1) / (all_other + 1)
    return round(100 * math.log(shares[0] / shares[1]))


def write_seed() -> None:
    """Writes the seed file."""
    with SEED.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["typo", "is_first_letter", "points"])
        writer.writerows(points())


if __name__ == "__main__":
    write_seed()
