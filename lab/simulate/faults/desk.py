"""The tools of all faults, and the searches that are logged correctly."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import cycle
from typing import Any, TypeVar

from lab.simulate import vocabulary
from lab.simulate.behaviour import Behaviour, Click, Search
from lab.simulate.query import Query
from lab.simulate.rows import LogRow, Scribe, Telling
from lab.simulate.stamps import DAY, SECOND
from lab.simulate.world import World

Item = TypeVar("Item")


class Desk:
    """What faults need: the world, chance, a scribe, and positions in lists.

    Args:
        world: The source of ids, clips and chance.
        behaviour: How people react to results.
        with_answers: As for `Scribe`.
    """

    def __init__(
        self, world: World, behaviour: Behaviour, with_answers: bool = True
    ) -> None:
        self.world = world
        self.behaviour = behaviour
        self.chance = world.chance
        self.scribe = Scribe(world.settings.logger, world.chance, with_answers)
        self._turns: dict[str, Iterator[Any]] = {}

    def next_of(self, name: str, items: Sequence[Item]) -> Item:
        """The next of `items`, cyclically, so that each is used."""
        turns = self._turns.setdefault(name, cycle(items))
        item: Item = next(turns)
        return item

    def with_one_click(
        self, search: Search, least: int = 1, most: int | None = None
    ) -> Click:
        """Gives the search results and exactly one click, which it returns.

        Args:
            search: Changed in place; it gets another intent if it found too little or
                too much.
            least: The minimum number of clips it must find.
            most: The maximum number, or None for any number.
        """
        while search.total < least or (most is not None and search.total > most):
            self.behaviour.look_for(search, self.world.intents.draw())
        click = self.behaviour.click(search)
        search.clicks = [click]
        return click

    def asks(self, search: Search, query: Query, fault: str) -> None:
        """Turns it into a search for an odd query with an unknown intent."""
        search.query, search.meant = query.typed, query.text
        search.typo, search.intent = fault, None
        search.personal = query.personal
        search.applied_rewrite = None
        search.total = self.world.find(query.text, search.ranking).total
        search.clicks = []
        search.clicks = self.behaviour.response(search, query.text)

    def look_for_nothing(self, search: Search) -> None:
        """Turns it into a search for a name that no clip contains."""
        search.total = 1
        while search.total:
            name = vocabulary.surname(self.chance) + vocabulary.surname(self.chance)
            search.query = search.meant = name
            search.total = self.world.find(name, search.ranking).total
        search.typo = search.intent = search.applied_rewrite = None
        search.clicks = []

    def wrong_instant(self, instant: int) -> int:
        """A time days to years earlier or later, in whole seconds."""
        days = self.chance.from_quantiles(self.world.settings.logger.days_wrong)
        distance = days * DAY + self.chance.below(DAY // SECOND) * SECOND
        return instant + (distance if self.chance.flag(0.5) else -distance)

    def telling(
        self, search: Search, instant: int, fault: str | None, total: int | None = None
    ) -> Telling:
        """A request row that dates the search at `instant`."""
        stamp = self.scribe.request_stamp(search, instant=instant)
        return Telling(instant, stamp, search.total if total is None else total, fault)


Build = Callable[[Desk, Search], list[LogRow]]
"""Writes the rows of a search, each with its expected outcome."""

USUAL_COUNT = 4
"""Often enough for a small sample to have a rare fault several times."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault that can be planted.

    Attributes:
        name: Its name in world.toml and in the answer key.
        build: Writes the rows of a search that has it.
        count: How many of 2,500 searches have it, unless world.toml sets a number.
    """

    name: str
    build: Build
    count: int = USUAL_COUNT


def honest(desk: Desk, search: Search) -> list[LogRow]:
    """A search logged correctly, except for copies of clicks."""
    return desk.scribe.request(search) + desk.scribe.clicks(search)


def named(rows: list[LogRow], fault: str) -> list[LogRow]:
    """The rows, with this fault's name if they have none."""
    for row in rows:
        row.fault = row.fault or fault
    return rows
