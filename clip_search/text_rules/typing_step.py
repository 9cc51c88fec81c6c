"""Whether one text may be a step of typing another."""

from clip_search.text_rules.normal_form import normalize_query_text

_LEAST_CHARACTERS = 4


def is_typing_step(before: str, after: str) -> int:
    """1 if a user who had typed `before` may arrive at `after` by typing on, else 0.

    The user adds to the end, deletes from the end, or changes one place: one character
    is inserted, deleted or replaced, or two neighbours change places. Compares the
    normal forms. A change inside a text shorter than four characters is another word.

    Args:
        before: A redacted query.
        after: The next redacted query of the same user.
    """
    first, second = (normalize_query_text(text) for text in (before, after))
    if not first or not second:
        return 0
    if first.startswith(second) or second.startswith(first):
        return 1
    return int(
        min(len(first), len(second)) >= _LEAST_CHARACTERS and _one_edit(first, second)
    )


def _one_edit(first: str, second: str) -> bool:
    """Whether two different texts are one edit or one swap of neighbours apart."""
    start = _equal_characters(first, second)
    first, second = first[start:], second[start:]
    end = _equal_characters(first[::-1], second[::-1])
    first, second = first[: len(first) - end], second[: len(second) - end]
    if max(len(first), len(second)) <= 1:
        return True
    return len(first) == len(second) == 2 and first == second[::-1]


def _equal_characters(first: str, second: str) -> int:
    """The number of equal characters at the start of two texts."""
    shorter = min(len(first), len(second))
    return next((at for at in range(shorter) if first[at] != second[at]), shorter)
