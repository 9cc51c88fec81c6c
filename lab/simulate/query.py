"""A query as typed, and what must become of it."""

from collections.abc import Callable
from dataclasses import dataclass

from lab.simulate.chance import Chance

LONGEST_VALUE = 2_048
"""Characters a value may have; one more makes its row a malformed line."""


@dataclass(frozen=True, slots=True)
class Query:
    """A query and its truth.

    Attributes:
        typed: What the log holds.
        kept: `search_query` of the clean table: personal data replaced, else as typed.
        text: `query_text` of the clean table: the normal form.
        kind: card, email, ip, phone, url or text.
        personal: The personal data in it, as typed.
    """

    typed: str
    kept: str
    text: str
    kind: str = "text"
    personal: tuple[str, ...] = ()


Maker = Callable[[Chance], Query]


def plain(typed: str) -> Query:
    """A query of the vocabulary: words in lower case, one space between them."""
    return Query(typed, typed, typed)


def spelled(typed: str, text: str) -> Query:
    """A query without personal data whose normal form is given."""
    return Query(typed, typed, text)


def long_query(length: int) -> str:
    """Words up to exactly `length` characters."""
    return ("slow light over the frozen river " * (length // 33 + 1))[
        : length - 1
    ] + "x"
