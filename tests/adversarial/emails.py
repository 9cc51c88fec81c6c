"""E-mail addresses. The judge splits at blanks and uses tldextract for the host."""

import random
import re

import tldextract

from tests.adversarial.cases import WORDS, Case, sentence, spread, unique

_LOCALS = (
    *("anna", "anna.kova", "a", "anna+clips", "anna-kova", "anna_kova", "o'brien"),
    *("Anna.Kova", "ANNA", "anna.kova+film-2020", "jörg", "анна", "a1", "99anna"),
    *("anna.b.c", "x.y+z", "info", "no-reply", "josé.ángel", "kova_"),
)
_HOSTS = (
    *("example.com", "example.org", "mail.example.co.uk", "example.museum"),
    *("bücher.example.de", "пример.рф", "a-b.example.net", "EXAMPLE.COM", "1and1.com"),
    *("sub.sub.example.io", "xn--bcher-kva.example.ch", "食狮.公司.cn", "example.film"),
    *("x.co", "films.example.tv", "9.example.fr"),
)
_extract = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)


def judge(text: str) -> bool:
    """Some word is name@host, and the host ends in a public suffix."""
    for word in re.split(r"[\s<>()\[\]\"“”,;:]+", text):
        name, at, host = word.strip(".!?/…").partition("@")
        known = at and name and "@" not in host and _extract(host)
        if known and known.suffix and known.domain:
            return bool(re.fullmatch(r"[\w.-]+", host)) and "_" not in host
    return False


def cases() -> list[Case]:
    """The set."""
    draw = random.Random(1)

    def plain(draw: random.Random) -> tuple[str, str]:
        item = f"{draw.choice(_LOCALS)}{draw.randint(0, 99)}@{draw.choice(_HOSTS)}"
        return sentence(draw, item), item

    def escaped(draw: random.Random) -> tuple[str, str]:
        item = f"{draw.choice(_LOCALS)}{draw.randint(0, 99)}%40{draw.choice(_HOSTS)}"
        return sentence(draw, item), item

    def encoded(draw: random.Random) -> tuple[str, str]:
        name = f"{draw.choice(_LOCALS)}{draw.randint(0, 99)}"
        host = draw.choice((*_HOSTS[:4], "localhost"))
        item = f"{name}{draw.choice(_ENCODED)}{host}"
        return sentence(draw, item), item

    def wide(draw: random.Random) -> tuple[str, str]:
        item = f"anna{draw.randint(0, 999)}@{draw.choice(_HOSTS[:4])}"
        wide = "".join(
            chr(ord(each) + 0xFEE0) if "!" <= each <= "~" else each for each in item
        )
        return sentence(draw, wide, ("{}", "{w} {}", "{} {w}")), wide

    def hyphenated(draw: random.Random) -> tuple[str, str]:
        item = f"anna{draw.randint(0, 999)}@exam\u00adple.com"
        return sentence(draw, item, ("{}", "{w} {}", "{} {w}")), item

    def in_quotes(draw: random.Random) -> tuple[str, str]:
        item = f'"{draw.choice(WORDS)} {draw.randint(0, 99)}"@{draw.choice(_HOSTS)}'
        return sentence(draw, item, ("{}", "{w} {}", "{} {w}", "<{}>", "{},")), item

    def unknown_suffix(draw: random.Random) -> tuple[str, str]:
        item = f"anna{draw.randint(0, 999)}@example.{draw.choice(_NO_SUFFIXES)}"
        return sentence(draw, item), item

    positives = [
        *spread(draw, 2600, "an address", True, plain),
        *spread(draw, 400, "an escaped at sign", True, escaped),
        *spread(draw, 400, "another at sign, or this computer", True, encoded),
        *spread(draw, 200, "fullwidth letters", True, wide),
        *spread(draw, 100, "a soft hyphen inside", True, hyphenated),
        *spread(draw, 200, "an unknown top-level domain", True, unknown_suffix),
        *spread(draw, 200, "a local part in quotes", True, in_quotes),
    ]

    def spoken(draw: random.Random) -> tuple[str, str]:
        at, dot = draw.choice(_SPOKEN)
        name, host = draw.choice(_LOCALS), draw.choice(_HOSTS[:3])
        item = f"{name}{draw.randint(0, 99)}{at}{host.replace('.', dot)}"
        return sentence(draw, item), ""

    def broken(draw: random.Random) -> tuple[str, str]:
        name, number = draw.choice(_LOCALS[:8]), draw.randint(0, 99)
        return sentence(draw, draw.choice(_BROKEN).format(f"{name}{number}")), ""

    def handle(draw: random.Random) -> tuple[str, str]:
        word = draw.choice(WORDS).replace(" ", draw.choice("._"))
        return sentence(draw, f"@{word}{draw.randint(0, 99)}"), ""

    def price(draw: random.Random) -> tuple[str, str]:
        return sentence(draw, f"{draw.randint(1, 99)}@{draw.randint(1, 99)}.99"), ""

    negatives = [
        *spread(draw, 800, "'at' and 'dot' spelled out, which is not a goal", False,
                spoken),
        *spread(draw, 1600, "a host that is none", False, broken),
        *spread(draw, 500, "a handle", False, handle),
        *spread(draw, 300, "a price", False, price),
    ]  # fmt: skip
    return unique(positives + negatives)


_NO_SUFFIXES = ("invalid", "localhost", "corp", "intranet", "lan", "comm")
_SPOKEN = (
    (" at ", " dot "), ("(at)", "."), (" (at) ", " (dot) "), ("[at]", "."),
    (" AT ", "."), (" @ ", "."),
)  # fmt: skip
_ENCODED = ("@", "@@", "\\@", "&#64;", "&#x40;", "&commat;", "\\u0040", "\\x40")
_BROKEN = (
    "{}@intranet", "{}@", "{}@example", "{}@example.", "{}@.com", "{}@-example.com",
    "{}@example-.com", "{}@exa_mple.com", "{}@example..com", "{}@example.c",
    "{}@example.123", "{}@example.c0m", "{}@ example.com", "{} @example.com",
    "{}@example .com", "{}@@example", "{}%example.com", "{}#example.com",
    "{}%4example.com", "{}@example,com", "{}@example/com", "{}@work & play",
)  # fmt: skip
