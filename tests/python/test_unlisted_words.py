"""Which listed words are considered typos of more common ones."""

import pytest

from lab.fit.unlisted_words import is_likely_typo

LISTED = {"separate": 900.0, "what": 900.0, "form": 900.0, "market": 900.0}


@pytest.mark.parametrize(
    ("word", "value", "expected"),
    [
        ("seperate", 9.0, True),
        ("seperate", 9.1, False),  # less than a hundred times rarer
        ("waht", 9.0, True),
        ("from", 9.0, True),
        ("wham", 9.0, False),  # short: another letter is chance
        ("hat", 9.0, False),
        ("markets", 9.0, False),  # a plural is not a typo of its singular
        ("markte", 9.0, True),
        ("tumbler", 9.0, False),
    ],
)
def test_a_rare_word_near_a_common_one_is_considered_a_typo(
    word: str, value: float, expected: bool
) -> None:
    assert is_likely_typo(word, value, LISTED) is expected
