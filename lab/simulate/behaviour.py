"""The behaviour of the simulated people: when they search, what they type and click.

The numbers are in world.toml. Their shapes follow what was measured on logs of a real
video site: most people search once, the median click comes after 7 seconds, results lie
in a grid of 18 a page where the first place of the second row (4) draws the eye.
"""

import zlib
from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial

from lab.simulate.intents import Intent
from lab.simulate.stamps import DAY, HOUR, MINUTE, SECOND, instant_of
from lab.simulate.typos import Typed
from lab.simulate.world import Person, World

REQUESTS_PER_CRAWLER = 100_000
FEWEST_REQUESTS_WITH_CRAWLER = 1_000


@dataclass(slots=True)
class Click:
    """A click on one result; `position` counts from 1 over all pages."""

    instant: int
    cid: str
    position: int


@dataclass(slots=True)
class Search:
    """A search as it really happened, and the clicks that followed.

    Attributes:
        number: Its number, from 0, which no other search has.
        search_id: Its id.
        person: Who searched.
        instant: When it was made.
        query: As typed.
        meant: The query without typos.
        typo: The kind of typo in the query, or None.
        intent: The number of the intent, or None if it is unknowable.
        session: The number of the visit, shared by all its searches.
        total: The number of clips found.
        ranking: The number of the ranking that ordered them, from 0.
        clicks: The clicks, in the order of time.
        personal: The personal data in its rows, as typed.
        applied_rewrite: What the engine searched for instead; None if as typed.
        is_undo: Whether it undoes a rewrite.
    """

    number: int
    search_id: str
    person: Person
    instant: int
    query: str
    meant: str
    typo: str | None
    intent: int | None
    session: int
    total: int
    ranking: int = 0
    clicks: list[Click] = field(default_factory=list)
    personal: tuple[str, ...] = ()
    applied_rewrite: str | None = None
    is_undo: bool = False

    @property
    def engine_query(self) -> str:
        """What the engine searches for."""
        return self.query if self.applied_rewrite is None else self.applied_rewrite


class Behaviour:
    """Generates people's searches, day by day.

    Args:
        world: The source of people, clips and chance.
    """

    def __init__(self, world: World) -> None:
        self._world = world
        self._chance = world.chance
        self._settings = world.settings
        self._known: list[Person] = []
        self._sessions = 0
        self._searches = 0
        first, last = self._settings.traffic.first_day, self._settings.traffic.last_day
        self._start = instant_of(first.year, first.month, first.day)
        self._days = (last - first).days

    def searches(self, count: int, part: range | None = None) -> Iterator[Search]:
        """All searches of people and crawlers, in the order of time.

        Args:
            count: Searches by people, not counting crawlers and heavy users.
            part: The days (from 0) to generate; all by default.

        Yields:
            Each search once.
        """
        traffic = self._settings.traffic
        start = self._start
        days = self._days
        extra = self._extra_days(count, days)
        part = range(days) if part is None else part
        made, *dues = (
            _due(count, day, days, traffic.growth)
            for day in range(part.start, part.stop + 1)
        )
        batch: list[Search] = []
        for day, due in zip(part, dues, strict=True):
            today = start + day * DAY
            while made < due:
                session = self._session(today, dues[-1] - made)
                made += len(session)
                batch += session
            for visit in extra.get(day, ()):
                batch += visit(today)
            batch.sort(key=lambda search: search.instant)
            tonight = bisect_left(batch, today + DAY, key=lambda search: search.instant)
            yield from batch[:tonight]
            batch = batch[tonight:]
        yield from batch

    def look_for(self, search: Search, intent: Intent) -> None:
        """Turns a search into one for an intent, without typos and without clicks."""
        search.query = search.meant = intent.text
        search.typo, search.intent = None, intent.number
        search.applied_rewrite = None
        search.total = self._world.find(search.query, search.ranking).total
        search.clicks = []

    def response(self, search: Search, query: str | None = None) -> list[Click]:
        """The clicks that follow a search.

        Args:
            search: The search, with its intent.
            query: The query as the engine reads it, if it differs.
        """
        query = search.engine_query if query is None else query
        positions = self._world.clicking.positions(query, search.intent, search.ranking)
        if not positions:
            return []
        delays = sorted([self._seconds_to_click() for _ in positions])
        return [
            self._click_at(search, query, position, delay)
            for position, delay in zip(positions, delays, strict=True)
        ]

    def click(self, search: Search) -> Click:
        """One click on a result of a search that found something."""
        query = search.engine_query
        position = self._world.clicking.one_position(
            query, search.intent, search.ranking
        )
        delay = self._seconds_to_click()
        return self._click_at(search, query, position, delay)

    def _seconds_to_click(self) -> int:
        return self._chance.from_quantiles(self._settings.clicks.seconds_to_click)

    def _click_at(self, search: Search, query: str, position: int, delay: int) -> Click:
        cid = self._world.clip_at(query, position, search.ranking).cid
        return Click(search.instant + delay * SECOND, cid, position)

    def _session(self, today: int, most: int) -> list[Search]:
        chance, settings = self._chance, self._settings.sessions
        instant = today + self._second_of_day() * SECOND
        person = self._visitor()
        self._sessions += 1
        intent = self._world.intents.draw()
        search = self._search(person, instant, intent, self._typed(intent))
        session = [search]
        patience = 1.0
        while len(session) < min(most, settings.longest):
            is_undo = self._is_undone(search)
            step = (
                (intent, Typed(search.query, search.meant, search.typo))
                if is_undo
                else self._next_step(search, intent, patience)
            )
            if step is None:
                break
            intent, typed = step
            instant += chance.from_quantiles(settings.seconds_to_next_search) * SECOND
            search = self._search(person, instant, intent, typed, is_undo)
            session.append(search)
            patience = settings.persistence
        return session

    def _is_undone(self, search: Search) -> bool:
        settings = self._settings.sessions
        if search.applied_rewrite is None:
            return False
        is_wrong = search.applied_rewrite != search.meant
        return self._chance.flag(settings.undo_wrong if is_wrong else settings.undo)

    def _next_step(
        self, search: Search, intent: Intent, patience: float
    ) -> tuple[Intent, Typed] | None:
        """The next intent and the text typed for it, or None to leave."""
        settings, intents = self._settings.sessions, self._world.intents
        point = self._chance.share()
        if search.clicks:
            if point >= settings.next_after_click * patience:
                return None
            other = intents.narrower(intent) or intents.draw()
            return other, self._typed(other)
        if search.typo is not None and search.applied_rewrite != search.meant:
            if point < settings.correct_after_typo:
                return intent, Typed(search.meant, search.meant, None)
            return None
        if point < settings.other_words * patience:
            text = intents.other_words_for(intent, search.meant)
            return intent, self._world.typist.types(text)
        point -= settings.other_words * patience
        if point < settings.narrow * patience:
            narrower = intents.narrower(intent)
            return (narrower, self._typed(narrower)) if narrower else None
        point -= settings.narrow * patience
        if point < settings.next_after_nothing * patience:
            other = intents.draw()
            return other, self._typed(other)
        return None

    def _typed(self, intent: Intent) -> Typed:
        return self._world.typist.types(self._world.intents.words_for(intent))

    def _visitor(self) -> Person:
        people = self._settings.people
        if self._known and self._chance.flag(people.returning):
            return self._chance.pick(self._known)
        person = self._world.new_person()
        if len(self._known) < people.remembered:
            self._known.append(person)
        else:
            self._known[self._chance.below(people.remembered)] = person
        return person

    def _second_of_day(self) -> int:
        return self._chance.from_quantiles(self._settings.traffic.seconds_of_day)

    def _search(
        self,
        person: Person,
        instant: int,
        intent: Intent,
        typed: Typed,
        is_undo: bool = False,
    ) -> Search:
        rewrite = None if is_undo else self._world.rewritten(typed.text)
        ranking = self._ranking(person, instant)
        search = Search(
            number=self._searches,
            search_id=self._world.new_search_id(),
            person=person,
            instant=instant,
            query=typed.text,
            meant=typed.meant,
            typo=typed.typo,
            intent=intent.number,
            session=self._sessions,
            total=self._world.find(rewrite or typed.text, ranking).total,
            ranking=ranking,
            applied_rewrite=rewrite,
            is_undo=is_undo,
        )
        self._searches += 1
        if search.total:
            search.clicks = self.response(search)
        return search

    def _ranking(self, person: Person, instant: int) -> int:
        """The ranking of a search: successive ones, each with its concurrent ones."""
        engine = self._settings.engine
        day = min(max((instant - self._start) // DAY, 0), self._days - 1)
        arm = zlib.crc32(person.cuid.encode()) % engine.concurrent
        return day * engine.rankings // self._days * engine.concurrent + arm

    # --- crawlers and heavy users -------------------------------------------------

    def _extra_days(
        self, count: int, days: int
    ) -> dict[int, list[Callable[[int], list[Search]]]]:
        """The additional users besides ordinary people, by day (from 0)."""
        traffic = self._settings.traffic
        visits: dict[int, list[Callable[[int], list[Search]]]] = {}
        if count < FEWEST_REQUESTS_WITH_CRAWLER:
            return visits
        hundreds = -(-count // REQUESTS_PER_CRAWLER)
        crawlers = traffic.crawlers_per_100k * hundreds
        for turn in range(crawlers):
            is_slow = (turn + 1) % traffic.one_slow_crawler_in == 0
            day = _spread(turn, crawlers, days)
            visits.setdefault(day, []).append(partial(self._crawler, is_slow))
        heavy_people = traffic.heavy_people_per_100k * hundreds
        for turn in range(heavy_people):
            day = _spread(turn, heavy_people, days)
            visits.setdefault(day, []).append(self._heavy)
        return visits

    def _heavy(self, today: int) -> list[Search]:
        """The searches of a heavy user on one day and the next."""
        chance = self._chance
        person = self._world.new_person()
        searches = []
        for day in range(2):
            self._sessions += 1
            for _ in range(
                chance.from_quantiles(self._settings.traffic.heavy_searches)
            ):
                second = chance.below(12 * HOUR // SECOND)
                when = today + day * DAY + 9 * HOUR + second * SECOND
                intent = self._world.intents.draw()
                searches.append(self._search(person, when, intent, self._typed(intent)))
        return searches

    def _crawler(self, is_slow: bool, today: int) -> list[Search]:
        """A crawler's day (UTC), and three searches on the next, too few to be flagged.

        It goes through the intents in order and never clicks.
        """
        traffic = self._settings.traffic
        count = self._chance.from_quantiles(
            traffic.slow_crawler_searches if is_slow else traffic.crawler_searches
        )
        crawler = self._world.new_crawler(count)
        self._sessions += 1
        pace = (DAY - HOUR) // count
        instants = [today + 10 * MINUTE + turn * pace for turn in range(count)]
        instants += [today + DAY + turn * HOUR for turn in range(1, 4)]
        intents = self._world.intents.all
        searches = []
        for turn, instant in enumerate(instants):
            intent = intents[turn % len(intents)]
            typed = Typed(intent.text, intent.text, None)
            when = instant // SECOND * SECOND
            search = self._search(crawler, when, intent, typed)
            search.clicks = []
            searches.append(search)
        return searches


def _due(count: int, day: int, days: int, growth: float) -> int:
    """How many of `count` searches are made by the end of the first `day` days.

    Traffic grows linearly, so its running sum is a parabola.
    """
    if day == days:
        return count
    share = day / days
    return int(count * share * (2 + (growth - 1) * share) / (growth + 1))


def _spread(turn: int, number: int, days: int) -> int:
    """The day of one of `number` visits of two days, spread evenly over all days."""
    return (turn * 2 + 1) * (days - 2) // (2 * number)
