"""Builds sentences from freshly computed numbers."""

import html
from collections.abc import Sequence


class Words:
    """A Markdown paragraph in which HTML is escaped."""

    def __init__(self, text: str) -> None:
        """Takes the text of the paragraph."""
        self._text = text

    def _repr_markdown_(self) -> str:
        return html.escape(self._text, quote=False)

    def __repr__(self) -> str:
        """The paragraph as written."""
        return self._text


def say(*sentences: str) -> Words:
    """Joins sentences to a paragraph and leaves out empty ones."""
    return Words(" ".join(sentence for sentence in sentences if sentence))


def listed(things: Sequence[str]) -> str:
    """Joins things to a list within a sentence: a, b and c."""
    if len(things) < 2:
        return "".join(things)
    return f"{', '.join(things[:-1])} and {things[-1]}"
