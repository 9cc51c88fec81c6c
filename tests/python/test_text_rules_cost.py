"""The work for a text is proportional to its length, whatever is in it.

Work is counted, not timed: each executed line of the rules, and each character of a
text that is handed to one of the steps.
"""

import re
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from clip_search import text_rules
from clip_search.text_rules import normalize_query_text, redact_text

# What reads a whole text; all else looks at one place of it.
STEP = re.compile("_?redact|normalize|decode|compose|undo|without")
FOLDER = str(Path(text_rules.__file__).parent)

# Each with the repeated part, and what is before and after all of it.
HOSTILE = (
    *(("a%", "25", "40b.co"), ("", "%25", "40"), ("", "%2525", ""), ("", "%", "")),
    *(("", "%c3%a9", ""), ("", "a+", "b"), ("&", "amp;", "#64;"), ("", "&amp;", "")),
    *(("", "\\", ""), ("", "\\", "u0040x.co"), ("", r"\u0040", ""), ("", "&#64;", "")),
    *(
        ("", "@", ""),
        ("", "a@", ""),
        ("", 'a"@', "b.co"),
        ("a@", "b.", "1"),
        ("", "'@", ""),
    ),
    *(("", "joe@example.com ", ""), ("joe@x", "-", ".co"), ("joe@xn--", "a-", "")),
    *(("", "+", ""), ("", "+1", ""), ("", "+1 (", ""), ("", "00 ", ""), ("", "(", "")),
    *(("", "555-123-4567 ", ""), ("", "+4930123456", ""), ("", "555-123-4567-", "")),
    *(("", "1", ""), ("", "1 ", ""), ("", "1-", ""), ("", "1.", ""), ("1", " ", "1")),
    *(("", "4111 1111 1111 1111 ", ""), ("", "4111.", ""), ("", "0 - ", "")),
    *(("", "10.0.0.1 ", ""), ("", "1.2.3.4.5 ", ""), ("ios", " ", "1.2.3.4")),
    *(("", "fe80::1 ", ""), ("", ":", ""), ("", "g:", "::1"), ("", "1:2:", "")),
    *(("", "DE89", ""), ("", "de89 ", ""), ("", "GB29NWBK60161331926819 ", "")),
    *(
        ("", "123-45-6789 ", ""),
        ("", "123-45-", ""),
        ("", "urn:a:", ""),
        ("", "urn:", ""),
    ),
    *(
        ("", "é", ""),
        ("", "٤", ""),
        ("", "４ ", ""),
        ("", "e\u0301", ""),
        ("", "\u00ad1", ""),
    ),
    *(("", "ß@", ""), ("", "\u1100\u1161", ""), ("", "[card]", ""), ("", "  ", "1")),
)


def work_of(rule: Callable[[str], str], text: str) -> int:
    """The lines that a rule executes for a text, and the characters it hands on."""
    work = 0

    def traced(frame: FrameType, event: str, _: Any) -> Any:
        nonlocal work
        if not frame.f_code.co_filename.startswith(FOLDER):
            return None
        work += 1
        if event == "call" and STEP.match(frame.f_code.co_name):
            work += sum(
                len(value)
                for value in frame.f_locals.values()
                if isinstance(value, str)
            )
        return traced

    before = sys.gettrace()
    sys.settrace(traced)
    try:
        rule(text)
    finally:
        sys.settrace(before)
    return work


def repeated(hostile: tuple[str, str, str], length: int) -> str:
    before, part, after = hostile
    return before + part * (length // len(part)) + after


RULES: Mapping[str, Callable[[str], str]] = {
    "redact_text": redact_text,
    "normalize_query_text": normalize_query_text,
}


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("hostile", HOSTILE, ids=repr)
def test_a_text_of_eight_times_the_length_is_eight_times_the_work(
    rule: str, hostile: tuple[str, str, str]
) -> None:
    # Tables are read once.
    RULES[rule](repeated(hostile, 100))
    short = work_of(RULES[rule], repeated(hostile, 1000))
    long = work_of(RULES[rule], repeated(hostile, 8000))
    assert long <= 9 * short + 1000


@pytest.mark.parametrize("hostile", HOSTILE, ids=repr)
def test_no_text_of_the_longest_length_takes_more_than_a_bounded_work(
    hostile: tuple[str, str, str],
) -> None:
    text = repeated(hostile, 2040)
    assert work_of(redact_text, text) <= 500 * len(text)


def test_work_that_grows_with_the_square_of_the_length_would_be_seen() -> None:
    def twice_nested(text: str) -> str:
        for place in range(0, len(text), 10):
            normalize_query_text(text[:place])
        return text

    assert work_of(twice_nested, "a" * 8000) > 30 * work_of(twice_nested, "a" * 1000)
