"""The synthetic world: people, clips, intents and the search engine."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from clip_search.text_rules import normalize_query_text
from lab.simulate import ids
from lab.simulate.catalogue import Catalogue, Clip
from lab.simulate.chance import Chance, Deck
from lab.simulate.clicking import Clicking
from lab.simulate.engine import Engine, Found
from lab.simulate.intents import Intents
from lab.simulate.settings import Settings
from lab.simulate.stamps import instant_of
from lab.simulate.typos import Typist

AUTOMATED_SEARCHES_PER_DAY = 500
"""The rule's limit (docs/cleaning-rules.md, step 5)."""

# Clips have the ids below, so that no clip, stranger and person share one.
_FIRST_STRANGER = 10_000_000
_STRANGERS = 90_000_000
_FIRST_PERSON = _FIRST_STRANGER + _STRANGERS


@dataclass(frozen=True, slots=True)
class Person:
    """Someone who searches.

    Attributes:
        cuid: The id in the logs.
        home_offset: Minutes east of UTC; None means New York's clock.
        is_crawler: Whether it is in truth a crawler.
        is_automated: Whether it makes more searches in a day than the rule allows
            people.
    """

    cuid: str
    home_offset: int | None = None
    is_crawler: bool = False
    is_automated: bool = False


class World:
    """Everything that exists before the first search.

    Args:
        settings: All its parameters.
        chance: Decides everything else.
    """

    def __init__(self, settings: Settings, chance: Chance) -> None:
        self.settings = settings
        self.chance = chance
        self.catalogue = Catalogue(settings.clips, chance)
        self.engine = Engine(self.catalogue.clips, settings.engine)
        for number, turns in self.engine.lifetimes.items():
            if turns.start:
                day = settings.first_day(turns.start)
                uploaded = instant_of(day.year, day.month, day.day)
                self.catalogue.clips[number].created = uploaded
        self.intents = Intents(self.catalogue, settings.queries, chance)
        self.typist = Typist(settings.queries, chance)
        self.clicking = Clicking(
            settings.clicks, settings.engine, self.engine, self.intents, chance
        )
        self._rewrites: Mapping[str, str] = {}
        self._people = self._people_before = 0
        self._offsets: list[int | None] = [
            *[None] * settings.people.new_york,
            *settings.people.abroad,
        ]
        self._homes = Deck(chance, [1] * len(self._offsets))

    def stranger(self, search: int) -> Person:
        """Someone who never searches, for the search with this number.

        Searches whose numbers differ by a multiple of 90 million share a stranger.
        """
        step = _FIRST_STRANGER + (self._people_before + search) % _STRANGERS
        return Person(ids.scrambled(step), self.chance.pick(self._offsets))

    def start_part(self, number: int, people_before: int) -> None:
        """Continues without known people and with the part's own random numbers.

        Args:
            number: The part's number, which determines its people.
            people_before: The number of ids reserved for people of other parts.
        """
        self.chance.start_part(number)
        self._people = self._people_before = people_before
        self._homes = Deck(self.chance, [1] * len(self._offsets))

    def new_person(self) -> Person:
        """A new person."""
        self._people += 1
        cuid = ids.scrambled(_FIRST_PERSON + self._people)
        return Person(cuid, self._offsets[self._homes.deal()])

    def new_crawler(self, searches_a_day: int) -> Person:
        """A new crawler."""
        is_automated = searches_a_day > AUTOMATED_SEARCHES_PER_DAY
        return replace(self.new_person(), is_crawler=True, is_automated=is_automated)

    def new_search_id(self) -> str:
        """An id that no other search has."""
        return ids.search_id(self.chance)

    def publish(
        self, rewrites: Mapping[str, str], boosts: Mapping[str, Mapping[int, float]]
    ) -> None:
        """Gives the site's engine other rewrites and boosts than before.

        Args:
            rewrites: What the engine searches for instead of a query, in normal form.
            boosts: As for `Engine.publish`.
        """
        self._rewrites = rewrites
        self.engine.publish(boosts)
        self.clicking.forget_lists()

    def rewritten(self, query: str) -> str | None:
        """What the engine searches for instead of a query; None if as typed."""
        if not self._rewrites:
            return None
        return self._rewrites.get(normalize_query_text(query))

    def find(self, query: str, ranking: int = 0) -> Found:
        """The result of the site's search engine, by one of its rankings (from 0)."""
        return self.engine.find(query, ranking)

    def clip_at(self, query: str, position: int, ranking: int = 0) -> Clip:
        """The clip at `position` (from 1) for `query`.

        Beyond the last kept result, it is an arbitrary clip, but always the same one.
        """
        clips = self.engine.find(query, ranking).clips
        every = self.catalogue.clips
        if position <= len(clips):
            return every[clips[position - 1]]
        return every[position * 7_919 % len(every)]
