"""Undoes what people and programs do to characters, so that personal data shows."""

import re
from functools import cache

from clip_search.text_rules.characters import table

# Those that may be inside of personal data, in lower case as in the normal form.
_NAMED = {"amp": "&", "commat": "@", "period": ".", "plus": "+", "nbsp": " "} | (
    dict.fromkeys(("shy", "zwj", "zwnj", "zerowidthspace"), "")
)
_ESCAPE = re.compile(
    r"(?P<bytes>(?:%[0-9A-Fa-f]{2})++)|(?P<units>(?:(?<!\\)\\++u[0-9A-Fa-f]{4})+)"
    r"|(?<!\\)\\++(?:x(?P<byte>[0-9A-Fa-f]{2})|(?P<kept>[@.+_-]))"
    r"|(?:(?<!\\)\\++[ux]\{0*(?P<braced>[0-9A-Fa-f]{1,6})\}|%u(?P<unit>[0-9A-Fa-f]{4}))"
    # Browsers understand a number without the semicolon, too.
    r"|&\#0*(?P<decimal>[0-9]{1,7});?|&\#[xX]0*(?P<hexadecimal>[0-9A-Fa-f]{1,6});?"
    rf"|&(?P<name>{'|'.join(_NAMED)});"
)
_CODE_UNIT = re.compile("u(.{4})")
_NESTED = re.compile("%(?:25)+(?=[0-9A-Fa-f]{2})|&(?:amp;)+")
_ESCAPE_SIGN = re.compile(r"[%&\\]")
_LAST_CODE_POINT = 0x10FFFF
_SURROGATES = range(0xD800, 0xE000)


def undo_escapes(text: str) -> str:
    r"""Undo escapes of URLs, JSON, JavaScript and HTML; write all digits as ASCII.

    These are undone once: `%40`, `\u0040`, `\u{40}`, `\x40`, `%u0040`, `&#64;`, `&#64`,
    `&#x40;`, `&commat;` (and `&nbsp;`, `&shy;` ...), and a backslash before `@`, `.`,
    `+`, `-` or `_`. Control characters become spaces.
    """
    return _ESCAPE.sub(
        _character, text if text.isascii() else text.translate(_digits())
    )


def undo_nesting(text: str) -> str:
    """Undo escapes of escape signs at all depths: `%252540` becomes `%40`."""
    return _NESTED.sub(lambda nested: nested[0][0], text)


def without_escape_signs(text: str) -> str:
    """Replace all signs that start an escape with spaces."""
    return _ESCAPE_SIGN.sub(" ", text)


def _character(escape: re.Match[str]) -> str:
    if escape["bytes"]:
        characters = bytes.fromhex(escape["bytes"].replace("%", "")).decode(
            "utf-8", errors="replace"
        )
        return "".join(map(_visible, characters))
    if escape["units"]:
        units = bytes.fromhex("".join(_CODE_UNIT.findall(escape["units"])))
        characters = units.decode("utf-16-be", errors="replace")
        return "".join(map(_visible, characters))
    if escape["byte"]:
        return _visible(chr(int(escape["byte"], 16)))
    if escape["kept"]:
        return escape["kept"]
    if escape["name"]:
        return _NAMED[escape["name"]]
    code_point = _code_point(escape)
    if code_point > _LAST_CODE_POINT or code_point in _SURROGATES:
        return escape[0]
    return _visible(chr(code_point))


def _code_point(escape: re.Match[str]) -> int:
    if escape["decimal"]:
        return int(escape["decimal"])
    return int(escape["hexadecimal"] or escape["braced"] or escape["unit"], 16)


def _visible(character: str) -> str:
    return character if character >= " " else " "


@cache
def _digits() -> dict[int, str]:
    """The ASCII digit of each decimal digit of other scripts."""
    return {
        int(zero) + value: str(value)
        for (zero,) in table("unicode_digit")
        for value in range(10)
    }
