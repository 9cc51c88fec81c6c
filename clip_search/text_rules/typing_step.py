"""Whether one text may be a step of typing another."""

from os.path import commonprefix

from clip_search.text_rules.normal_form import normalize_query_text

_LEAST_CHARACTERS = 4


def is_typing_step(before: str, after: str) -> int:
    """1 if a user who had typed `before` may arrive at `after` by typing on, else 0.

    The user adds to the end, deletes from the end, or changes one place: one character
    is inserted, deleted or replaced, or two neighbours change places. Texts are compared
    in their normal form. A change inside a text shorter than four characters is another
    word.

    Args:
        before: A redacted query.
        after: The next redacted query of the same user.
    """
    first, second = (normalize_query_text(text) for text in (before, after))
    if not first or not second:
        return 0
    if first.startswith(second) or second.startswith(first):
        return 1
    return int(min(len(first), len(second)) >= _LEAST_CHARACTERS and _one_edit(first, second))


def _one_edit(first: str, second: str) -> bool:
    """Whether two different texts are one edit apart, two swapped neighbours included."""
    start = len(commonprefix((first, second)))
    first, second = first[start:], second[start:]
    end = len(commonprefix((first[::-1], second[::-1])))
    first, second = (text[: len(text) - end] for text in (first, second))
    if max(len(first), len(second)) <= 1:
        return True
    return len(first) == len(second) == 2 and first == second[::-1]
