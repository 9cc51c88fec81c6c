"""The normal form of a text that is not part of a URL, by `unicodedata`.

A judge for the rules, which read their own tables. It is right if Python has the
Unicode version that they are pinned to.
"""

import sys
import unicodedata
from collections.abc import Iterator
from functools import cache

# The property White_Space of PropList.txt, all 25 of it.
WHITE_SPACE = "\t\n\v\f\r \x85\xa0\u1680" + "".join(
    map(chr, [*range(0x2000, 0x200B), 0x2028, 0x2029, 0x202F, 0x205F, 0x3000])
)

# Default_Ignorable_Code_Point of DerivedCoreProperties.txt.
_IGNORABLE = frozenset(
    [
        *(0xAD, 0x34F, 0x61C, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x3164, 0xFEFF, 0xFFA0),
        *(*range(0x180B, 0x1810), *range(0x200B, 0x2010), *range(0x202A, 0x202F)),
        *(*range(0x2060, 0x2070), *range(0xFE00, 0xFE10), *range(0xFFF0, 0xFFF9)),
        *(*range(0x1BCA0, 0x1BCA4), *range(0x1D173, 0x1D17B)),
        *range(0xE0000, 0xE1000),
    ]
)

# Takes the place of a removed character until composition is done.
_VANISHED = "\xad"


def vanishes(character: str) -> bool:
    """Whether it is a control, format or default-ignorable character."""
    return (
        unicodedata.category(character) in ("Cc", "Cf") or ord(character) in _IGNORABLE
    )


def of_text(text: str) -> str:
    """The visible part of a text, folded, with neighbours composed left to right."""
    joined = ""
    for character in "".join(map(_folded, text)):
        pair = unicodedata.normalize("NFC", joined[-1:] + character)
        joined = joined[:-1] + pair if len(pair) == 1 else joined + character
    visible = joined.replace(_VANISHED, "")
    return " ".join(word for word in visible.split(" ") if word)


def code_points() -> Iterator[int]:
    """Every code point except U+0000 and the surrogates."""
    yield from range(1, 0xD800)
    yield from range(0xE000, sys.maxunicode + 1)


@cache
def _folded(character: str) -> str:
    """NFKC, full case folding and NFKC again, for one character."""
    if character in WHITE_SPACE:
        return " "
    if vanishes(character):
        return _VANISHED
    once = unicodedata.normalize("NFKC", character).casefold()
    return "".join(
        _VANISHED if vanishes(part) else part
        for part in unicodedata.normalize("NFKC", once)
    )
