"""Replaces the numbers of payment cards with `[card]`.

A card number has the first digits and the length of a network that issues cards, and a
correct check digit. `data/card_range.csv` lists both as the networks publish them. No
network issues numbers that begin with 1, nor any that could be a time between 2005 and
2035, in seconds, milliseconds, microseconds or nanoseconds since 1970.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from functools import cache, lru_cache
from itertools import pairwise
from typing import NamedTuple

from clip_search.text_rules.characters import LETTERS, table

_SHORTEST, _LONGEST = 12, 19
_MAY_HOLD_CARD = re.compile(f"(?:[0-9][^0-9]*+){{{_SHORTEST}}}")
_DIGITS = re.compile("[0-9]+")
# Ids that people paste into a search, and nested escapes: their digits are no card.
_DIGITS_OUTSIDE_OF_IDS = re.compile(
    r"(?P<id>(?<![0-9A-Za-z])(?:urn:[0-9a-z-]+:\S+"
    r"|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?![0-9A-Za-z]))|%(?:25){2,})|[0-9]+",
    re.IGNORECASE,
)
_FOURS_AND_A_REST = re.compile("4{3,4}[1234]?")
_OTHER_PRINTED_GROUPS = ("464", "465", "4333")
_PRINTED_GAPS = (" ", "-", ".")
_PREFIX_DIGITS = 6


def redact_cards(text: str) -> str:
    """Replace card numbers in what somebody typed.

    The digits may be in any groups, with spaces and hyphens between them, or in groups
    as printed on cards, with one dot between two.
    """
    return _redact(text, _DIGITS_OUTSIDE_OF_IDS, may_be_any=True)


def redact_cards_in_groups(text: str) -> str:
    """Replace card numbers in an id: only in groups as printed on cards.

    One space, hyphen or dot, always the same, is between two groups. Digits without
    anything between them are no card: ids mostly consist of such digits.
    """
    return _redact(text, _DIGITS, may_be_any=False)


def is_card_number(digits: str) -> bool:
    """Whether a network issues such numbers and the check digit is correct."""
    starts, ends = _ranges().get(len(digits), ([], []))
    prefix = int(digits[:_PREFIX_DIGITS])
    place = bisect_right(starts, prefix) - 1
    return place >= 0 and prefix <= ends[place] and _luhn_holds(digits)


def _redact(text: str, digits: re.Pattern[str], may_be_any: bool) -> str:
    if not _MAY_HOLD_CARD.search(text):
        return text
    groups = [
        match.span() for match in digits.finditer(text) if match.lastgroup != "id"
    ]
    parts, copied = [], 0
    for start, end in _runs(text, groups):
        is_after_letter = text[start - 1 : start] in LETTERS
        is_before_letter = text[end : end + 1] in LETTERS
        for first, last in _cards_in_run(
            text[start:end], is_after_letter, is_before_letter, may_be_any
        ):
            parts += [text[copied : start + first], "[card]"]
            copied = start + last
    return "".join([*parts, text[copied:]])


def _runs(text: str, groups: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Where groups of digits follow one another with only gaps between them."""
    at = 0
    while at < len(groups):
        start, end = groups[at]
        at += 1
        while at < len(groups) and _is_gap(text[end : groups[at][0]]):
            end = groups[at][1]
            at += 1
        yield start, end


def _is_gap(between: str) -> bool:
    return between == "." or not between.strip(" -")


# Redaction looks at each form of a disguised text, most of which have the same digits.
@lru_cache(maxsize=256)
def _cards_in_run(
    run: str, is_after_letter: bool, is_before_letter: bool, may_be_any: bool
) -> tuple[tuple[int, int], ...]:
    """Where the cards are in groups of digits with gaps between them."""
    spans = [match.span() for match in _DIGITS.finditer(run)]
    gaps = ["", *(run[end:start] for (_, end), (start, _) in pairwise(spans))]
    groups = [
        _Group(run[start:end], gap)
        for (start, end), gap in zip(spans, gaps, strict=True)
    ]
    found = []
    first = 1 if is_after_letter else 0
    while first < len(groups):
        last = _last_group_of_card(groups, first, is_before_letter, may_be_any)
        if last is None:
            first += 1
        else:
            found.append((spans[first][0], spans[last][1]))
            first = last + 1
    return tuple(found)


class _Group(NamedTuple):
    """Digits, and what is between them and the group before."""

    digits: str
    gap: str


def _last_group_of_card(
    groups: list[_Group], first: int, is_before_letter: bool, may_be_any: bool
) -> int | None:
    """The last group of the longest card number that starts with a group."""
    if groups[first].digits[0] not in _first_digits():
        return None
    digits, gap, longest = "", "", None
    has_four_first = len(groups[first].digits) == 4
    for last in range(first, len(groups)):
        group = groups[last]
        if last > first:
            before, gap = gap, group.gap
            is_printed = has_four_first and gap in _PRINTED_GAPS and before in ("", gap)
            is_typed = may_be_any and before != "." and gap != "."
            if not (is_printed or is_typed):
                break
        digits += group.digits[: _LONGEST + 1]
        if len(digits) > _LONGEST:
            break
        if (
            len(digits) >= _SHORTEST
            and not (is_before_letter and last == len(groups) - 1)
            and is_card_number(digits)
            and ((may_be_any and gap != ".") or _are_printed(groups[first : last + 1]))
        ):
            longest = last
    return longest


def _are_printed(groups: list[_Group]) -> bool:
    """Whether groups of their sizes are on cards."""
    sizes = "".join(str(min(len(group.digits), 9)) for group in groups)
    return bool(sizes in _OTHER_PRINTED_GROUPS or _FOURS_AND_A_REST.fullmatch(sizes))


def _luhn_holds(digits: str) -> bool:
    """Whether the check digit is correct (ISO/IEC 7812-1, annex B)."""
    total = sum(map(int, digits[-1::-2]))
    for digit in map(int, digits[-2::-2]):
        total += 2 * digit - 9 if digit > 4 else 2 * digit
    return total % 10 == 0


@cache
def _ranges() -> dict[int, tuple[list[int], list[int]]]:
    """For each length, where the ranges of the first six digits start and end."""
    spans: dict[int, list[tuple[int, int]]] = {}
    for _, first, last, lengths in table("card_range"):
        start = int(first.ljust(_PREFIX_DIGITS, "0"))
        end = int(last.ljust(_PREFIX_DIGITS, "9"))
        for length in map(int, lengths.split()):
            spans.setdefault(length, []).append((start, end))
    return {length: _merged(sorted(each)) for length, each in spans.items()}


@cache
def _first_digits() -> frozenset[str]:
    """The first digits of all ranges."""
    spans = [zip(starts, ends, strict=True) for starts, ends in _ranges().values()]
    unit = 10 ** (_PREFIX_DIGITS - 1)
    return frozenset(
        str(digit)
        for each in spans
        for start, end in each
        for digit in range(start // unit, end // unit + 1)
    )


def _merged(spans: list[tuple[int, int]]) -> tuple[list[int], list[int]]:
    """The starts and the ends of what sorted ranges cover together."""
    starts: list[int] = []
    ends: list[int] = []
    for start, end in spans:
        if ends and start <= ends[-1]:
            ends[-1] = max(ends[-1], end)
        else:
            starts.append(start)
            ends.append(end)
    return starts, ends
