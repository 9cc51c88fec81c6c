"""What do the rewrites find? Raw beside enriched beside oracle, by ir-measures."""

import csv
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import ir_measures
import numpy as np
from ir_measures import RR, R, nDCG

from clip_search.search.index import ClipIndex

MEASURES = {"recall@10": R @ 10, "MRR@10": RR @ 10, "nDCG@10": nDCG @ 10}
DEPTH = 10


@dataclass(frozen=True, slots=True)
class Topic:
    """A distinct query of the test period, with one meaning of it.

    Attributes:
        query: As typed, in its normal form.
        intended_query: Without its slip.
        intent_id: What was looked for; relevance is known by it.
        search_count: How many searches of the test period it stands for.
        slices: The slices that it belongs to.
    """

    query: str
    intended_query: str
    intent_id: str
    search_count: int
    slices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """What one way of searching found, topic by topic.

    Attributes:
        values: By measure, a value (0-1) for each topic; one that found nothing has 0.
        is_empty: For each topic, whether nothing was found.
    """

    values: dict[str, np.ndarray]
    is_empty: np.ndarray


def read_relevance(truth: Path) -> dict[str, dict[str, int]]:
    """Grades (1-3) by intent and clip; what is not there is not relevant."""
    grades: dict[str, dict[str, int]] = defaultdict(dict)
    with (truth / "relevance.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            grades[row["intent_id"]][row["cid"]] = int(row["grade"])
    return grades


def found(
    topics: list[Topic],
    text_of: Callable[[Topic], str],
    index: ClipIndex,
    relevance: Mapping[str, Mapping[str, int]],
) -> Found:
    """Searches for every topic and measures what comes back.

    Args:
        topics: What is searched for.
        text_of: The text to search with.
        index: Where to search.
        relevance: Grades by intent and clip.
    """
    hits: dict[str, list[str]] = {}
    qrels, run = [], []
    is_empty = np.zeros(len(topics), dtype=bool)
    for number, topic in enumerate(topics):
        text = text_of(topic)
        if text not in hits:
            hits[text] = [hit.cid for hit in index.search(text, DEPTH)]
        is_empty[number] = not hits[text]
        name = str(number)
        qrels += [
            ir_measures.Qrel(name, cid, grade)
            for cid, grade in relevance[topic.intent_id].items()
        ]
        run += [
            ir_measures.ScoredDoc(name, cid, -place)
            for place, cid in enumerate(hits[text])
        ]
    values = {label: np.zeros(len(topics)) for label in MEASURES}
    labels = {str(measure): label for label, measure in MEASURES.items()}
    for metric in ir_measures.iter_calc(MEASURES.values(), qrels, run):
        values[labels[str(metric.measure)]][int(metric.query_id)] = metric.value
    return Found(values, is_empty)


def weighted_mean(values: np.ndarray, topics: Iterable[Topic]) -> float:
    """The mean over searches: each topic as often as it was searched for."""
    weights = np.array([topic.search_count for topic in topics], dtype=float)
    return float(np.average(values, weights=weights)) if len(weights) else 0.0
