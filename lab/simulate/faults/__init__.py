"""The faults of the logs, at most one named fault per search.

A fault takes a search as it really happened and returns its rows in the logs, each with
its expected outcome. Faults never share a search, so that none changes the truth of
another. The outcome follows from what was planted. Every fault chooses its searches,
and every search writes its rows, with random numbers of its own: a new fault changes
only the rows of the searches that get it.
"""

from collections.abc import Iterator
from itertools import count

from lab.simulate.behaviour import Search
from lab.simulate.chance import Chance
from lab.simulate.faults import (
    accepted,
    clicks,
    lines,
    refused,
    repeats,
    times,
    typed,
)
from lab.simulate.faults.desk import Build, Desk, honest
from lab.simulate.rows import LogRow
from lab.simulate.settings import SettingsError

__all__ = ["DECK_SIZE", "Desk", "Mess", "builds"]

DECK_SIZE = 2_500
"""The number of searches within which each fault occurs exactly as often as set."""


class Mess:
    """Turns searches into rows, each with a fault or none.

    Args:
        desk: The tools of the faults.
        with_word_null: Adds queries for the word null, which a dbt seed cannot
            represent.
        with_malformed_lines: Adds lines that are not CSV records of the right width.

    Raises:
        SettingsError: The settings have an unknown fault, omit one, or plant more
            faults than there are searches.
    """

    def __init__(
        self, desk: Desk, with_word_null: bool, with_malformed_lines: bool
    ) -> None:
        self._desk = desk
        counts = desk.world.settings.faults
        every = builds(with_word_null=True, with_malformed_lines=True)
        if counts.keys() != every.keys():
            wrong = ", ".join(sorted(counts.keys() ^ every.keys()))
            raise SettingsError(f"faults: unknown or left out: {wrong}")
        self._builds = builds(with_word_null, with_malformed_lines)
        self._counts = {
            name: wanted for name, wanted in counts.items() if name in self._builds
        }
        planted = sum(self._counts.values())
        if planted > DECK_SIZE:
            raise SettingsError(f"faults: {planted} of {DECK_SIZE} searches")
        self._faults = self._chosen()

    def rows(self, search: Search) -> list[LogRow]:
        """The rows of a search in both logs, and the truth about each.

        Crawlers get no faults: their number of clean searches must be certain.
        """
        fault = None if search.person.is_crawler else next(self._faults)
        build = honest if fault is None else self._builds[fault]
        with self._desk.chance.aside(f"search {search.number}"):
            return build(self._desk, search)

    def _chosen(self) -> Iterator[str | None]:
        """The fault of each search by people, or None."""
        for deck in count():
            yield from dealt(self._desk.chance, self._counts, deck)


def dealt(chance: Chance, counts: dict[str, int], deck: int) -> list[str | None]:
    """The faults of `DECK_SIZE` searches, each fault exactly as often as set.

    Each fault draws places from its own random numbers until it has enough. It skips
    those that an earlier fault took, so a fault at the end of the list moves no other.

    Args:
        chance: Decides the places.
        counts: How many searches have each fault; at most `DECK_SIZE` in total.
        deck: The number of the deck, from 0.
    """
    faults: list[str | None] = [None] * DECK_SIZE
    for name, wanted in counts.items():
        with chance.aside(f"deck {deck}, {name}"):
            while wanted:
                place = chance.below(DECK_SIZE)
                if faults[place] is None:
                    faults[place] = name
                    wanted -= 1
    return faults


def builds(with_word_null: bool, with_malformed_lines: bool) -> dict[str, Build]:
    """All faults by name, in a fixed order.

    Args:
        with_word_null: Whether to include queries for the word null.
        with_malformed_lines: Whether to include lines that are not records.
    """
    found = {
        **dict(typed.builds(with_word_null)),
        **dict(times.builds()),
        **dict(accepted.builds()),
        **dict(refused.builds()),
        **dict(repeats.builds()),
        **dict(clicks.builds()),
    }
    return found | dict(lines.builds()) if with_malformed_lines else found
