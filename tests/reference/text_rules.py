"""What the text rules mean, in Python: redaction, kinds and the normal form.

It is written from the contract and shares nothing with the SQL: regular expressions
and `ipaddress` where the macros walk through a text, `unicodedata` where they look up
a seed. The tests hold the macros against it.
"""

import csv
import ipaddress
import re
import sys
import unicodedata
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

SEEDS = Path(__file__).resolve().parents[2] / "clip_search" / "text_rules" / "data"

PINNED_UNICODE = "14.0.0"

# The property White_Space of PropList.txt, all 25 of it.
WHITE_SPACE = "\t\n\v\f\r \x85\xa0\u1680" + "".join(
    map(chr, [*range(0x2000, 0x200B), 0x2028, 0x2029, 0x202F, 0x205F, 0x3000])
)

# Default_Ignorable_Code_Point of DerivedCoreProperties.txt.
IGNORABLE = frozenset(
    [
        *(0xAD, 0x34F, 0x61C, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x3164, 0xFEFF, 0xFFA0),
        *(*range(0x180B, 0x1810), *range(0x200B, 0x2010), *range(0x202A, 0x202F)),
        *(*range(0x2060, 0x2070), *range(0xFE00, 0xFE10), *range(0xFFF0, 0xFFF9)),
        *(*range(0x1BCA0, 0x1BCA4), *range(0x1D173, 0x1D17B)),
        *range(0xE0000, 0xE1000),
    ]
)


def seed_column(seed: str, column: str) -> frozenset[str]:
    """The values of one column of a reference seed."""
    with (SEEDS / f"{seed}.csv").open(encoding="utf-8", newline="") as file:
        return frozenset(row[column] for row in csv.DictReader(file))


# --- redaction ---------------------------------------------------------------------


def luhn_holds(digits: str) -> bool:
    """The check of ISO/IEC 7812-1, annex B."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def redact_cards(text: str) -> str:
    """Replace card numbers: whole groups of digits, 13 to 19 in all, by Luhn."""
    groups = [match.span() for match in re.finditer("[0-9]+", text)]
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
    start = groups[first][0]
    if re.search(r"[A-Za-z]\Z", text[:start]):
        return None
    longest = None
    for last in range(first, len(groups)):
        piece = text[start : groups[last][1]]
        if re.search("[^0-9 -]", piece):
            break
        digits = re.sub("[^0-9]", "", piece)
        if len(digits) > 19:
            break
        touches = re.match("[A-Za-z]", text[groups[last][1] :])
        if len(digits) >= 13 and not touches and luhn_holds(digits):
            longest = last
    return longest


# Quotes, brackets and stops beyond ASCII: part of a sentence, not of an address.
SENTENCE = "«»“”„‹›…、。〈〉《》「」『』【】！（），：；？"
_STOP = re.escape(WHITE_SPACE + ',;:<>()[]"\\/|@' + SENTENCE)
_NAME = f"[^\\x00-/:-@\\[-`{{-\\x7f{_STOP}‘’]"
_LABEL = f"{_NAME}(?:(?:{_NAME}|-)*{_NAME})?"
_LETTER = f"(?:(?![0-9]){_NAME})"
_TOP = f"(?:(?i:xn--)(?:{_NAME}|-)*{_NAME}|{_LETTER}(?:{_LETTER}|-)*{_LETTER})"
_MARKER = re.compile("@|%40")
_DOMAIN = re.compile(f"(?:{_LABEL}\\.)+{_TOP}(?!{_NAME})")


def redact_emails(text: str) -> str:
    """Replace e-mail addresses; `%40` stands for the at sign as well."""
    redacted, place = "", 0
    while marker := _MARKER.search(text, place):
        before = text[place : marker.start()]
        domain = _DOMAIN.match(text, marker.end())
        quoted = re.search(r'"[^"]+"\Z', before)
        local = quoted[0] if quoted else re.split(f"[{_STOP}]", before)[-1]
        local = local.lstrip(".'‘’")
        if local and domain:
            redacted += before[: len(before) - len(local)] + "[email]"
            place = domain.end()
        else:
            redacted += before + marker[0]
            place = marker.end()
    return redacted + text[place:]


def is_ipv4(text: str) -> bool:
    """Whether `ipaddress` takes the text for an IPv4 address."""
    try:
        ipaddress.IPv4Address(text)
    except ValueError:
        return False
    return True


def is_ipv6(text: str) -> bool:
    """Whether `ipaddress` takes the text for an IPv6 address."""
    try:
        ipaddress.IPv6Address(text)
    except ValueError:
        return False
    return True


def redact_ipv6(text: str) -> str:
    """Replace IPv6 addresses: whole runs of letters, digits, colons and dots."""

    def replaced(match: re.Match[str]) -> str:
        label = re.match("(?:.*[G-Zg-z][^:]*:|:(?=[^:]|::))?", match[0])
        label_size = label.end() if label else 0
        token = match[0][label_size:].rstrip(".")
        if token.endswith(":") and not token.endswith("::"):
            token = token[:-1]
        named = token.count(":") >= 2 and re.search("[0-9A-Fa-f]", token)
        if not (named and is_ipv6(token)):
            return match[0]
        address_end = label_size + len(token)
        return match[0][:label_size] + "[ip]" + match[0][address_end:]

    return re.sub("[0-9A-Za-z:.]+", replaced, text)


@cache
def version_words() -> frozenset[str]:
    """The words after which a dotted quad is a version."""
    return seed_column("version_word", "word")


def redact_ipv4(text: str) -> str:
    """Replace dotted quads that are no versions."""

    def replaced(match: re.Match[str]) -> str:
        before, after = text[: match.start()], text[match.end() :]
        word = re.search(r"([0-9A-Za-z]+)[ :=-]+\Z", before)
        if (
            not is_ipv4(match[0])
            or re.search(r"[A-Za-z]\Z", before)
            or re.match("[A-Za-z]", after)
            or (word and word[1].lower() in version_words())
        ):
            return match[0]
        return "[ip]"

    return re.sub(r"[0-9]+(?:\.[0-9]+)*", replaced, text)


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


def redact_phones(text: str) -> str:
    """Replace phone numbers, each seen beside what the one before has become."""
    place = 0
    while match := _PHONE.search(text, place):
        text = text[: match.start()] + "[phone]" + text[match.end() :]
        place = match.start() + len("[phone]")
    return text


RULES: tuple[Callable[[str], str], ...] = (
    redact_cards,
    redact_emails,
    redact_ipv6,
    redact_ipv4,
    redact_phones,
)


def redact_as_written(text: str) -> str:
    """Replace what is PII as it stands, over and over until nothing is left."""
    redacted = text
    for rule in RULES:
        redacted = rule(redacted)
    return redacted if redacted == text else redact_as_written(redacted)


def redact(text: str) -> str:
    """Replace PII, also what only a normal form of the text would show."""
    redacted = normal = redact_as_written(text)
    while (deeper := normalize(normal)) != normal:
        seen_through = redact_as_written(deeper)
        if seen_through != deeper:
            return redact(seen_through)
        normal = deeper
    return redacted


# --- the kind of a query -----------------------------------------------------------


@cache
def url_tlds() -> frozenset[str]:
    """The top-level domains by which a bare host is known."""
    return seed_column("url_tld", "tld")


_URL_START = re.compile(f"(?:https?|ftp)://|www\\.[^{re.escape(WHITE_SPACE)}]")
_URL_INSIDE = re.compile("(?<![a-z0-9])https?://")
_HOST_LETTER = f"[^\\x00-/:-@\\[-`{{-\\x7f{re.escape(WHITE_SPACE)}]"
_HOST_LABEL = f"{_HOST_LETTER}(?:(?:{_HOST_LETTER}|-)*{_HOST_LETTER})?"
_BARE_HOST = re.compile(
    f"(?:{_HOST_LABEL}\\.)+([^.:/?#]+)(?::[0-9]{{1,5}})?"
    f"(?:[/?#][^{re.escape(WHITE_SPACE)}]*)?"
)


def kind(text: str) -> str:
    """Say what a redacted query is: one of the placeholders' names, url or text."""
    for name in ("card", "email", "ip", "phone"):
        if f"[{name}]" in text:
            return name
    word = re.sub("[A-Z]", lambda letter: letter[0].lower(), text).strip(WHITE_SPACE)
    if _URL_START.match(word) or _URL_INSIDE.search(word):
        return "url"
    host = _BARE_HOST.fullmatch(word)
    return "url" if host and host[1] in url_tlds() else "text"


# --- the normal form ---------------------------------------------------------------

_PLUS = re.compile(
    r"(?<=[0-9A-Za-z\x80-\U0010ffff])\+(?=[0-9A-Za-z\x80-\U0010ffff])"
    r"(?!(?<=[0-9]\+)[0-9])"
)


def decode(text: str) -> str:
    """Undo the escapes of a URL where the whole word is clearly written so."""
    word = text.strip(WHITE_SPACE)
    if any(character in WHITE_SPACE for character in word):
        return text
    every_plus_separates = len(_PLUS.findall(word)) == word.count("+")
    spaced = word.replace("+", " ") if every_plus_separates else word
    try:
        return re.sub("(?:%[0-9A-Fa-f]{2})+|%", _decoded_escapes, spaced)
    except ValueError:
        return spaced


def _decoded_escapes(match: re.Match[str]) -> str:
    plain = bytes.fromhex(match[0].replace("%", "") or "not hex").decode("utf-8")
    for character in plain:
        if unicodedata.category(character) == "Cc" and character not in "\t\n\r":
            raise ValueError(character)
    return plain


def _vanishes(character: str) -> bool:
    return (
        unicodedata.category(character) in ("Cc", "Cf") or ord(character) in IGNORABLE
    )


@cache
def folded(character: str) -> str:
    """One character's normal form; a soft hyphen stands for what will vanish."""
    if character in WHITE_SPACE:
        return " "
    if _vanishes(character):
        return "\xad"
    once = unicodedata.normalize("NFKC", character).casefold()
    return "".join(
        "\xad" if _vanishes(part) else part
        for part in unicodedata.normalize("NFKC", once)
    )


def compose(text: str) -> str:
    """Join neighbours that have a composed form, from left to right."""
    joined = ""
    for character in text:
        pair = unicodedata.normalize("NFC", joined[-1:] + character)
        joined = joined[:-1] + pair if len(pair) == 1 else joined + character
    return joined


def normalize(text: str) -> str:
    """The normal form of a redacted query."""
    visible = compose("".join(map(folded, decode(text)))).replace("\xad", "")
    return re.sub(" +", " ", visible).strip(" ")


def code_points() -> Iterator[int]:
    """Every code point but U+0000 and the surrogates."""
    yield from range(1, 0xD800)
    yield from range(0xE000, sys.maxunicode + 1)
