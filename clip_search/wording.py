"""Joins numbers and nouns for use in a sentence."""


def counted(number: int, one: str, many: str | None = None) -> str:
    """A number and what it counts: `1 file`, `1,200 files`.

    Args:
        number: How many.
        one: The singular noun.
        many: The plural noun, if it is not the singular plus `s`.
    """
    return f"{number:,} {one if number == 1 else many or one + 's'}"
