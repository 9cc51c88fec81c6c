"""The faults of the logs, at most one named fault per search.

A fault takes a search as it really happened and returns its rows in the logs, each with
its expected outcome. Faults never share a search, so that none changes the truth of
another. The outcome follows from what was planted.
"""

from lab.simulate.behaviour import Search
from lab.simulate.chance import Deck
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
        every = builds(True, True)
        if counts.keys() != every.keys():
            wrong = ", ".join(sorted(counts.keys() ^ every.keys()))
            raise SettingsError(f"faults: unknown or left out: {wrong}")
        dealt = builds(with_word_null, with_malformed_lines)
        planted = sum(counts[name] for name in dealt)
        if planted > DECK_SIZE:
            raise SettingsError(f"faults: {planted} of {DECK_SIZE} searches")
        self._builds: list[Build] = [honest, *dealt.values()]
        self._deck = Deck(
            desk.chance, [DECK_SIZE - planted, *(counts[name] for name in dealt)]
        )

    def rows(self, search: Search) -> list[LogRow]:
        """The rows of a search in both logs, and the truth about each.

        Crawlers get no faults: their number of clean searches must be certain.
        """
        if search.person.is_crawler:
            return honest(self._desk, search)
        return self._builds[self._deck.deal()](self._desk, search)


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
