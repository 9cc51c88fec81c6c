"""How the made-up people behave: when they search, what they click, and how soon.

Shapes follow what was measured on logs of a real video site: most people search once,
the median click comes after 7 seconds, results lie in a grid of 18 a page where the
first place of the second row (4) draws the eye.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import accumulate

from clip_search.simulate import vocabulary
from clip_search.simulate.chance import Chance, Quantiles
from clip_search.simulate.stamps import DAY, HOUR, MINUTE, SECOND
from clip_search.simulate.world import (
    FIRST_DAY,
    LAST_DAY,
    Person,
    World,
    clip_at,
    clips_found,
)

CRAWLER_SEARCHES = 520
"""Searches of a crawler on its day: just past the limit for automated traffic."""
HEAVY_SEARCHES = (118, 124)
"""Searches of a very busy person on two days: far below that limit."""
REQUESTS_PER_CRAWLER = 100_000
FEWEST_REQUESTS_WITH_CRAWLER = 1_000

_CLICK_PROBABILITY = 0.7
_RETURNING_PROBABILITY = 0.02
_REMEMBERED_PEOPLE = 5_000

_SECONDS_OF_DAY = Quantiles(
    (0, 0), (0.12, 10_800), (0.18, 25_200), (0.3, 43_200), (0.55, 57_600),
    (0.8, 72_000), (1, 86_399),
)  # fmt: skip
_SECONDS_TO_CLICK = Quantiles(
    (0, 1), (0.1, 3), (0.5, 7), (0.8, 15), (0.955, 32), (0.985, 120), (0.997, 1_800),
    (1, 23_400),
)  # fmt: skip
_SECONDS_TO_NEXT_SEARCH = Quantiles((0, 6), (0.5, 45), (0.9, 300), (1, 1_500))
_PAGE_WEIGHTS = (
    370, 96, 60, 102, 46, 42, 38, 42, 17, 22, 13, 18, 14, 13, 12, 16, 16, 10,
)  # fmt: skip
_PAGE_CUMULATED = tuple(accumulate(_PAGE_WEIGHTS))
_ALL_POSITIONS = _PAGE_CUMULATED[-1] * 1.08
_LATER_POSITIONS = Quantiles(
    (0, 19), (0.5, 35), (0.85, 66), (0.97, 400), (1, 9_800),
)  # fmt: skip


@dataclass(slots=True)
class Click:
    """A click on one result; `position` counts from 1 over all pages."""

    instant: int
    cid: str
    position: int


@dataclass(slots=True)
class Search:
    """A search that really took place, and the clicks that followed."""

    search_id: str
    person: Person
    instant: int
    query: str
    total: int
    clicks: list[Click] = field(default_factory=list)


class Behaviour:
    """Lets people search, day after day.

    Args:
        world: Where people and ids come from.
        chance: Decides what they do.
    """

    def __init__(self, world: World, chance: Chance) -> None:
        self._world = world
        self._chance = chance
        self._known: list[Person] = []

    def searches(self, count: int) -> Iterator[Search]:
        """All searches of people and crawlers, nearly in the order of time.

        Args:
            count: Searches by people; those of crawlers come on top.

        Yields:
            Searches in the order of time.
        """
        crawlers = _crawler_days(count)
        left = count - len(crawlers) * sum(HEAVY_SEARCHES)
        days = (LAST_DAY - FIRST_DAY) // DAY
        made = 0
        batch: list[Search] = []
        for day in range(days):
            today = FIRST_DAY + day * DAY
            # Traffic doubles over the range: its running sum is a parabola.
            due = left * (day + 1) * (2 * days + day + 1) // (3 * days * days)
            while made < due:
                session = self._session(today, left - made)
                made += len(session)
                batch += session
            if day in crawlers:
                batch += self._crawler(today, CRAWLER_SEARCHES)
                batch += self._heavy(today)
            batch.sort(key=lambda search: search.instant)
            tonight = bisect_left(batch, today + DAY, key=lambda search: search.instant)
            yield from batch[:tonight]
            batch = batch[tonight:]
        yield from batch

    def response(self, search: Search) -> list[Click]:
        """The clicks that follow a search, given its query and its total."""
        chance = self._chance
        if search.total == 0 or not chance.flag(_CLICK_PROBABILITY):
            return []
        clicks = [self.click(search)]
        while len(clicks) < search.total and chance.flag(0.05):
            later = self.click(search)
            if all(later.position != click.position for click in clicks):
                later.instant += clicks[-1].instant - search.instant
                clicks.append(later)
        return clicks

    def click(self, search: Search) -> Click:
        """One click on a result of a search that found something."""
        position = self._position(search.total)
        delay = self._chance.from_quantiles(_SECONDS_TO_CLICK)
        cid = clip_at(search.query, position)
        return Click(search.instant + delay * SECOND, cid, position)

    def _position(self, total: int) -> int:
        point = self._chance.share() * _ALL_POSITIONS
        position = bisect_right(_PAGE_CUMULATED, point) + 1
        if position > len(_PAGE_WEIGHTS):
            position = self._chance.from_quantiles(_LATER_POSITIONS)
        return position if position <= total else self._chance.between(1, total)

    def _session(self, today: int, most: int) -> list[Search]:
        chance = self._chance
        instant = today + chance.from_quantiles(_SECONDS_OF_DAY) * SECOND
        person = self._visitor()
        query = vocabulary.query(chance)
        session = [self._search(person, instant, query)]
        while len(session) < min(most, 8) and chance.flag(
            0.04 if len(session) == 1 else 0.5
        ):
            instant += chance.from_quantiles(_SECONDS_TO_NEXT_SEARCH) * SECOND
            query = vocabulary.refined(chance, query)
            session.append(self._search(person, instant, query))
        return session

    def _visitor(self) -> Person:
        if self._known and self._chance.flag(_RETURNING_PROBABILITY):
            return self._chance.pick(self._known)
        person = self._world.new_person()
        if len(self._known) < _REMEMBERED_PEOPLE:
            self._known.append(person)
        else:
            self._known[self._chance.below(_REMEMBERED_PEOPLE)] = person
        return person

    def _heavy(self, today: int) -> list[Search]:
        """A day's work of someone who lives on the site, and the day after."""
        person = self._world.new_person()
        return [
            self._search(
                person,
                today
                + day * DAY
                + 9 * HOUR
                + self._chance.below(12 * HOUR // SECOND) * SECOND,
                vocabulary.query(self._chance),
            )
            for day, count in enumerate(HEAVY_SEARCHES)
            for _ in range(count)
        ]

    def _crawler(self, today: int, count: int) -> list[Search]:
        """A crawler's day (UTC), and three searches on the next, too few to count."""
        crawler = self._world.new_person(is_automated=True)
        pace = (DAY - HOUR) // count
        instants = [today + 10 * MINUTE + turn * pace for turn in range(count)]
        instants += [today + DAY + turn * HOUR for turn in range(1, 4)]
        searches = []
        for turn, instant in enumerate(instants):
            query = vocabulary.HEAD[turn % len(vocabulary.HEAD)]
            when = instant // SECOND * SECOND
            searches.append(self._searched(crawler, when, query))
        return searches

    def _search(self, person: Person, instant: int, query: str) -> Search:
        search = self._searched(person, instant, query)
        search.clicks = self.response(search)
        return search

    def _searched(self, person: Person, instant: int, query: str) -> Search:
        total = clips_found(query, instant)
        return Search(self._world.new_search_id(), person, instant, query, total)


def _crawler_days(count: int) -> frozenset[int]:
    """The days (from 0) on which a crawler comes by: one for each 100,000 searches."""
    if count < FEWEST_REQUESTS_WITH_CRAWLER:
        return frozenset()
    days = (LAST_DAY - FIRST_DAY) // DAY - 2
    crawlers = min(-(-count // REQUESTS_PER_CRAWLER), days)
    return frozenset(
        (turn * 2 + 1) * days // (2 * crawlers) for turn in range(crawlers)
    )
