"""Replaces telephone numbers with `[phone]`."""

import re

_BETWEEN_DIGITS = r"\)? [ ]? (?: [./-] [ ]? )? \(?"
_END = "(?! [0-9A-WYZa-wyz] | [Xx](?![0-9]) )"
_WITH_PLUS = rf"\+ \(? [0-9] (?: {_BETWEEN_DIGITS} [0-9] ){{7,14}} {_END}"
# A number of North America, Russia or Kazakhstan has ten digits after its country code.
# Not after a group of digits: 1 002 000 000 000.
_WITH_ZEROS = rf"""
    (?<![0-9][ .,-]) 00 [ ]?
    (?: \(? [2-689] (?: {_BETWEEN_DIGITS} [0-9] ){{7,14}}
    |   \(? [17] (?: {_BETWEEN_DIGITS} [0-9] ){{10}} )
    {_END}
"""
_AT_HOME = rf"""
    (?<![0-9][.-])
    (?: (?:(?:00)?1[ .-])? [0-9]{{3}} [ .-]
    | (?:(?:00)?1[ .-]?)? \( [0-9]{{3}} \) [ .-]? )
    [0-9]{{3}} [ .-] [0-9]{{4}}
    {_END} (?! [.-][0-9] )
"""
_IN_ID = re.compile(f"(?<![0-9A-Za-z]) (?: {_WITH_PLUS} | {_AT_HOME} )", re.VERBOSE)
_IN_TEXT = re.compile(
    f"(?<![0-9A-Za-z]) (?: {_WITH_PLUS} | {_WITH_ZEROS} | {_AT_HOME} )", re.VERBOSE
)
# No number is longer, with everything between its digits.
_LONGEST = 100
_MAY_HOLD_PHONE = re.compile(
    r"[0-9]{3}[ .-][0-9]{4}|(?:\+|00[ ]?)\(?[0-9](?:[^0-9]*+[0-9]){7}"
)


def redact_phones(text: str) -> str:
    """Replace telephone numbers in what somebody typed."""
    return _redact(text, _IN_TEXT)


def redact_phones_in_id(text: str) -> str:
    """Replace telephone numbers in an id: those with 00 look like padded numbers."""
    return _redact(text, _IN_ID)


def _redact(text: str, phone: re.Pattern[str]) -> str:
    if not _MAY_HOLD_PHONE.search(text):
        return text
    parts, place = [], 0
    while span := _next_phone(text, place, phone):
        parts += [text[place : span[0]], "[phone]"]
        place = span[1]
    return "".join([*parts, text[place:]])


def _next_phone(
    text: str, place: int, phone: re.Pattern[str]
) -> tuple[int, int] | None:
    """Where the next number is, with the previous one, which ends here, replaced."""
    if place:
        near = "]" + text[place : place + _LONGEST]
        if match := phone.match(near, 1) or phone.match(near, 2):
            return place - 1 + match.start(), place - 1 + match.end()
    found = phone.search(text, place)
    return found.span() if found else None
