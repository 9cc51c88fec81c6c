"""Words for people: counted nouns, times, and text that cannot control a terminal."""

from datetime import datetime
from pathlib import Path


def counted(number: int, one: str, many: str | None = None) -> str:
    """A number and what it counts: `1 file`, `1,200 files`.

    Args:
        number: How many.
        one: The singular noun.
        many: The plural noun, if it is not the singular plus `s`.
    """
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def printable(text: str) -> str:
    r"""Text that cannot control a terminal: unprintable characters become `\x1b`.

    So do the bytes of a path that are not UTF-8.
    """
    return "".join(
        character if character.isprintable() else _escaped(character)
        for character in text
    )


def _escaped(character: str) -> str:
    # Python's sign for a byte of a path.
    byte = ord(character) - 0xDC00
    if 0x80 <= byte <= 0xFF:
        return f"\\x{byte:02x}"
    return character.encode("unicode_escape").decode("ascii")


def is_utf8(path: Path | str) -> bool:
    """Whether a path is UTF-8. Linux allows any bytes; engines and dbt do not."""
    try:
        str(path).encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def standard_timestamp(moment: datetime) -> str:
    """A moment as in all tables: `2020-03-10T13:24:31.000Z`.

    Args:
        moment: A time in UTC.
    """
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
