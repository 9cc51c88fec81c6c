"""What a round is measured by: the truth of the simulated world."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import log2

from clip_search.text_rules import normalize_query_text
from lab.simulate.behaviour import Search
from lab.simulate.world import World

DEPTH = 10


@dataclass(slots=True)
class Tally:
    """Counts of one round, of searches by people with a known intent.

    Searches that undo a rewrite are in `undo_count` only: the search before them counts
    already.

    Attributes:
        search_count: The searches.
        ndcg_sum: The sum of their nDCG@10; 0 for those that found nothing.
        raw_ndcg_sum: The same, had the engine used nothing that was published.
        best_ndcg_sum: The same for the query that was meant, with what it finds in the
            best order: no rewrite or boost can give more.
        dead_end_count: How many found nothing.
        raw_dead_end_count: The same, had the engine used nothing.
        rewritten_count: How many were rewritten.
        right_count: How many of those were rewritten to what was meant.
        correct_count: The searches without a typo.
        over_corrected_count: How many of those were rewritten to something else.
        undo_count: The searches that undid a rewrite.
        shown: The numbers of the clips on first pages.
        meant: By typed query: how often each query was meant.
    """

    search_count: int = 0
    ndcg_sum: float = 0.0
    raw_ndcg_sum: float = 0.0
    best_ndcg_sum: float = 0.0
    dead_end_count: int = 0
    raw_dead_end_count: int = 0
    rewritten_count: int = 0
    right_count: int = 0
    correct_count: int = 0
    over_corrected_count: int = 0
    undo_count: int = 0
    shown: set[int] = field(default_factory=set)
    meant: dict[str, dict[str, int]] = field(default_factory=dict)


class Gauge:
    """Measures searches as they happen.

    Args:
        world: The world, with the engine of the round.
    """

    def __init__(self, world: World) -> None:
        self._world = world
        self.tally = Tally()
        self._values: dict[tuple[str, int, bool], tuple[float, bool]] = {}
        self._best_values: dict[tuple[str, int], float] = {}

    def start_round(self) -> None:
        """Begins to count again: the engine has changed."""
        self.tally = Tally()
        self._values = {}

    def note(self, search: Search) -> None:
        """Measures a search."""
        tally = self.tally
        if search.person.is_crawler or search.intent is None:
            return
        if search.is_undo:
            tally.undo_count += 1
            return
        typed = normalize_query_text(search.query)
        meant = normalize_query_text(search.meant)
        counts = tally.meant.setdefault(typed, {})
        counts[meant] = counts.get(meant, 0) + 1
        ndcg, is_dead = self._measured(search.engine_query, search.intent, False)
        raw_ndcg, is_raw_dead = self._measured(search.query, search.intent, True)
        tally.search_count += 1
        tally.ndcg_sum += ndcg
        tally.raw_ndcg_sum += raw_ndcg
        tally.best_ndcg_sum += self._best(search.meant, search.intent)
        tally.dead_end_count += is_dead
        tally.raw_dead_end_count += is_raw_dead
        is_right = search.applied_rewrite == meant
        if search.applied_rewrite is not None:
            tally.rewritten_count += 1
            tally.right_count += is_right
        if search.typo is None:
            tally.correct_count += 1
            tally.over_corrected_count += (
                search.applied_rewrite is not None and not is_right
            )

    def _measured(self, query: str, intent: int, is_raw: bool) -> tuple[float, bool]:
        """The nDCG@10 of a query, and whether it found nothing."""
        key = (query, intent, is_raw)
        if key not in self._values:
            engine = self._world.engine
            found = engine.find_plain(query) if is_raw else engine.find(query)
            relevant = self._world.intents.relevant(intent)
            if not is_raw:
                page = self._world.settings.engine.page_size
                self.tally.shown.update(found.clips[:page])
            self._values[key] = (ndcg(found.clips, relevant), not found.total)
        return self._values[key]

    def _best(self, query: str, intent: int) -> float:
        """The nDCG@10 of what a query finds, in the best order."""
        key = (query, intent)
        if key not in self._best_values:
            relevant = self._world.intents.relevant(intent)
            found = self._world.engine.find_plain(query).clips
            ordered = sorted(found, key=lambda clip: -relevant.get(clip, 0))
            self._best_values[key] = ndcg(ordered, relevant)
        return self._best_values[key]


def ndcg(clips: Sequence[int], relevant: Mapping[int, int]) -> float:
    """The nDCG@10 of a result, with grades as gains, as trec_eval computes it.

    Args:
        clips: The result, best first.
        relevant: The grade of each relevant clip.

    Returns:
        0 to 1; 0 without relevant clips.
    """
    best = sorted(relevant.values(), reverse=True)[:DEPTH]
    ideal = sum(grade / log2(place + 1) for place, grade in enumerate(best, 1))
    if not ideal:
        return 0.0
    gained = sum(
        relevant.get(clip, 0) / log2(place + 1)
        for place, clip in enumerate(clips[:DEPTH], 1)
    )
    return gained / ideal
