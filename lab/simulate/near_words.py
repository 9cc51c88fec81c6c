"""Finds a known word one typo away, as an engine that tolerates typos does."""

from collections.abc import Mapping

from clip_search.project import MissingExtraError

SHORTEST = 5
"""Shorter words resemble too many others, so they have to match exactly."""


class NearWords:
    """The known words, indexed by SymSpell.

    Args:
        counts: The number of clips with each known word.

    Raises:
        MissingExtraError: SymSpell is not installed.
    """

    def __init__(self, counts: Mapping[str, int]) -> None:
        try:
            import symspellpy  # type: ignore[import-untyped]
        except ImportError as error:
            raise MissingExtraError("symspellpy", "dev") from error
        self._index = symspellpy.SymSpell(max_dictionary_edit_distance=1)
        self._closest = symspellpy.Verbosity.TOP
        for word in sorted(counts):
            self._index.create_dictionary_entry(word, counts[word])

    def nearest(self, word: str) -> str | None:
        """The most frequent known word with a letter more, less, replaced or swapped.

        Returns:
            None if the word is shorter than SHORTEST, or there is no such word.
        """
        if len(word) < SHORTEST:
            return None
        found = self._index.lookup(word, self._closest, max_edit_distance=1)
        return str(found[0].term) if found else None
