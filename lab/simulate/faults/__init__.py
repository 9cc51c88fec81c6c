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
from lab.simulate.faults.desk import Desk, Fault, honest
from lab.simulate.rows import LogRow
from lab.simulate.settings import Settings, SettingsError

__all__ = ["DECK_SIZE", "Desk", "Mess", "planted", "selected"]

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
        SettingsError: The settings have an unknown fault, or plant more faults than
            there are searches.
    """

    def __init__(
        self, desk: Desk, with_word_null: bool, with_malformed_lines: bool
    ) -> None:
        self._desk = desk
        self._selected = selected(with_word_null, with_malformed_lines)
        self._counts = {
            name: wanted
            for name, wanted in planted(desk.world.settings).items()
            if name in self._selected
        }
        total = sum(self._counts.values())
        if total > DECK_SIZE:
            raise SettingsError(f"faults: {total} of {DECK_SIZE} searches")
        self._faults = self._chosen()

    def rows(self, search: Search) -> list[LogRow]:
        """The rows of a search in both logs, and the truth about each.

        Crawlers get no faults: their number of clean searches must be certain.
        """
        fault = None if search.person.is_crawler else next(self._faults)
        build = honest if fault is None else self._selected[fault].build
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


def planted(settings: Settings) -> dict[str, int]:
    """How many of `DECK_SIZE` searches have each fault, in the order of dealing.

    Faults without a setting come last, with the count of their definition: they move
    no other.

    Raises:
        SettingsError: The settings have an unknown fault.
    """
    every = selected(with_word_null=True, with_malformed_lines=True)
    unknown = settings.faults.keys() - every.keys()
    if unknown:
        raise SettingsError(f"[faults] has no {', '.join(sorted(unknown))}")
    return settings.faults | {
        name: fault.count
        for name, fault in every.items()
        if name not in settings.faults
    }


def selected(with_word_null: bool, with_malformed_lines: bool) -> dict[str, Fault]:
    """All faults by name, in a fixed order.

    Args:
        with_word_null: Whether to include queries for the word null.
        with_malformed_lines: Whether to include lines that are not records.
    """
    found = [
        *typed.faults(with_word_null),
        *times.faults(),
        *accepted.faults(),
        *refused.faults(),
        *repeats.faults(),
        *clicks.faults(),
        *(lines.faults() if with_malformed_lines else ()),
    ]
    return {fault.name: fault for fault in found}
