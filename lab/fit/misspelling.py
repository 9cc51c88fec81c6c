"""Misspells words as people do, with shares that studies of typed text agree on.

Four typos out of five are a single letter omitted, added, replaced or swapped with the
next (Damerau, 1964). Omissions are the most common of these, then additions,
replacements and swaps, and the first letter is seldom wrong (Pollock and Zamora, 1984:
34, 27, 19 and 12.5 % of misspellings, 8 % of them in the first letter). People who
cannot spell a word write what it sounds like: mostly one vowel for another, or a single
letter instead of a double one (Mitton, 1996). How that splits the kinds further is our
judgement, defined here.
"""

from collections.abc import Callable

from lab.simulate.chance import Chance

KINDS = {"left_out": 36, "added": 28, "replaced": 22, "swapped": 14}
"""The kinds of typo, by weight."""
TWO_TYPOS = 0.10
"""The share of misspelled long words that have two typos."""
LONG_LETTERS = 8
FIRST_LETTER = 0.08
"""The share of typos at the first letter."""
TWIN_LEFT_OUT = 0.5
"""In words with double letters, the share of omitted letters that are one of them."""
TWIN_ADDED = 0.55
"""The share of added letters that repeat the previous letter."""
VOWEL_REPLACED = 0.6
"""The share of replacements that are one vowel for another."""
SOUND_REPLACED = 0.2
"""The share of replacements that are one consonant for another that sounds alike."""

_VOWELS = "aeiouy"
_ALIKE = {"c": "sk", "s": "cz", "k": "c", "z": "s", "g": "j", "j": "g", "f": "v"}
_ALIKE |= {"v": "f", "d": "t", "t": "d", "m": "n", "n": "m", "b": "p", "p": "b"}
_KEYS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")


def misspelled(word: str, chance: Chance) -> str:
    """A word with a typo, sometimes with two.

    Args:
        word: Three or more letters a to z.
        chance: Decides the kind of typo and its position.

    Returns:
        A text that differs from the word.
    """
    wrong = _one_typo(word, chance)
    if len(word) >= LONG_LETTERS and chance.flag(TWO_TYPOS):
        wrong = _one_typo(wrong, chance)
    return wrong if wrong != word else _left_out(word, chance)


def _one_typo(word: str, chance: Chance) -> str:
    for _ in range(20):
        point = chance.below(sum(KINDS.values()))
        for name, weight in KINDS.items():
            if point < weight:
                wrong = _TYPOS[name](word, chance)
                break
            point -= weight
        if wrong != word:
            return wrong
    return word


def _place(word: str, chance: Chance) -> int:
    return 0 if chance.flag(FIRST_LETTER) else chance.between(1, len(word) - 1)


def _left_out(word: str, chance: Chance) -> str:
    twins = [at for at in range(1, len(word)) if word[at] == word[at - 1]]
    at = _place(word, chance)
    if twins and chance.flag(TWIN_LEFT_OUT):
        at = chance.pick(twins)
    return word[:at] + word[at + 1 :]


def _added(word: str, chance: Chance) -> str:
    at = _place(word, chance)
    if chance.flag(TWIN_ADDED):
        return word[:at] + word[at] + word[at:]
    letter = chance.pick(_VOWELS) if chance.flag(0.5) else _neighbour(word[at], chance)
    return word[:at] + letter + word[at:]


def _replaced(word: str, chance: Chance) -> str:
    point = chance.share()
    at = _place(word, chance)
    if point < VOWEL_REPLACED:
        vowels = [place for place, letter in enumerate(word) if letter in _VOWELS]
        if not vowels:
            return word
        at = chance.pick(vowels)
        letter = chance.pick(_VOWELS.replace(word[at], ""))
    elif point < VOWEL_REPLACED + SOUND_REPLACED:
        alike = [place for place, letter in enumerate(word) if letter in _ALIKE]
        if not alike:
            return word
        at = chance.pick(alike)
        letter = chance.pick(_ALIKE[word[at]])
    else:
        letter = _neighbour(word[at], chance)
    return word[:at] + letter + word[at + 1 :]


def _swapped(word: str, chance: Chance) -> str:
    at = _place(word[:-1], chance)
    return word[:at] + word[at + 1] + word[at] + word[at + 2 :]


def _neighbour(letter: str, chance: Chance) -> str:
    row = next(row for row in _KEYS if letter in row)
    at = row.index(letter)
    return chance.pick(row[max(at - 1, 0) : at] + row[at + 1 : at + 2])


_TYPOS: dict[str, Callable[[str, Chance], str]] = {
    "left_out": _left_out,
    "added": _added,
    "replaced": _replaced,
    "swapped": _swapped,
}
