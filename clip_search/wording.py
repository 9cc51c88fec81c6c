"""Words for people: counted nouns, times, and text that cannot control a terminal."""

from datetime import datetime


def counted(number: int, one: str, many: str | None = None) -> str:
    """A number and what it counts: `1 file`, `1,200 files`.

    Args:
        number: How many.
        one: The singular noun.
        many: The plural noun, if it is not the singular plus `s`.
    """
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def printable(text: str) -> str:
    r"""Text that cannot control a terminal: unprintable characters become `\x1b`."""
    return "".join(
        character
        if character.isprintable()
        else character.encode("unicode_escape").decode("ascii")
        for character in text
    )


def standard_timestamp(moment: datetime) -> str:
    """A moment as in all tables: `2020-03-10T13:24:31.000Z`.

    Args:
        moment: A time in UTC.
    """
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
