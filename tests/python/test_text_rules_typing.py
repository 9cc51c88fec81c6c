"""A text may be a step of typing another one."""

import pytest

from clip_search.text_rules import is_typing_step


@pytest.mark.parametrize(
    ("before", "after", "why"),
    [
        ("bla", "blade", "added to the end"),
        ("b", "blade runner", "added to the end, from one character"),
        ("blade runner", "blade", "deleted from the end"),
        ("blade", "blade", "nothing changed"),
        ("Blade", "blade r", "case does not matter"),
        ("blade  ", "blade r", "nor does white space"),
        ("blde", "blade", "one character inserted"),
        ("blaade", "blade", "one character deleted"),
        ("blode", "blade", "one character replaced"),
        ("balde", "blade", "two neighbours changed places"),
        ("xlade", "blade", "at the start"),
        ("blads", "blade", "at the end"),
        ("aaaa", "aaaaa", "repeated characters"),
        ("straße 1", "strasse", "in the normal form"),
    ],
)
def test_a_step_of_typing(before: str, after: str, why: str) -> None:
    assert is_typing_step(before, after) == 1, why
    assert is_typing_step(after, before) == 1, why


@pytest.mark.parametrize(
    ("before", "after", "why"),
    [
        ("jaws", "alien", "another word"),
        ("cat", "car", "a change in a short text"),
        ("cat", "act", "a swap in a short text"),
        ("blade", "blood", "two characters"),
        ("blade", "lbaed", "two swaps"),
        ("abcd", "dbca", "the two that changed places are no neighbours"),
        ("blade runner", "runner", "deleted from the start"),
        ("\u200b", "blade", "a text that is empty in its normal form"),
        ("blade", "\u200b", "or becomes it"),
    ],
)
def test_no_step_of_typing(before: str, after: str, why: str) -> None:
    assert is_typing_step(before, after) == 0, why
    assert is_typing_step(after, before) == 0, why
