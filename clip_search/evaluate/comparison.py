"""Raw beside enriched beside oracle, by slice, with intervals."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from clip_search.evaluate.bootstrap import interval
from clip_search.evaluate.retrieval import MEASURES, ZERO_RESULTS, Need, Topic

GAIN = "nDCG@10"


@dataclass(frozen=True, slots=True)
class SliceResult:
    """One slice of the test period; means are over searches.

    Attributes:
        name: Which slice.
        search_count: How many searches are in it.
        raw: Measures by label, with the query as typed.
        enriched: The same with the rewrite, where one is applied.
        oracle: The same with the query without its slip.
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
        """Of the gap between raw and oracle nDCG@10, the share closed; None without."""
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
        rewritten: The text to search with in place of a query.
        measure: Values by need.
        band_of: head, torso or tail, by query of the learning period.
    """
    raw = [(topic.query, topic.intent_id) for topic in topics]
    enriched = [(rewritten(topic.query), topic.intent_id) for topic in topics]
    oracle = [(topic.intended_query, topic.intent_id) for topic in topics]
    values = measure([*raw, *enriched, *oracle])
    slices = {
        "all": lambda topic, need: True,
        "head": lambda topic, need: band_of.get(topic.query) == "head",
        "torso": lambda topic, need: band_of.get(topic.query) == "torso",
        "tail": lambda topic, need: band_of.get(topic.query) == "tail",
        "not seen before": lambda topic, need: topic.query not in band_of,
        "found nothing": lambda topic, need: values[need][ZERO_RESULTS] == 1.0,
        "with a slip": lambda topic, need: topic.query != topic.intended_query,
        "without a slip": lambda topic, need: topic.query == topic.intended_query,
    }
    results = []
    for name, belongs in slices.items():
        places = [
            place
            for place, topic in enumerate(topics)
            if belongs(topic, raw[place])
        ]
        if places:
            weights = np.array([topics[place].search_count for place in places], float)
            means = [
                _means([values[needs[place]] for place in places], weights)
                for needs in (raw, enriched, oracle)
            ]
            gains = np.array(
                [
                    values[enriched[place]][GAIN] - values[raw[place]][GAIN]
                    for place in places
                ]
            )
            count = int(weights.sum())
            results.append(SliceResult(name, count, *means, interval(gains, weights)))
    return results


def _means(values: list[dict[str, float]], weights: np.ndarray) -> dict[str, float]:
    return {
        label: float(np.average([each[label] for each in values], weights=weights))
        for label in (*MEASURES, ZERO_RESULTS)
    }
