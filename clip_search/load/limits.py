"""Limits on what a file may cost to read, each with a variable that raises it."""

import os
from dataclasses import dataclass

from clip_search.clear_error import ClearError

MEBIBYTE = 1 << 20


@dataclass(frozen=True)
class Limit:
    """A limit that a user can change.

    Attributes:
        variable: The environment variable that overrides the default.
        default: In the unit that the name of the variable ends in, else a number.
    """

    variable: str
    default: int

    def value(self) -> int:
        """The limit that applies.

        Raises:
            ClearError: The variable is not a whole number above 0.
        """
        text = os.environ.get(self.variable) or str(self.default)
        if text.isascii() and text.isdigit() and int(text):
            return int(text)
        raise ClearError(
            f"{self.variable} is {text}, which is not a whole number above 0",
            remedy=f"Unset it, or set it to a number; the default is {self.default}.",
        )

    def raising(self) -> str:
        """How to raise the limit, as part of a remedy."""
        return f"raise the limit: export {self.variable}=NUMBER (now {self.value()})"


MAX_COLUMNS = Limit("CLIP_SEARCH_MAX_COLUMNS", 4_096)
# A parsed line of JSON takes up to a hundred times its length in memory.
MAX_LINE = Limit("CLIP_SEARCH_MAX_LINE_MIB", 2)
# Logs shrink to a fifth or, with many repeats, to a hundredth.
MAX_EXPANSION = Limit("CLIP_SEARCH_MAX_EXPANSION", 200)
# A document is parsed as a whole; a line of its own counts like one of many.
MAX_DOCUMENT = Limit("CLIP_SEARCH_MAX_DOCUMENT_MIB", 16)
MAX_ROW_GROUP = Limit("CLIP_SEARCH_MAX_ROW_GROUP_MIB", 1_024)

HARMLESS_BYTES = 32 * MEBIBYTE
"""So much may come out of a file of any size."""


def max_line_bytes() -> int:
    """The longest line of a text file."""
    return MAX_LINE.value() * MEBIBYTE


def max_expanded_bytes(compressed_bytes: int) -> int:
    """The most bytes that may come out of a file of this size."""
    return max(HARMLESS_BYTES, MAX_EXPANSION.value() * compressed_bytes)
