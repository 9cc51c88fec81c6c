"""A query as typed, and its expected cleaned form."""

from collections.abc import Callable
from dataclasses import dataclass

from lab.simulate.chance import Chance


@dataclass(frozen=True, slots=True)
class Query:
    """A query and the truth about it.

    Attributes:
        typed: The text in the log.
        kept: `search_query` of the clean table: as typed, with personal data replaced
            and white space that is a control character as a space.
        text: `query_text` of the clean table: the normal form.
        kind: card, iban, ssn, email, ip, phone, url or text.
        personal: The personal data in it, as typed.
    """

    typed: str
    kept: str
    text: str
    kind: str = "text"
    personal: tuple[str, ...] = ()


Maker = Callable[[Chance], Query]


def plain(typed: str) -> Query:
    """A query from the vocabulary: lower-case words separated by single spaces."""
    return Query(typed, typed, typed)


def spelled(typed: str, text: str) -> Query:
    """A query without personal data and with a given normal form."""
    return Query(typed, typed.replace("\t", " ").replace("\n", " "), text)


def long_query(length: int) -> str:
    """Words up to exactly `length` characters."""
    return ("slow light over the frozen river " * (length // 33 + 1))[
        : length - 1
    ] + "x"
