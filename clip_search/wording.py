"""Words for people: counted nouns, and text that cannot control a terminal."""


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
