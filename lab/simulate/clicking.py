"""Click models: which of the shown results are clicked.

`grid` is the position-based model: a result is seen with a probability that depends
only on its position, and clicked if it attracts (Craswell et al., An experimental
comparison of click position-bias models, WSDM 2008). Each position of a page has its
own probability, as grids of thumbnails require (Xie et al., Grid-based evaluation
metrics for web image search, WWW 2019). `cascade` goes through the results from the
first, and stops after a click or when the user gives up (the same paper by Craswell et
al.).
"""

from array import array
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from lab.simulate.chance import Chance
from lab.simulate.engine import Engine, Found
from lab.simulate.intents import Intents
from lab.simulate.settings import Clicks
from lab.simulate.settings import Engine as EngineSettings

_REMEMBERED_LISTS = 30_000


@dataclass(frozen=True, slots=True)
class _List:
    """A result list as seen by a user with an intent.

    Attributes:
        attraction: For each result, the probability of a click if it is seen.
        none_until: For each position (0: before the first), one minus the probability
            that nothing up to it is clicked. Ascending.
    """

    attraction: Sequence[float]
    none_until: Sequence[float]


class Clicking:
    """Decides what is clicked.

    Args:
        settings: The model and its numbers.
        layout: Results per page, and pages.
        engine: Gives the results of a query.
        intents: Give the relevance of clips.
        chance: Decides.
    """

    def __init__(
        self,
        settings: Clicks,
        layout: EngineSettings,
        engine: Engine,
        intents: Intents,
        chance: Chance,
    ) -> None:
        self._settings = settings
        self._engine = engine
        self._intents = intents
        self._chance = chance
        self.examination = [
            seen * settings.next_page**page
            for page in range(layout.pages)
            for seen in settings.examination
        ]
        self._list = lru_cache(maxsize=_REMEMBERED_LISTS)(self._met)

    def forget_lists(self) -> None:
        """Looks results up again, because the engine has changed."""
        self._list.cache_clear()

    def positions(self, query: str, intent: int | None, ranking: int = 0) -> list[int]:
        """The clicked positions (from 1) of a search, ascending."""
        met = self._list(query, intent, ranking)
        if not met.attraction:
            return []
        if self._settings.model == "cascade":
            return cascade(met.attraction, self._settings, self._chance)
        clicked: list[int] = []
        last = 0
        while True:
            left = 1.0 - met.none_until[last]
            point = 1.0 - left * (1.0 - self._chance.share())
            position = bisect_right(met.none_until, point)
            if position >= len(met.none_until):
                return clicked
            clicked.append(position)
            last = position

    def one_position(self, query: str, intent: int | None, ranking: int = 0) -> int:
        """A clicked position of a query with results, given that one is clicked."""
        met = self._list(query, intent, ranking)
        point = self._chance.share() * met.none_until[-1]
        position = bisect_right(met.none_until, point)
        return min(max(position, 1), len(met.attraction))

    def _met(self, query: str, intent: int | None, ranking: int) -> _List:
        found: Found = self._engine.find(query, ranking)
        settings = self._settings
        if intent is None:
            attraction = [settings.attraction_without_intent] * len(found.clips)
        else:
            grades = self._intents.relevant(intent)
            by_grade = settings.attraction
            attraction = [by_grade[grades.get(clip, 0)] for clip in found.clips]
        none = 1.0
        none_until = [0.0]
        for seen, attracts in zip(self.examination, attraction, strict=False):
            none *= 1.0 - seen * attracts
            none_until.append(1.0 - none)
        return _List(array("d", attraction), array("d", none_until))


def cascade(attraction: Sequence[float], settings: Clicks, chance: Chance) -> list[int]:
    """The clicked positions (from 1) of a user who goes through a list.

    Args:
        attraction: For each result, the probability of a click if it is seen.
        settings: The probabilities to go on.
        chance: Decides.
    """
    clicked = []
    for position, attracts in enumerate(attraction, start=1):
        go_on = settings.go_on
        if chance.flag(attracts):
            clicked.append(position)
            go_on = settings.go_on_after_click
        if not chance.flag(go_on):
            break
    return clicked
