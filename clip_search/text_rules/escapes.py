"""Undoes what people and programs do to characters, so that personal data shows."""

import re
from functools import cache

from clip_search.text_rules.characters import table

_NAMED = {"amp": "&", "commat": "@", "period": ".", "plus": "+"}
_ESCAPE = re.compile(
    r"(?P<units>(?:(?<!\\)\\++u[0-9A-Fa-f]{4})+)"
    r"|(?<!\\)\\++(?:x(?P<byte>[0-9A-Fa-f]{2})|(?P<kept>[@.+_-]))"
    r"|&(?:\#0*(?P<decimal>[0-9]{1,7})|\#[xX]0*(?P<hexadecimal>[0-9A-Fa-f]{1,6})"
    rf"|(?P<name>{'|'.join(_NAMED)}));"
)
_CODE_UNIT = re.compile("u(.{4})")
_NESTED = re.compile("%(?:25)+(?=[0-9A-Fa-f]{2})|&(?:amp;)+")
_ESCAPE_SIGN = re.compile(r"[%&\\]")
_LAST_CODE_POINT = 0x10FFFF
_SURROGATES = range(0xD800, 0xE000)


def undo_escapes(text: str) -> str:
    r"""Undo escapes of JSON, JavaScript and HTML; write all digits as ASCII.

    These are undone once: `\u0040`, `\x40`, `&#64;`, `&#x40;`, `&commat;`, and a
    backslash before `@`, `.`, `+`, `-` or `_`. Control characters become spaces.
    """
    plain = _ESCAPE.sub(_character, text)
    return plain if plain.isascii() else plain.translate(_digits())


def undo_nesting(text: str) -> str:
    """Undo escapes of escape signs at all depths: `%252540` becomes `%40`."""
    return _NESTED.sub(lambda nested: nested[0][0], text)


def without_escape_signs(text: str) -> str:
    """Replace all signs that start an escape with spaces."""
    return _ESCAPE_SIGN.sub(" ", text)


def _character(escape: re.Match[str]) -> str:
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
    decimal, hexadecimal = escape["decimal"], escape["hexadecimal"]
    code_point = int(decimal) if decimal else int(hexadecimal, 16)
    if code_point > _LAST_CODE_POINT or code_point in _SURROGATES:
        return escape[0]
    return _visible(chr(code_point))


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
