"""Replaces personal data in a text with `[card]`, `[email]`, `[ip]` and `[phone]`.

The time of every step is bounded by the length of the text: no pattern backtracks over
more than one label of a host name.
"""

import re
from collections.abc import Callable
from functools import cache
from ipaddress import AddressValueError, IPv6Address

from clip_search.text_rules.characters import (
    DISGUISE_FREE,
    NO_HOST_LETTER,
    WHITE_SPACE,
    words,
)
from clip_search.text_rules.normal_form import normalize_query_text

_LETTERS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
_WORD = _LETTERS | frozenset("0123456789")

# What all personal data contains, or what may disguise it.
_SUSPICIOUS = re.compile(
    f"[^{DISGUISE_FREE}]"
    r"|[@%]|::|(?::[^:]*+){7}|[0-9]\.[0-9]++\.[0-9]++\.[0-9]|(?:[0-9][^0-9]*+){13}"
    r"|[0-9]{3}[ .-][0-9]{4}|\+(?:[^0-9]*+[0-9]){8}"
)
_DIGIT = re.compile("[0-9]")


def redact_text(text: str) -> str:
    r"""The text with its personal data replaced, and nothing else changed.

    In this order, each on the result of the one before, until nothing more is found:

    - card: whole groups of digits with spaces and hyphens between them, 13 to 19 digits
      in all, with a valid Luhn sum; the leftmost, then the longest; no ASCII letter on
      either side.
    - email: local part, `@` or `%40`, domain. The local part goes back to the last
      white space, marker or any of , ; : < > ( ) [ ] " \ / | or a non-ASCII quote,
      bracket or stop, without leading . ' ‘ ’; or it is in double quotes, which may
      contain all of these except a marker. The domain is the longest run of at least
      two labels, separated by single dots. A label has letters, digits, hyphens and
      non-ASCII characters, without a hyphen at either end; the last one has at least
      two characters and no digit (or starts with xn--). No letter or digit follows the
      domain.
    - ip, version 6: a whole run of ASCII letters, digits, colons and dots that is an
      address (RFC 4291, 2.2) with at least two colons and a digit. Not part of it:
      trailing dots, one trailing colon, and before it either words with their colons
      (the last of which has a letter beyond f) or a single colon.
    - ip, version 4: four decimals up to 255 without leading zeros; no ASCII letter on
      either side, no further `.digit`, and not after a version word ('ios 1.2.3.4') and
      spaces or any of : = -.
    - phone: `+` and 8 to 15 digits, with a `)`, one of . - / and a `(` allowed between
      any two, and a space before and after that one or in its place; or 3-3-4 digits
      separated by a space . or -, the first three optionally in parentheses, optionally
      after 1 or 001, and not followed by . or - and another digit. No ASCII letter or
      digit on either side, except for an extension: an x and a digit after the number.

    Personal data may be disguised: with fullwidth digits, with soft hyphens inside, or
    as URL escapes, even escaped twice. So the normal form of the result is searched as
    well, and the normal form of that, until it no longer changes. If one of them still
    has personal data, redaction continues with that text: the normal form of a redacted
    text never contains any. Redacting twice changes nothing.

    `name at host dot com` is not recognised.
    """
    if not _is_suspicious(text):
        return text
    redacted = normal = _redact_as_written(text)
    while (deeper := normalize_query_text(normal)) != normal:
        normal = _redact_as_written(deeper)
        if normal != deeper:
            redacted = normal
    return redacted


def _is_suspicious(text: str) -> bool:
    """A quick check whether the text may contain personal data; False is certain."""
    return bool(_SUSPICIOUS.search(text) or ("  " in text and _DIGIT.search(text)))


def _redact_as_written(text: str) -> str:
    """Replace undisguised personal data until nothing is left."""
    while True:
        redacted = text
        for rule in _RULES:
            redacted = rule(redacted)
        if redacted == text:
            return text
        text = redacted


# --- cards -------------------------------------------------------------------------

_MAY_HOLD_CARD = re.compile("(?:[0-9][^0-9]*+){13}")
_DIGITS = re.compile("[0-9]+")
_CARD_DIGITS = range(13, 20)
_CARD_SEPARATORS = frozenset(" -")


def _redact_cards(text: str) -> str:
    if not _MAY_HOLD_CARD.search(text):
        return text
    groups = [match.span() for match in _DIGITS.finditer(text)]
    parts, copied, first = [], 0, 0
    while first < len(groups):
        last = _last_group_of_card(text, groups, first)
        if last is None:
            first += 1
            continue
        parts += [text[copied : groups[first][0]], "[card]"]
        copied = groups[last][1]
        first = last + 1
    return "".join([*parts, text[copied:]])


def _last_group_of_card(
    text: str, groups: list[tuple[int, int]], first: int
) -> int | None:
    """The last group of the longest card number that starts with a group."""
    start, end = groups[first]
    if text[start - 1 : start] in _LETTERS:
        return None
    digits, longest = "", None
    for last in range(first, len(groups)):
        between = text[end : groups[last][0]] if last > first else ""
        if not _CARD_SEPARATORS.issuperset(between):
            break
        end = groups[last][1]
        digits += text[groups[last][0] : end]
        if len(digits) >= _CARD_DIGITS.stop:
            break
        if (
            len(digits) in _CARD_DIGITS
            and text[end : end + 1] not in _LETTERS
            and _luhn_holds(digits)
        ):
            longest = last
    return longest


def _luhn_holds(digits: str) -> bool:
    """Whether the check digit is correct (ISO/IEC 7812-1, annex B)."""
    total = sum(map(int, digits[-1::-2]))
    for digit in map(int, digits[-2::-2]):
        total += 2 * digit - 9 if digit > 4 else 2 * digit
    return total % 10 == 0


# --- e-mail addresses --------------------------------------------------------------

# Non-ASCII quotes, brackets and stops are part of a sentence, not of an address.
_SENTENCE = "«»“”„‹›…、。〈〉《》「」『』【】！（），：；？"
_LOCAL_STOP = re.compile(
    "[" + re.escape(WHITE_SPACE + ',;:<>()[]"\\/|@' + _SENTENCE) + "]"
)
_NO_LABEL = NO_HOST_LETTER + _SENTENCE + "‘’"
_LABEL = f"(?!-)[^{_NO_LABEL}]++(?<!-)"
_LETTER = f"[^0-9-{_NO_LABEL}]"
_TOP_LEVEL = (
    f"(?:(?i:xn--)[^{_NO_LABEL}]*[^{_NO_LABEL}-]"
    f"|{_LETTER}(?:{_LETTER}|-)*{_LETTER})(?![^{_NO_LABEL}-])"
)
_DOMAIN = re.compile(f"(?:{_LABEL}\\.)+{_TOP_LEVEL}")
_AT = re.compile("@|%40")
_QUOTED_LOCAL = re.compile(r'"[^"]+"\Z')


def _redact_emails(text: str) -> str:
    if "@" not in text and "%40" not in text:
        return text
    parts, place = [], 0
    for marker in _AT.finditer(text):
        if marker.start() < place:
            continue
        before = text[place : marker.start()]
        domain = _DOMAIN.match(text, marker.end())
        if domain and (local := _local_part(before)):
            parts += [before[: len(before) - len(local)], "[email]"]
            place = domain.end()
        else:
            parts += [before, marker[0]]
            place = marker.end()
    return "".join([*parts, text[place:]])


def _local_part(before: str) -> str:
    """The local part at the end of a text; '' if there is none."""
    quoted = _QUOTED_LOCAL.search(before)
    local = quoted[0] if quoted else _LOCAL_STOP.split(before)[-1]
    return local.lstrip(".'‘’")


# --- IP addresses ------------------------------------------------------------------

_IPV6_RUN = re.compile("[0-9A-Za-z:.]+")
_HEXADECIMAL = re.compile("[0-9A-Fa-f]")
_IPV4_RUN = re.compile(r"[0-9]+(?:\.[0-9]+)*+")
_OCTET = "(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])"
_IPV4 = re.compile(rf"{_OCTET}(?:\.{_OCTET}){{3}}")
_VERSION_SEPARATORS = " :=-"


def _redact_ipv6(text: str) -> str:
    return _IPV6_RUN.sub(_ipv6_replaced, text) if ":" in text else text


def _ipv6_replaced(match: re.Match[str]) -> str:
    run = match[0]
    start = _label_size(run)
    address = run[start:].rstrip(".")
    if address.endswith(":") and not address.endswith("::"):
        address = address[:-1]
    if address.count(":") < 2 or not _HEXADECIMAL.search(address):
        return run
    try:
        IPv6Address(address)
    except AddressValueError:
        return run
    return run[:start] + "[ip]" + run[start + len(address) :]


def _label_size(run: str) -> int:
    """The length of the words before an address and their colons ('host:fe80::1')."""
    for place in range(run.rfind(":") - 1, -1, -1):
        if run[place] in _LETTERS and run[place] not in "abcdefABCDEF":
            return run.index(":", place) + 1
    return 1 if re.match(":(?=[^:]|::)", run) else 0


def _redact_ipv4(text: str) -> str:
    return _IPV4_RUN.sub(_ipv4_replaced, text) if "." in text else text


def _ipv4_replaced(match: re.Match[str]) -> str:
    text, start, end = match.string, match.start(), match.end()
    if (
        not _IPV4.fullmatch(match[0])
        or text[start - 1 : start] in _LETTERS
        or text[end : end + 1] in _LETTERS
        or _word_before(text[:start]) in _version_words()
    ):
        return match[0]
    return "[ip]"


def _word_before(text: str) -> str:
    """The word before the separators at the end of a text; '' if there are none."""
    end = len(text.rstrip(_VERSION_SEPARATORS))
    if end == len(text):
        return ""
    start = end
    while start and text[start - 1] in _WORD:
        start -= 1
    return text[start:end].lower()


@cache
def _version_words() -> frozenset[str]:
    """The words after which four dotted numbers are a version."""
    return words("version_word")


# --- phone numbers -----------------------------------------------------------------

_MAY_HOLD_PHONE = re.compile(r"[0-9]{3}[ .-][0-9]{4}|\+(?:[^0-9]*+[0-9]){8}")
_PHONE = re.compile(
    r"""
    (?<![0-9A-Za-z])
    (?:
        \+ \(? [0-9] (?: \)? [ ]? (?: [./-] [ ]? )? \(? [0-9] ){7,14}
        (?! [0-9A-WYZa-wyz] | [Xx](?![0-9]) )
    |
        (?<![0-9][.-])
        (?: (?:(?:00)?1[ .-])? [0-9]{3} [ .-]
        | (?:(?:00)?1[ .-]?)? \( [0-9]{3} \) [ .-]? )
        [0-9]{3} [ .-] [0-9]{4}
        (?! [0-9A-WYZa-wyz] | [Xx](?![0-9]) | [.-][0-9] )
    )
    """,
    re.VERBOSE,
)


def _redact_phones(text: str) -> str:
    """Replace phone numbers, each with the replacement of the previous one in view."""
    if not _MAY_HOLD_PHONE.search(text):
        return text
    place = 0
    while match := _PHONE.search(text, place):
        text = text[: match.start()] + "[phone]" + text[match.end() :]
        place = match.start() + len("[phone]")
    return text


_RULES: tuple[Callable[[str], str], ...] = (
    _redact_cards,
    _redact_emails,
    _redact_ipv6,
    _redact_ipv4,
    _redact_phones,
)
