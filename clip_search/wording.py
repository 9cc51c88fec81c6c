"""Numbers with their nouns, as a sentence has them."""


def counted(number: int, one: str, many: str | None = None) -> str:
    """A number and what it counts: `1 file`, `1,200 files`.

    Args:
        number: How many.
        one: The noun for one of them.
        many: The noun for others, where an `s` behind it will not do.
    """
    return f"{number:,} {one if number == 1 else many or one + 's'}"
