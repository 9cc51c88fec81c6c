"""What do the rewrites find? Measured with ir-measures on topics of known relevance."""

import csv
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import ir_measures
from ir_measures import RR, R, nDCG

from clip_search.search.index import ClipIndex

MEASURES = {"recall@10": R @ 10, "MRR@10": RR @ 10, "nDCG@10": nDCG @ 10}
ZERO_RESULTS = "zero results"
_DEPTH = 10

Need = tuple[str, str]
"""A text to search with, and the id of the intent behind it."""


@dataclass(frozen=True, slots=True)
class Topic:
    """A distinct query of the test period, with one meaning of it.

    Attributes:
        query: As typed, in its normal form.
        intended_query: The query without its typo.
        intent_id: The intent, which determines relevance.
        search_count: The number of searches of the test period.
    """

    query: str
    intended_query: str
    intent_id: str
    search_count: int


def read_topics(truth: Path, searched: Mapping[str, str]) -> list[Topic]:
    """The topics of a test period.

    Args:
        truth: The folder `truth` that the simulator wrote.
        searched: The query_text of each search_id of the test period.
    """
    counts: dict[tuple[str, str, str], int] = defaultdict(int)
    with (truth / "search.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            query = searched.get(row["search_id"])
            if query is not None and row["intent_id"]:
                counts[query, row["intended_query"], row["intent_id"]] += 1
    return [Topic(*key, count) for key, count in sorted(counts.items())]


def read_relevance(truth: Path) -> dict[str, dict[str, int]]:
    """Grades (1-3) by intent and clip; other clips are not relevant."""
    grades: dict[str, dict[str, int]] = defaultdict(dict)
    with (truth / "relevance.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            grades[row["intent_id"]][row["cid"]] = int(row["grade"])
    return grades


def measured(
    needs: Iterable[Need],
    index: ClipIndex,
    relevance: Mapping[str, Mapping[str, int]],
) -> dict[Need, dict[str, float]]:
    """Searches for each need and measures the results.

    Returns:
        By need, the MEASURES (0-1; all 0 if nothing was found) and ZERO_RESULTS (1 if
        nothing was found, else 0).
    """
    ordered = sorted(set(needs))
    hits = {
        text: [hit.cid for hit in index.search(text, _DEPTH)]
        for text in sorted({text for text, _ in ordered})
    }
    qrels = (
        ir_measures.Qrel(str(number), cid, grade)
        for number, (_, intent_id) in enumerate(ordered)
        for cid, grade in relevance[intent_id].items()
    )
    run = (
        ir_measures.ScoredDoc(str(number), cid, -place)
        for number, (text, _) in enumerate(ordered)
        for place, cid in enumerate(hits[text])
    )
    values = {
        need: dict.fromkeys(MEASURES, 0.0) | {ZERO_RESULTS: float(not hits[need[0]])}
        for need in ordered
    }
    labels = {str(measure): label for label, measure in MEASURES.items()}
    for metric in ir_measures.iter_calc(MEASURES.values(), qrels, run):
        need = ordered[int(metric.query_id)]
        values[need][labels[str(metric.measure)]] = metric.value
    return values
