"""Replaces the numbers of payment cards with `[card]`.

A card number has the first digits and the length of a network that issues cards, and a
correct check digit. `data/card_range.csv` lists both as the networks publish them. No
network issues numbers that begin with 1, nor any that could be a time between 2005 and
2035, in seconds, milliseconds, microseconds or nanoseconds since 1970.
"""

import re
from bisect import bisect_right
from functools import cache

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


def _redact(
    text: str,
    digits: re.Pattern[str],
    may_be_any: bool,
) -> str:
    if not _MAY_HOLD_CARD.search(text):
        return text
    groups = [
        match.span() for match in digits.finditer(text) if match.lastgroup != "id"
    ]
    parts, copied, first = [], 0, 0
    while first < len(groups):
        last = _last_group_of_card(text, groups, first, may_be_any)
        if last is None:
            first += 1
            continue
        parts += [text[copied : groups[first][0]], "[card]"]
        copied = groups[last][1]
        first = last + 1
    return "".join([*parts, text[copied:]])


def _last_group_of_card(
    text: str, groups: list[tuple[int, int]], first: int, may_be_any: bool
) -> int | None:
    """The last group of the longest card number that starts with a group."""
    start, end = groups[first]
    if text[start - 1 : start] in LETTERS:
        return None
    digits, sizes, gap, longest = "", "", "", None
    for last in range(first, len(groups)):
        start = groups[last][0]
        if last > first:
            gap, before = text[end:start], gap
            is_printed = (
                gap in _PRINTED_GAPS and sizes[0] == "4" and before in ("", gap)
            )
            is_typed = may_be_any and before != "." and not gap.strip(" -")
            if not (is_printed or is_typed):
                break
        end = groups[last][1]
        digits += text[start : min(end, start + _LONGEST + 1)]
        sizes += str(min(end - start, 9))
        if len(digits) > _LONGEST:
            break
        if (
            len(digits) >= _SHORTEST
            and text[end : end + 1] not in LETTERS
            and is_card_number(digits)
            and (_are_printed(sizes) or (may_be_any and gap != "."))
        ):
            longest = last
    return longest


def _are_printed(sizes: str) -> bool:
    """Whether groups of these sizes are on cards."""
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
