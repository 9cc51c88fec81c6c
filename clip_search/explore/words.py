"""Sentences whose numbers were counted a moment before."""

import html
from collections.abc import Sequence


class Words:
    """A paragraph of Markdown, in which HTML is only text."""

    def __init__(self, text: str) -> None:
        """Takes the paragraph."""
        self._text = text

    def _repr_markdown_(self) -> str:
        return html.escape(self._text, quote=False)

    def __repr__(self) -> str:
        """The paragraph as it was written."""
        return self._text


def say(*sentences: str) -> Words:
    """Sentences, joined to a paragraph; empty ones are left out."""
    return Words(" ".join(sentence for sentence in sentences if sentence))


def listed(things: Sequence[str]) -> str:
    """Things as one lists them in a sentence: a, b and c."""
    if len(things) < 2:
        return "".join(things)
    return f"{', '.join(things[:-1])} and {things[-1]}"
