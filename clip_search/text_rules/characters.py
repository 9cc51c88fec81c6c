"""Character classes that several rules share, and the tables that the rules read."""

import csv
import io
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

DATA = Path(__file__).with_name("data")

WHITE_SPACE = "\t\n\v\f\r \x85\xa0\u1680" + "".join(
    map(chr, [*range(0x2000, 0x200B), 0x2028, 0x2029, 0x202F, 0x205F, 0x3000])
)
"""The Unicode property White_Space. `str.isspace` adds U+001C to U+001F to it."""

IGNORABLE_PLANE = range(0xE0000, 0xE1000)
"""All 4,096 code points are default-ignorable, so the table of folds omits them."""

LETTERS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
"""The ASCII letters."""

NO_HOST_LETTER = "\\x00-,./:-@\\[-`{-\\x7f" + WHITE_SPACE
"""The inside of a regular expression's class: what no label of a host name contains.

A label contains ASCII letters, digits, hyphens and non-ASCII characters.
"""

DISGUISE_FREE = "À-Ö -~Ø-Þà-öø-įıА-яぁ-ゖァ-ヺー一-鿕가-힣"
"""The inside of a class: characters whose ASCII folds, if any, are only letters.

It includes printable ASCII. A text of only these characters cannot hide digits or an at
sign.
"""


def table(name: str) -> Iterator[list[str]]:
    """The rows of a pinned table, without the header.

    Args:
        name: The name of a file in `data`, without its extension.
    """
    # On a cluster, this package is imported from a ZIP file.
    read = files(__package__).joinpath("data", f"{name}.csv").read_bytes()
    rows = csv.reader(io.StringIO(read.decode("utf-8"), newline=""))
    next(rows)
    yield from rows


def words(name: str) -> frozenset[str]:
    """The words of a table with a single column."""
    return frozenset(row[0] for row in table(name))
