"""Compares two rankings on the simulated site: A/B test and team-draft interleaving.

Team draft: Radlinski, Kurup and Joachims, How does clickthrough data reflect retrieval
quality?, CIKM 2008. Each system in turn adds its best clip that is not on the page yet;
a coin decides who begins each turn. A click is a point for the system that added the
clip. Where both would have added the same two clips in the same order, the coin alone
decides whose they are: such clicks are noise, and give no point (the expectation over
the coin, as in Hofmann, Whiteson and de Rijke, A probabilistic method for inferring
preferences from clicks, CIKM 2011).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import prod, sqrt

from clip_search.experiment_plan import mean_sample, shares_sample
from lab.loop.round_measures import ndcg
from lab.simulate.chance import Chance
from lab.simulate.clicking import cascade
from lab.simulate.engine import Engine
from lab.simulate.world import World

Need = tuple[str, int]
"""A query, and the number of the intent behind it."""


@dataclass(frozen=True, slots=True)
class Compared:
    """How two systems compare.

    Attributes:
        ndcg_difference: The true nDCG@10 of the second minus that of the first.
        click_rates: The probability that a search leads to a click, with each.
        preference: The mean of a search's points: clicks on clips of the second system
            minus clicks on those of the first. The mean is over the drafts, of what is
            expected of the clicks, so that it is exact sooner than an experiment.
        preference_error: The standard error of that mean.
        variance: The variance of a search's points in an experiment.
        search_count: How many searches were interleaved.
    """

    ndcg_difference: float
    click_rates: tuple[float, float]
    preference: float
    preference_error: float
    variance: float
    search_count: int

    @property
    def ab_searches(self) -> float:
        """The searches that an A/B test needs, both sides together."""
        return 2 * shares_sample(*self.click_rates)

    @property
    def interleaved_searches(self) -> float:
        """The searches that interleaving needs."""
        return mean_sample(self.preference, self.variance)


def compared(
    world: World, other: Engine, needs: Sequence[Need], chance: Chance
) -> Compared:
    """Compares the world's engine (the first) with another one.

    Args:
        world: The site, with its click model.
        other: The second engine, with its ranking number 1.
        needs: The searches.
        chance: Decides the coins and the clicks.
    """
    page = world.settings.engine.page_size
    user = _User(world)
    gain = clicks_first = clicks_second = 0.0
    expected_sum = expected_squares = point_squares = 0.0
    for query, intent in needs:
        grades = world.intents.relevant(intent)
        first = world.engine.find_plain(query).clips
        second = other.find_plain(query, 1).clips
        gain += ndcg(second, grades) - ndcg(first, grades)
        clicks_first += user.click_probability(first[:page], grades)
        clicks_second += user.click_probability(second[:page], grades)
        drafted = team_draft(first, second, page, chance)
        clips = [clip for clip, _ in drafted]
        likely = user.click_probabilities(clips, grades)
        expected = sum(
            team * each for (_, team), each in zip(drafted, likely, strict=True)
        )
        expected_sum += expected
        expected_squares += expected**2
        clicked = user.clicked(clips, grades, chance)
        point_squares += sum(drafted[place][1] for place in clicked) ** 2
    count = len(needs)
    preference = expected_sum / count
    spread = expected_squares / count - preference**2
    return Compared(
        ndcg_difference=gain / count,
        click_rates=(clicks_first / count, clicks_second / count),
        preference=preference,
        preference_error=sqrt(max(spread, 0.0) / count),
        variance=point_squares / count - preference**2,
        search_count=count,
    )


class _User:
    """Clicks on one page as the simulator's people do, by the model of the world."""

    def __init__(self, world: World) -> None:
        self._settings = world.settings.clicks
        self._seen = world.clicking.examination
        self._is_cascade = self._settings.model == "cascade"

    def click_probability(
        self, clips: Sequence[int], grades: Mapping[int, int]
    ) -> float:
        """The probability of at least one click."""
        if not self._is_cascade:
            likely = self.click_probabilities(clips, grades)
            return 1.0 - prod(1.0 - each for each in likely)
        none, total = 1.0, 0.0
        for place, attracts in enumerate(self._attraction(clips, grades)):
            total += none * self._settings.go_on**place * attracts
            none *= 1.0 - attracts
        return total

    def click_probabilities(
        self, clips: Sequence[int], grades: Mapping[int, int]
    ) -> list[float]:
        """The probability of a click at each place."""
        attracts = self._attraction(clips, grades)
        if not self._is_cascade:
            return [
                looked * each
                for looked, each in zip(self._seen, attracts, strict=False)
            ]
        reached, found = 1.0, []
        for each in attracts:
            found.append(reached * each)
            reached *= (
                each * self._settings.go_on_after_click
                + (1.0 - each) * self._settings.go_on
            )
        return found

    def clicked(
        self, clips: Sequence[int], grades: Mapping[int, int], chance: Chance
    ) -> list[int]:
        """The places (from 0) that are clicked."""
        if self._is_cascade:
            attraction = self._attraction(clips, grades)
            positions = cascade(attraction, self._settings, chance)
            return [position - 1 for position in positions]
        likely = self.click_probabilities(clips, grades)
        return [place for place, each in enumerate(likely) if chance.flag(each)]

    def _attraction(
        self, clips: Sequence[int], grades: Mapping[int, int]
    ) -> list[float]:
        return [self._settings.attraction[grades.get(clip, 0)] for clip in clips]


def team_draft(
    first: Sequence[int], second: Sequence[int], size: int, chance: Chance
) -> list[tuple[int, int]]:
    """Interleaves two results.

    Args:
        first: The result of the first system, best first.
        second: The result of the second system.
        size: The most clips to show.
        chance: Decides who begins each turn.

    Returns:
        Clips, each with its team: -1 if the first system added it, 1 if the second did,
        and 0 if that depends on the coin alone.
    """
    taken: set[int] = set()
    page: list[tuple[int, int]] = []
    places = [0, 0]
    while len(page) < size:
        for system, result in enumerate((first, second)):
            while places[system] < len(result) and result[places[system]] in taken:
                places[system] += 1
        rests = (
            _untaken(first, places[0], taken),
            _untaken(second, places[1], taken),
        )
        turns = [_turn(rests, begins) for begins in (0, 1)]
        added = turns[int(chance.flag(0.5))]
        if not added:
            break
        clips = [[clip for clip, _ in turn] for turn in turns]
        is_noise = clips[0] == clips[1]
        page += [(clip, 0 if is_noise else team) for clip, team in added]
        taken.update(clip for clip, _ in added)
    return page[:size]


def _untaken(result: Sequence[int], place: int, taken: set[int]) -> list[int]:
    """The two best clips from a place on that are not on the page."""
    found: list[int] = []
    while place < len(result) and len(found) < 2:
        if result[place] not in taken:
            found.append(result[place])
        place += 1
    return found


def _turn(rests: tuple[list[int], list[int]], begins: int) -> list[tuple[int, int]]:
    """What the systems add in a turn, if that one begins."""
    added: list[tuple[int, int]] = []
    for system in (begins, 1 - begins):
        best = next(
            (
                clip
                for clip in rests[system]
                if (clip, -1 if system else 1) not in added
            ),
            None,
        )
        if best is not None:
            added.append((best, 1 if system else -1))
    return added
