"""Correct words that are in no English list, for the word worlds.

Names, brands and foreign words look alike: well-formed, and sometimes one edit away
from an English word. Words of other languages that are in no English list represent
them, with the English words that are too rare for our list.
"""

from functools import cache
from itertools import islice

from lab.fit import LEAST_FREQUENCY

LANGUAGES = ("cs", "de", "es", "fr", "it", "nl", "pl", "pt", "sv", "tr")
WORDS_EACH = 5_000
"""The number of words per language: the most common ones that are not English."""
RARE_ENGLISH_EACH = 4
"""One word in four is a rare English one."""
FEWEST_LETTERS, MOST_LETTERS = 4, 13
TYPO_TIMES = 100
"""A listed word close to one that is this much more common is likely a typo itself."""
LONG_LETTERS = 6


@cache
def unlisted_words() -> list[str]:
    """Words of letters a to z, in a fixed order. Needs the extra `fit`."""
    from wordfreq import get_frequency_dict

    english = get_frequency_dict("en", wordlist="large")
    listed = {
        word: value
        for word, value in english.items()
        if value >= 10 ** (LEAST_FREQUENCY / 100 - 9)
    }
    foreign = sorted(
        {word for language in LANGUAGES for word in _words_of(language, english)}
    )
    rare = sorted(word for word in english if word not in listed and is_plain(word))
    chosen = rare[:: RARE_ENGLISH_EACH * len(rare) // len(foreign) or 1]
    right = [word for word in chosen if not is_likely_typo(word, english[word], listed)]
    return [*foreign, *right]


def _words_of(language: str, english: dict[str, float]) -> list[str]:
    from wordfreq import iter_wordlist

    words = (word for word in iter_wordlist(language) if word not in english)
    return list(islice(filter(is_plain, words), WORDS_EACH))


def is_likely_typo(word: str, value: float, listed: dict[str, float]) -> bool:
    """Whether a listed word looks like a typo of a much more common one.

    Lists made from what people write contain typos too. Short words are close to others
    by chance, so for them only swapped letters count; and a plural is not a typo.

    Args:
        word: The word.
        value: Its frequency.
        listed: The frequencies of other words, in the same unit.
    """
    is_long = len(word) >= LONG_LETTERS
    return any(
        listed.get(other, 0.0) >= TYPO_TIMES * value
        for other in (within_one_typo(word) if is_long else with_letters_swapped(word))
        if other + "s" != word and other != word + "s"
    )


def is_likely_run_together(word: str, value: float, listed: dict[str, float]) -> bool:
    """Whether a listed word looks like two much more common ones without a space.

    By chance, two words are adjacent as often as the product of their shares.

    Args:
        word: The word.
        value: Its share of all words.
        listed: The shares of other words.
    """
    return any(
        listed.get(word[:at], 0.0) * listed.get(word[at:], 0.0) >= TYPO_TIMES * value
        for at in range(1, len(word))
    )


def is_plain(word: str) -> bool:
    """Whether a word has only letters a to z, and as many as suspect words have."""
    is_latin = word.isascii() and word.isalpha()
    return is_latin and FEWEST_LETTERS <= len(word) <= MOST_LETTERS


def within_one_typo(word: str) -> set[str]:
    """All alphabetic texts one edit away, by Norvig's enumeration of edits."""
    parts = [(word[:at], word[at:]) for at in range(len(word) + 1)]
    letters = "abcdefghijklmnopqrstuvwxyz"
    return {
        *(left + right[1:] for left, right in parts if right),
        *with_letters_swapped(word),
        *(a + letter + b[1:] for a, b in parts if b for letter in letters),
        *(a + letter + b for a, b in parts for letter in letters),
    }


def with_letters_swapped(word: str) -> set[str]:
    """All texts in which two adjacent letters are swapped."""
    return {
        word[:at] + word[at + 1] + word[at] + word[at + 2 :]
        for at in range(len(word) - 1)
    }
