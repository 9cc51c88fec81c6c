"""Writes the pinned tables `unicode_fold`, `unicode_composition` and `unicode_digit`.

`python -m clip_search.text_rules.pin_unicode` writes them again, byte for byte. The
first two define the normal form of query_text: NFKC, full case folding and NFKC again,
one character at a time (the Unicode Standard, 3.11 and rule R4 of 3.13), and the
canonical composition of two neighbours (definition D117). The third lists the digits
zero of all scripts; the other nine follow each of them.
"""

import csv
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path

from clip_search.text_rules.characters import (
    DATA,
    IGNORABLE_PLANE,
    WHITE_SPACE,
)

PINNED_UNICODE = "14.0.0"
"""The Unicode version of the tables: that of Python 3.11."""

# Property Default_Ignorable_Code_Point, which unicodedata lacks, except for the plane
# that IGNORABLE_PLANE covers.
_IGNORABLE = (
    (0xAD, 0xAD),
    (0x34F, 0x34F),
    (0x61C, 0x61C),
    (0x115F, 0x1160),
    (0x17B4, 0x17B5),
    (0x180B, 0x180F),
    (0x200B, 0x200F),
    (0x202A, 0x202E),
    (0x2060, 0x206F),
    (0x3164, 0x3164),
    (0xFE00, 0xFE0F),
    (0xFEFF, 0xFEFF),
    (0xFFA0, 0xFFA0),
    (0xFFF0, 0xFFF8),
    (0x1BCA0, 0x1BCA3),
    (0x1D173, 0x1D17A),
)

HANGUL_SYLLABLES = (0xAC00, 0xD7A3)
"""Composed by arithmetic instead of 11,172 rows."""

_PRINTABLE_ASCII = (0x20, 0x7E)
_SURROGATES = (0xD800, 0xDFFF)
_LAST_CODE_POINT = 0x10FFFF


def fold_rows() -> Iterator[tuple[int, str, str]]:
    """List the replacement of each character that changes.

    Printable ASCII is omitted: `lower()` is the same everywhere for it.

    Yields:
        Code point, replacement (empty unless the action is fold), and the action:
        fold, space or remove.
    """
    for code_point in range(1, _LAST_CODE_POINT + 1):
        if code_point in IGNORABLE_PLANE or _within(
            code_point, (_PRINTABLE_ASCII, _SURROGATES)
        ):
            continue
        character = chr(code_point)
        if character in WHITE_SPACE:
            yield code_point, "", "space"
        elif _is_invisible(character):
            yield code_point, "", "remove"
        elif (folded := _folded(character)) != character:
            yield code_point, folded, "fold"


def composition_rows() -> Iterator[tuple[int, int, int]]:
    """List the pairs of neighbours that compose to one character.

    These are all pairs whose canonical composition is one character. They include a
    letter and an accent in non-canonical order (U+00EA and U+0323, as Vietnamese
    keyboards type it).

    Yields:
        Base, mark and what they compose to, as code points.
    """
    for code_point in range(1, _LAST_CODE_POINT + 1):
        if _within(code_point, (HANGUL_SYLLABLES, _SURROGATES)):
            continue
        character = chr(code_point)
        parts = unicodedata.normalize("NFD", character)
        # Some decompose but are excluded from composition: no pair composes to them.
        for place in range(1, len(parts)):
            base = unicodedata.normalize("NFC", parts[:place] + parts[place + 1 :])
            mark = parts[place]
            if (
                len(base) == 1
                and unicodedata.normalize("NFC", base + mark) == character
            ):
                yield ord(base), ord(mark), code_point


def digit_rows() -> Iterator[tuple[int]]:
    """List the digits zero outside of ASCII, as code points."""
    for code_point in range(0x80, _LAST_CODE_POINT + 1):
        if unicodedata.decimal(chr(code_point), None) == 0:
            yield (code_point,)


def write_tables(folder: Path = DATA) -> None:
    """Write the tables.

    Args:
        folder: The output folder.

    Raises:
        RuntimeError: This Python has another Unicode version than the pinned one.
    """
    if unicodedata.unidata_version != PINNED_UNICODE:
        raise RuntimeError(
            f"the tables are for Unicode {PINNED_UNICODE}, this Python has "
            f"{unicodedata.unidata_version}: run it with Python 3.11"
        )
    _write(folder / "unicode_fold.csv", ("code_point", "folded", "action"), fold_rows())
    _write(
        folder / "unicode_composition.csv",
        ("base", "mark", "composed"),
        composition_rows(),
    )
    _write(folder / "unicode_digit.csv", ("zero",), digit_rows())


def _folded(character: str) -> str:
    compatible = unicodedata.normalize("NFKC", character)
    return unicodedata.normalize("NFKC", compatible.casefold())


def _is_invisible(character: str) -> bool:
    return unicodedata.category(character) in ("Cc", "Cf") or _within(
        ord(character), _IGNORABLE
    )


def _within(code_point: int, ranges: Iterable[tuple[int, int]]) -> bool:
    return any(first <= code_point <= last for first, last in ranges)


def _write(path: Path, header: Iterable[str], rows: Iterable[Iterable[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


if __name__ == "__main__":
    write_tables()
