"""Replaces bank accounts with `[iban]` and US social security numbers with `[ssn]`."""

import re
from functools import cache

from clip_search.text_rules.characters import table

_IBAN_START = re.compile(
    "(?<![0-9A-Za-z])(?<![0-9A-Za-z]-)([A-Za-z]{2})[0-9]{2}(?=[ -]?[0-9A-Za-z])"
)
_FEWEST_DIGITS = 4
_SSN = re.compile(
    r"(?<![0-9A-Za-z])(?<![0-9][.-])"
    r"(?!000|666|9)[0-9]{3}([ .-])(?!00)[0-9]{2}\1(?!0000)[0-9]{4}"
    r"(?![0-9A-Za-z]|[.-][0-9])"
)


def redact_ibans(text: str) -> str:
    """Replace IBANs (ISO 13616), in upper or lower case.

    The length is that of its country, and the remainder of division by 97 is 1. A space
    or a hyphen may be between any two characters; it has four digits or more. No hyphen
    connects it with a letter or digit outside, because that is part of a UUID.
    """
    parts, copied = [], 0
    for start in _IBAN_START.finditer(text):
        rest = _rest_of_iban(start[1].upper())
        found = rest and rest.match(text, start.end())
        if found and start.start() >= copied and _is_iban(start[0] + found[0]):
            parts += [text[copied : start.start()], "[iban]"]
            copied = found.end()
    return "".join([*parts, text[copied:]])


def redact_ssns(text: str) -> str:
    """Replace social security numbers: 3-2-4 digits with twice the same separator.

    The separator is a space, a point or a hyphen. The area is not 000, 666 or above
    899, the group not 00, the serial number not 0000: those are never issued.
    """
    return _SSN.sub("[ssn]", text)


def _is_iban(written: str) -> bool:
    """Whether the check digits are correct (ISO 7064, MOD 97-10)."""
    compact = re.sub("[ -]", "", written)
    number = int("".join(str(int(each, 36)) for each in compact[4:] + compact[:4]))
    digit_count = sum(map(str.isdigit, compact))
    return number % 97 == 1 and digit_count >= _FEWEST_DIGITS


@cache
def _rest_of_iban(country: str) -> re.Pattern[str] | None:
    """A pattern for what follows the check digits; None if no IBAN starts like this."""
    length = _lengths().get(country)
    if length is None:
        return None
    return re.compile(f"(?:[ -]?[0-9A-Za-z]){{{length - 4}}}(?!-?[0-9A-Za-z])")


@cache
def _lengths() -> dict[str, int]:
    """The length of an IBAN in each country of SWIFT's registry."""
    return {country: int(length) for country, length in table("iban_length")}
