"""Compares raw, enriched and oracle queries by slice, with intervals."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from lab.evaluate.bootstrap import interval
from lab.evaluate.retrieval import MEASURES, ZERO_RESULTS, Need, Topic

GAIN = "nDCG@10"
SLICES = (
    "all",
    "head",
    "torso",
    "tail",
    "not seen before",
    "found nothing",
    "with a typo",
    "without a typo",
)


@dataclass(frozen=True, slots=True)
class SliceResult:
    """The results for one slice of the test period; means are over searches.

    Attributes:
        name: The slice.
        search_count: The number of searches in it.
        raw: Measures by label, with the query as typed.
        enriched: The same with the rewrite, where one is applied.
        oracle: The same with the intended query, without its typo.
        gain: The 95 % interval of enriched minus raw nDCG@10.
    """

    name: str
    search_count: int
    raw: dict[str, float]
    enriched: dict[str, float]
    oracle: dict[str, float]
    gain: tuple[float, float]

    @property
    def closed_gap(self) -> float | None:
        """The closed share of the gap from raw to oracle nDCG@10; None if no gap."""
        gap = self.oracle[GAIN] - self.raw[GAIN]
        return (self.enriched[GAIN] - self.raw[GAIN]) / gap if gap > 1e-9 else None


def compared(
    topics: list[Topic],
    rewritten: Callable[[str], str],
    measure: Callable[[list[Need]], Mapping[Need, dict[str, float]]],
    band_of: Mapping[str, str],
) -> list[SliceResult]:
    """Measures all topics, and each slice of them.

    Args:
        topics: The test period.
        rewritten: Gives the text to search with instead of a query.
        measure: Gives the measured values by need.
        band_of: head, torso or tail for each query of the learning period.
    """
    raw = [(topic.query, topic.intent_id) for topic in topics]
    enriched = [(rewritten(topic.query), topic.intent_id) for topic in topics]
    oracle = [(topic.intended_query, topic.intent_id) for topic in topics]
    values = measure([*raw, *enriched, *oracle])

    def result_of(name: str, places: list[int]) -> SliceResult:
        weights = np.array([topics[place].search_count for place in places], float)
        raw_means, enriched_means, oracle_means = (
            _means([values[needs[place]] for place in places], weights)
            for needs in (raw, enriched, oracle)
        )
        gains = [
            values[enriched[place]][GAIN] - values[raw[place]][GAIN] for place in places
        ]
        return SliceResult(
            name,
            int(weights.sum()),
            raw_means,
            enriched_means,
            oracle_means,
            interval(np.array(gains), weights),
        )

    places_of = _places_by_slice(
        topics, band_of, [values[need][ZERO_RESULTS] == 1.0 for need in raw]
    )
    return [result_of(name, places) for name, places in places_of.items() if places]


def _places_by_slice(
    topics: list[Topic], band_of: Mapping[str, str], finds_nothing: list[bool]
) -> dict[str, list[int]]:
    """The positions of each slice's topics among all topics."""
    places: dict[str, list[int]] = {name: [] for name in SLICES}
    for place, topic in enumerate(topics):
        places["all"].append(place)
        places[band_of.get(topic.query, "not seen before")].append(place)
        if finds_nothing[place]:
            places["found nothing"].append(place)
        has_typo = topic.query != topic.intended_query
        places["with a typo" if has_typo else "without a typo"].append(place)
    return places


def _means(values: list[dict[str, float]], weights: np.ndarray) -> dict[str, float]:
    return {
        label: float(np.average([each[label] for each in values], weights=weights))
        for label in (*MEASURES, ZERO_RESULTS)
    }
