"""Replaces personal data in a text with placeholders such as `[card]` and `[email]`.

The time of every step is proportional to the length of the text: no pattern backtracks
over more than one label of a host name. The number of steps is bounded.
"""

import re
from collections.abc import Callable
from functools import cache
from ipaddress import AddressValueError, IPv6Address

from clip_search.text_rules.account_numbers import redact_ibans, redact_ssns
from clip_search.text_rules.cards import redact_cards, redact_cards_in_groups
from clip_search.text_rules.characters import (
    DISGUISE_FREE,
    LETTERS,
    NO_HOST_LETTER,
    WHITE_SPACE,
    words,
)
from clip_search.text_rules.controls import without_controls
from clip_search.text_rules.escapes import (
    undo_escapes,
    undo_nesting,
    without_escape_signs,
)
from clip_search.text_rules.normal_form import normalize_query_text
from clip_search.text_rules.phones import redact_phones, redact_phones_in_id

_WORD = LETTERS | frozenset("0123456789")
# Nobody disguises a text more often: a link in a link in a link has three escapes.
_MOST_DISGUISES = 6

# What all personal data contains, or what may disguise it.
_SUSPICIOUS = re.compile(
    f"[^{DISGUISE_FREE}]"
    r"|[@%\\]|&[#A-Za-z]|::|(?::[^:]*+){7}|[0-9]\.[0-9]++\.[0-9]++\.[0-9]"
    r"|(?:[0-9][^0-9]*+){12}|[0-9]{3}[ .-][0-9]{4}|[0-9]{3}[ .-][0-9]{2}[ .-][0-9]{4}"
    r"|\+\(?[0-9](?:[^0-9]*+[0-9]){7}|00[ ]?\(?[1-9](?:[^0-9]*+[0-9]){7}"
    r"|[A-Za-z]{2}[0-9]{2}(?:[ -]?[0-9A-Za-z]){11}"
)
_DIGIT = re.compile("[0-9]")
_HAS_WHITE_SPACE = re.compile(f"[{WHITE_SPACE}]")

Rule = Callable[[str], str]


def redact_text(text: str) -> str:
    r"""The text with its personal data replaced and without control characters.

    Nothing else changes; for the latter see `without_controls`. Personal data is found
    in this order, each on the result of the one before, until nothing more is found:

    - iban: see `redact_ibans`.
    - card: see `redact_cards`. The leftmost, then the longest; no ASCII letter on
      either side.
    - email: local part, `@` or `%40`, domain. The marker may also be several `@`, an
      escape of JSON or HTML (`\u0040`, `&#64;`), or follow backslashes. The local part
      goes back to the last white space, marker or any of , ; : < > ( ) [ ] " \ / | or
      a non-ASCII quote, bracket or stop (a ; or \ may be part of an escape), without
      leading . ' ‘ ’; or it is in double quotes, which may contain all of these except
      a marker. The domain is `localhost`, or the longest run of at least two labels,
      separated by single dots. A label has letters, digits, hyphens and non-ASCII
      characters, without a hyphen at either end; the last one has at least two
      characters and no digit (or starts with xn--). No letter or digit follows the
      domain.
    - ip, version 6: a whole run of ASCII letters, digits, colons and dots that is an
      address (RFC 4291, 2.2) with at least two colons and a digit. Not part of it:
      trailing dots, one trailing colon, and before it either words with their colons
      (the last of which has a letter beyond f) or a single colon.
    - ip, version 4: four decimals up to 255 without leading zeros; no ASCII letter on
      either side, no further `.digit`, and not after a version word ('ios 1.2.3.4') and
      spaces or any of : = -.
    - phone: `+` and 8 to 15 digits, with a `)`, one of . - / and a `(` allowed between
      any two, and a space before and after that one or in its place; the same after
      `00` instead of `+` (after 001 and 007, exactly ten digits more); or 3-3-4 digits
      separated by a space . or -, the first three optionally in parentheses, optionally
      after 1 or 001, and not followed by . or - and another digit. No ASCII letter or
      digit on either side, except for an extension: an x and a digit after the number.
    - ssn: see `redact_ssns`.

    Personal data may be disguised: with fullwidth digits or those of other scripts,
    with soft hyphens inside, or as escapes of URLs, JSON or HTML, even escaped twice.
    So the normal form of the result is searched as well, then what `undo_escapes` makes
    of it, and the normal form of that, until it no longer changes. If one of them still
    has personal data, redaction continues with that text: the normal form of a redacted
    text never contains any. Redacting twice changes nothing.

    After six such forms, the escapes of escape signs are undone at all depths at once,
    and after six more, the signs that are left become spaces.

    `name at host dot com` is not recognised.
    """
    return _redact_and_show(text, _TEXT_RULES)


def redact_id(text: str) -> str:
    """An id as `redact_text` changes it: it differs if it contains what no id should.

    But digits in one run are neither a card nor a telephone
    number with 00: most ids are such digits. An id with white space inside is text.
    """
    if _is_one_word(text):
        text = _redact_and_show(text, _ID_RULES)
        # The form in which personal data shows may have white space, too.
        if _is_one_word(text):
            return text
    return _redact_and_show(text, _TEXT_RULES)


def _is_one_word(text: str) -> bool:
    return not _HAS_WHITE_SPACE.search(text.strip(WHITE_SPACE))


def _redact_and_show(text: str, rules: tuple[Rule, ...]) -> str:
    """Redact before control characters vanish, as they separate, and after it."""
    while True:
        redacted = _redact(text, rules)
        text = without_controls(redacted)
        if text == redacted:
            return text


def _redact(text: str, rules: tuple[Rule, ...]) -> str:
    if not _is_suspicious(text):
        return text
    written, is_clean = text, True
    for simplified in (undo_nesting, without_escape_signs, str):
        redacted = normal = _redact_as_written(text, rules)
        is_clean = is_clean and normal == text
        for _ in range(_MOST_DISGUISES):
            deeper = _undisguised(normal)
            if deeper == normal:
                return written if is_clean else redacted
            normal = _redact_as_written(deeper, rules)
            if normal != deeper:
                redacted, is_clean = normal, False
        text = simplified(normal)
    return text


def _undisguised(text: str) -> str:
    """The next form of a text that may show personal data; itself if it is the last."""
    normal = normalize_query_text(text)
    return undo_escapes(text) if normal == text else normal


def _is_suspicious(text: str) -> bool:
    """A quick check whether the text may contain personal data; False is certain."""
    return bool(_SUSPICIOUS.search(text) or ("  " in text and _DIGIT.search(text)))


def _redact_as_written(text: str, rules: tuple[Rule, ...]) -> str:
    """Replace undisguised personal data until nothing is left."""
    while True:
        redacted = text
        for rule in rules:
            redacted = rule(redacted)
        if redacted == text:
            return text
        text = redacted


# --- e-mail addresses --------------------------------------------------------------

# Non-ASCII quotes, brackets and stops are part of a sentence, not of an address.
_SENTENCE = "«»“”„‹›…、。〈〉《》「」『』【】！（），：；？"
_LOCAL_STOP = re.compile(
    "[" + re.escape(WHITE_SPACE + ',:<>()[]"/|@' + _SENTENCE) + "]"
    # Not the signs of an escape.
    r"|\\(?!u[0-9A-Fa-f]{4}|x[0-9A-Fa-f]{2}|[.+_-])"
    r"|(?<!&amp)(?<!&plus)(?<!&period)(?<!&\#[0-9]{2})(?<!&\#[0-9]{3})(?<!&\#x[0-9A-Fa-f]{2});"
)
_NO_LABEL = NO_HOST_LETTER + _SENTENCE + "‘’"
_LABEL = f"(?!-)[^{_NO_LABEL}]++(?<!-)"
_LETTER = f"[^0-9-{_NO_LABEL}]"
_TOP_LEVEL = (
    f"(?:(?i:xn--)[^{_NO_LABEL}]*[^{_NO_LABEL}-]"
    f"|{_LETTER}(?:{_LETTER}|-)*{_LETTER})(?![^{_NO_LABEL}-])"
)
_DOMAIN = re.compile(f"(?:{_LABEL}\\.)+{_TOP_LEVEL}|(?i:localhost)(?![^{_NO_LABEL}])")
_AT = re.compile(
    r"(?<!\\)(?:\\*+(?:@+|%40|&(?:\#0*+64|\#[xX]0*+40|commat);)|\\++(?:u0040|x40))"
)
_QUOTED_LOCAL = re.compile(r'"[^"]+"\Z')


def _redact_emails(text: str) -> str:
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
        if run[place] in LETTERS and run[place] not in "abcdefABCDEF":
            return run.index(":", place) + 1
    return 1 if re.match(":(?=[^:]|::)", run) else 0


def _redact_ipv4(text: str) -> str:
    return _IPV4_RUN.sub(_ipv4_replaced, text) if "." in text else text


def _ipv4_replaced(match: re.Match[str]) -> str:
    text, start, end = match.string, match.start(), match.end()
    if (
        not _IPV4.fullmatch(match[0])
        or text[start - 1 : start] in LETTERS
        or text[end : end + 1] in LETTERS
        or _word_before(text, start) in _version_words()
    ):
        return match[0]
    return "[ip]"


def _word_before(text: str, place: int) -> str:
    """The word before the separators that end at a place; '' if there are none."""
    end = place
    while end and text[end - 1] in _VERSION_SEPARATORS:
        end -= 1
    if end == place:
        return ""
    start = end
    while start and text[start - 1] in _WORD:
        start -= 1
    return text[start:end].lower()


@cache
def _version_words() -> frozenset[str]:
    """The words after which four dotted numbers are a version."""
    return words("version_word")


_TEXT_RULES: tuple[Rule, ...] = (
    redact_ibans,
    redact_cards,
    _redact_emails,
    _redact_ipv6,
    _redact_ipv4,
    redact_phones,
    redact_ssns,
)
_ID_RULES: tuple[Rule, ...] = (
    redact_ibans,
    redact_cards_in_groups,
    _redact_emails,
    _redact_ipv6,
    _redact_ipv4,
    redact_phones_in_id,
    redact_ssns,
)
