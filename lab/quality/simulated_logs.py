"""Measures the rewrites of simulated logs, of engines that tolerate typos or do not.

The typed queries of each log are judged by its truth, and any other queries by what was
learned from it.
"""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from clip_search.enrich.rewrites import Rewrite, Rewrites
from clip_search.intervals import percent_interval, shown_interval
from lab.evaluate.corrections import Correctness, Judged, correctness
from lab.evaluate.evaluation_tables import TIERS, typed_queries
from lab.evaluate.intended import from_truth
from lab.evaluate.new_queries import REWRITE_MODELS, rewrites_of
from lab.quality import quality_table
from lab.quality.query_sets import RIGHT
from lab.simulate import Destination, Plan, simulate
from lab.warehouse import Warehouse

SEED = 401
"""The weights were fitted on other seeds."""
WEIGHTS = {"all": "with", "text_and_users": "without"}
"""The sets of weights: with and without the outcome of the typed query."""
EVIDENCE = ("log", "word list")
HEADERS = (
    "log", "outcomes", "typos", "precision", "precision, 95 %", "recall",
    "recall, 95 %", "right queries", "changed", "95 %",
)  # fmt: skip
EVIDENCE_HEADERS = ("log", "rewritten word is from", "rewrites", "right", "right, 95 %")
OTHER_HEADERS = ("set", "kind", "queries")
_AUTO = TIERS["auto"]


@dataclass(frozen=True)
class SimulatedLog:
    """A log to simulate.

    Attributes:
        requests: Searches by people.
        tolerates_typos: Whether the site's engine does.
    """

    requests: int
    tolerates_typos: bool

    @property
    def name(self) -> str:
        """What it is called in tables."""
        engine = "tolerant" if self.tolerates_typos else "exact"
        return f"{self.requests:,}, {engine} engine"


@dataclass(frozen=True)
class Measured:
    """What was measured with one log; only `auto` counts.

    Attributes:
        log: The log.
        of_weights: Right and wrong rewrites of typed queries, by the set of weights.
        of_evidence: Rewrites, and how many of them are right, by where the new word is
            from; without outcomes.
        others: The tallies of other queries, by set and kind.
    """

    log: SimulatedLog
    of_weights: Mapping[str, Correctness]
    of_evidence: Mapping[str, tuple[int, int]]
    others: Mapping[tuple[str, str], quality_table.Tally]


def measure(
    log: SimulatedLog, sets: Mapping[str, Sequence[Judged]], folder: Path
) -> Measured:
    """Simulates a log, builds its rewrites and judges them.

    Args:
        log: What to simulate.
        sets: Other queries whose meaning is known.
        folder: A new folder for logs and warehouses.
    """
    folder.mkdir(parents=True)
    warehouse = _built(log, folder)
    judged = from_truth(
        folder / "logs" / "truth", set(typed_queries(warehouse.database))
    )
    of_weights: dict[str, Correctness] = {}
    for weights in WEIGHTS:
        variables = f"{{rewrite_weights: {weights}}}"
        warehouse.dbt(
            "run", "--quiet", "--select", *REWRITE_MODELS, "--vars", variables
        )
        rewrites = {
            rewrite.query_text: rewrite
            for rewrite in Rewrites(warehouse.database).all()
        }
        of_weights[weights] = correctness(judged, rewrites, _AUTO)
    of_evidence = dict(_by_evidence(judged, rewrites, warehouse.database))
    return Measured(log, of_weights, of_evidence, _others(sets, warehouse, folder))


def _built(log: SimulatedLog, folder: Path) -> Warehouse:
    world = folder / "world.toml"
    tolerance = str(log.tolerates_typos).lower()
    world.write_text(f"[engine]\ntolerates_typos = {tolerance}\n", "utf-8")
    logs = folder / "logs"
    simulate(Plan(SEED, log.requests, world), Destination.in_folder(logs))
    warehouse = Warehouse(folder / "built.db")
    warehouse.load(logs / "search_request.csv", logs / "search_result_interaction.csv")
    warehouse.dbt("seed", "--quiet", "--select", "+query_rewrite")
    warehouse.dbt("run", "--quiet", "--select", "+query_rewrite")
    return warehouse


def _by_evidence(
    judged: Sequence[Judged], rewrites: Mapping[str, Rewrite], warehouse: Path
) -> Iterator[tuple[str, tuple[int, int]]]:
    with sqlite3.connect(f"{warehouse.as_uri()}?mode=ro", uri=True) as connection:
        evidence = {
            (query, rule): name
            for query, rule, name in connection.execute(
                "select rewrite.query_text, rewrite.rule, feature.evidence"
                " from query_rewrite as rewrite inner join rewrite_feature as feature"
                " on rewrite.query_text = feature.query_text"
                " and rewrite.rule = feature.rule"
                " and coalesce(rewrite.via_text, rewrite.rewritten_text)"
                " = feature.rewritten_text"
            )
        }
    for name in EVIDENCE:
        found = {
            query: rewrite
            for query, rewrite in rewrites.items()
            if evidence.get((query, rewrite.rule)) == name
        }
        counts = correctness(judged, found, _AUTO)
        yield name, (counts.rewritten, counts.right)


def _others(
    sets: Mapping[str, Sequence[Judged]], warehouse: Warehouse, folder: Path
) -> dict[tuple[str, str], quality_table.Tally]:
    queries = [query.query_text for of_set in sets.values() for query in of_set]
    if not queries:
        return {}
    rewrites = rewrites_of(queries, warehouse.database, folder)
    return quality_table.tallies(sets, quality_table.applied(rewrites, _AUTO))


def rows(measured: Sequence[Measured]) -> list[Sequence[str]]:
    """Precision, recall and over-correction of typed queries, as cells."""
    return [
        (
            each.log.name,
            name,
            f"{counts.typos:,}",
            f"{counts.precision:.3f}",
            shown_interval(counts.right, counts.rewritten),
            f"{counts.recall:.3f}",
            shown_interval(counts.right, counts.typos),
            f"{counts.clean:,}",
            f"{100 * counts.over_correction:.2f} %",
            f"{percent_interval(counts.over_corrected, counts.clean, 2)} %",
        )
        for each in measured
        for weights, name in reversed(WEIGHTS.items())
        for counts in (each.of_weights[weights],)
    ]


def evidence_rows(measured: Sequence[Measured]) -> list[Sequence[str]]:
    """Precision by where the rewritten word is from, as cells."""
    return [
        (
            each.log.name,
            name,
            f"{rewrites:,}",
            f"{right / rewrites:.3f}" if rewrites else "-",
            shown_interval(right, rewrites) if rewrites else "-",
        )
        for each in measured
        for name, (rewrites, right) in each.of_evidence.items()
    ]


def other_headers(measured: Sequence[Measured]) -> Sequence[str]:
    """The columns of `other_rows`."""
    return (*OTHER_HEADERS, *(each.log.name for each in measured))


def other_rows(measured: Sequence[Measured]) -> list[Sequence[str]]:
    """The recall of other queries with typos, and right ones changed, as cells."""
    keys = sorted({key for each in measured for key in each.others})
    return [
        (
            name,
            kind,
            f"{measured[0].others[name, kind].count:,}",
            *(_share(kind, each.others[name, kind]) for each in measured),
        )
        for name, kind in keys
    ]


def _share(kind: str, tally: quality_table.Tally) -> str:
    if kind == RIGHT:
        return f"{100 * tally.changed / tally.count:.2f} %"
    return f"{tally.right / tally.count:.3f}"
