"""Classes of characters that several rules share, and the tables that they read."""

import csv
from collections.abc import Iterator
from pathlib import Path

DATA = Path(__file__).with_name("data")

WHITE_SPACE = "\t\n\v\f\r \x85\xa0\u1680" + "".join(
    map(chr, [*range(0x2000, 0x200B), 0x2028, 0x2029, 0x202F, 0x205F, 0x3000])
)
"""The Unicode property White_Space. `str.isspace` adds U+001C to U+001F to it."""

IGNORABLE_PLANE = range(0xE0000, 0xE1000)
"""Default-ignorable as a whole, so the table of folds leaves its 4,096 points out."""

NO_HOST_LETTER = "\\x00-,./:-@\\[-`{-\\x7f" + WHITE_SPACE
"""The inside of a regular expression's class: what no label of a host name holds.

A label holds ASCII letters, digits, hyphens and characters beyond ASCII.
"""

DISGUISE_FREE = "À-Ö -~Ø-Þà-öø-įıА-яぁ-ゖァ-ヺー一-鿕가-힣"
"""The inside of a class: characters that fold into no ASCII character beside letters.

Printable ASCII is part of it. A text of these alone hides no digits and no at sign.
"""


def table(name: str) -> Iterator[list[str]]:
    """The rows of a pinned table, without its header.

    Args:
        name: Of a file in `data`, without its ending.
    """
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        next(rows)
        yield from rows


def words(name: str) -> frozenset[str]:
    """The words of a table with one column."""
    return frozenset(row[0] for row in table(name))
