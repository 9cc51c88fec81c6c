"""IP addresses. The judge is `ipaddress`, applied to every piece of the text."""

import ipaddress
import random
import re

from tests.adversarial.cases import WORDS, Case, sentence, spread, unique

_V4_SHAPES = (
    *("{}", "{}", "{w} {}", "{} {w}", "{}:8080", "{}.", "({})", "ip {}", "ip: {}"),
    *("{},", '"{}"', "http://{}/", "{}/24", "[{}]", "<{}>", "{w}:{}", "{}?"),
)
_V6_SHAPES = (
    *("{}", "{}", "{w} {}", "{} {w}", "[{}]:8080", "({})", "ip {}", "{}/64", "{},"),
    *("http://[{}]/", "{}.", "{}%eth0", "<{}>"),
)


def judge_v4(text: str) -> bool:
    """Some run of letters, digits and dots is an IPv4 address."""
    return any(_is(ipaddress.IPv4Address, each) for each in re.split(r"[^\w.]+", text))


def judge_v6(text: str) -> bool:
    """Some run of letters, digits, colons and dots is an IPv6 address."""
    return any(_is(ipaddress.IPv6Address, each) for each in re.split(r"[^\w.:]+", text))


def _is(kind: type, text: str) -> bool:
    for each in (text, text.rstrip("."), text.rstrip(".:"), text.split(":")[0]):
        try:
            kind(each)
        except ValueError:
            continue
        return True
    return False


def v4_cases() -> list[Case]:
    """The set of IPv4."""
    draw = random.Random(3)

    def quad(draw: random.Random) -> str:
        return ".".join(
            str(draw.choice((0, 255, draw.randint(0, 255)))) for _ in "1234"
        )

    def plain(draw: random.Random) -> tuple[str, str]:
        item = quad(draw)
        return sentence(draw, item, _V4_SHAPES), item

    def wide(draw: random.Random) -> tuple[str, str]:
        item = quad(draw).translate({ord("0") + n: 0xFF10 + n for n in range(10)})
        return sentence(draw, item, ("{}", "{w} {}")), item

    positives = [
        *spread(draw, 3000, "an address", True, plain),
        *spread(draw, 200, "fullwidth digits", True, wide),
    ]

    def version(draw: random.Random) -> tuple[str, str]:
        gap = draw.choice((" ", "  ", ": ", "-", " = "))
        return f"{draw.choice(_VERSIONED)}{gap}{quad(draw)}", ""

    def broken(draw: random.Random) -> tuple[str, str]:
        a, b, c, d = (draw.randint(0, 255) for _ in "1234")
        item = draw.choice(_BROKEN_V4).format(a=a, b=b, c=c, d=d, x=256 + a)
        return sentence(draw, item, ("{}", "{w} {}", "{} {w}", "({})", "{},")), ""

    negatives = [
        *spread(draw, 1000, "a version number", False, version),
        *spread(draw, 2200, "four numbers that are no address", False, broken),
    ]
    return unique(positives + negatives)


def v6_cases() -> list[Case]:
    """The set of IPv6."""
    draw = random.Random(4)

    def address(draw: random.Random) -> str:
        groups = [draw.choice((0, 0, draw.randint(0, 0xFFFF))) for _ in range(8)]
        groups[0] = draw.choice((0x2001, 0xFE80, 0xFD00, draw.randint(1, 0xFFFF)))
        item = ipaddress.IPv6Address(
            b"".join(group.to_bytes(2, "big") for group in groups)
        )
        text = draw.choice((item.compressed, item.compressed, item.exploded))
        if groups[5:6] == [0] and draw.random() < 0.3:
            quad = ipaddress.IPv4Address(draw.getrandbits(32))
            six = ":".join(f"{group:x}" for group in groups[:6])
            text = f"{draw.choice((f'{groups[0]:x}:', six))}:{quad}"
        return draw.choice((text, text.upper()))

    def plain(draw: random.Random) -> tuple[str, str]:
        item = address(draw)
        return sentence(draw, item, _V6_SHAPES), item

    def labelled(draw: random.Random) -> tuple[str, str]:
        item = address(draw)
        return f"{draw.choice(('ip', 'IPv6', 'host', 'src:ip'))}:{item}", item

    def broken(draw: random.Random) -> tuple[str, str]:
        item = draw.choice(_BROKEN_V6)(draw)
        return sentence(draw, item, ("{}", "{w} {}", "{} {w}", "({})", "{},")), ""

    positives = [
        *spread(draw, 3200, "an address", True, plain),
        *spread(draw, 300, "a word and a colon before it", True, labelled),
    ]
    negatives = spread(draw, 3200, "colons of another kind", False, broken)
    return unique(positives + negatives)


_VERSIONED = ("ios", "iOS", "version", "Android", "firmware", "v", "Chrome", "ver")
_BROKEN_V4 = (
    "{x}.{b}.{c}.{d}", "{a}.{x}.{c}.{d}", "{a}.{b}.{c}.{x}", "{a}.{b}.{c}",
    "{a}.{b}.{c}.{d}.{a}", "0{a}.{b}.{c}.{d}", "{a}.{b}.{c}.00{d}", "v{a}.{b}.{c}.{d}",
    "{a}.{b}.{c}.{d}b", "{a},{b},{c},{d}", "{a}. {b}. {c}. {d}", "{a}..{b}.{c}.{d}",
    "{a}-{b}-{c}-{d}", "{a}.{b}.{c}.x", "{a}:{b}:{c}.{d}",
)  # fmt: skip


def _hex(draw: random.Random, digits: int) -> str:
    return f"{draw.getrandbits(4 * digits):0{digits}x}"


_BROKEN_V6 = (
    lambda draw: f"{draw.randint(0, 23)}:{draw.randint(10, 59)}:{draw.randint(10, 59)}",
    lambda draw: (
        f"00:{draw.randint(10, 59)}:{draw.randint(10, 59)}:{draw.randint(10, 24)}"
    ),
    lambda draw: ":".join(_hex(draw, 2) for _ in range(6)),
    lambda draw: f"{draw.randint(1, 32)}:{draw.randint(1, 32)}",
    lambda draw: f"std::{draw.choice(WORDS).replace(' ', '_')}{draw.randint(0, 99)}",
    lambda draw: ":".join(_hex(draw, 4) for _ in range(9)),
    lambda draw: ":".join(_hex(draw, 4) for _ in range(7)),
    lambda draw: f"{_hex(draw, 4)}::{_hex(draw, 2)}::{_hex(draw, 3)}",
    lambda draw: f"{_hex(draw, 5)}::{_hex(draw, 2)}",
    lambda draw: f"20{_hex(draw, 2)}:::{_hex(draw, 3)}",
    lambda draw: f"g{_hex(draw, 3)}::{_hex(draw, 2)}",
    lambda draw: f"{_hex(draw, 4)}::{draw.randint(256, 999)}.1.2.3",
    lambda draw: (
        f"::{draw.choice(('kick', 'mooz', 'spring', 'slow'))}{draw.randint(0, 9)}"
    ),
    lambda draw: f"{_hex(draw, 3)}:{_hex(draw, 3)} {_hex(draw, 2)}",
)
