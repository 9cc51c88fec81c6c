"""Runs an evaluation on a built warehouse and shows the results as tables."""

from collections.abc import Iterable
from pathlib import Path

from rich.table import Table

from clip_search.engines import reading
from clip_search.enrich.rewrites import Rewrites
from clip_search.intervals import percent_interval, shown_interval
from clip_search.search.clips import read_clips
from clip_search.search.index import ClipIndex
from lab.evaluate.comparison import SliceResult, compared
from lab.evaluate.corrections import Correctness, Judged, correctness
from lab.evaluate.intended import NothingToJudgeError
from lab.evaluate.retrieval import (
    MEASURES,
    ZERO_RESULTS,
    measured,
    read_relevance,
    read_topics,
)

TIERS = {
    "auto": frozenset({"auto"}),
    "auto and suggest": frozenset({"auto", "suggest"}),
}

SHARES = ("precision", "recall", "of clean")
"""Columns that are followed by a column with the 95 % interval."""


def typed_queries(warehouse: Path) -> dict[str, str]:
    """head, torso or tail, for each query that enrichment learned from."""
    with reading(warehouse) as connection:
        return dict(
            connection.execute(
                "select query_text, frequency_band from query_frequency"
            ).fetchall()
        )


def corrections_table(judged: list[Judged], rewrites: Rewrites) -> Table:
    """Precision, recall and over-correction, by tier and kind of typo."""
    by_query = {rewrite.query_text: rewrite for rewrite in rewrites.all()}
    publishable = {
        query: rewrite for query, rewrite in by_query.items() if rewrite.is_publishable
    }
    table = Table(title="Are the rewrites right? (distinct queries)")
    table.add_column("tier")
    table.add_column("queries")
    for name in ("rewritten", "precision", "recall", "clean changed", "of clean"):
        table.add_column(name, justify="right")
        if name in SHARES:
            table.add_column(f"{name}, 95 %", justify="right")
    kinds = sorted({query.kind for query in judged if query.has_typo})
    for tier, tiers in TIERS.items():
        result = correctness(judged, by_query, tiers)
        table.add_row(tier, "all", *_cells(result))
        result = correctness(judged, publishable, tiers)
        table.add_row(tier, "all, publishable only", *_cells(result))
        for kind in kinds:
            chosen = [query for query in judged if query.kind == kind]
            result = correctness(chosen, by_query, tiers)
            table.add_row(tier, kind, *_cells(result), style="dim")
    return table


def retrieval_results(
    warehouse: Path, truth: Path, since: str, rewrites: Rewrites
) -> list[SliceResult]:
    """Compares raw, enriched and oracle on the searches of people from `since` on.

    Raises:
        NothingToJudgeError: Enrichment learned from that period, or it is empty.
    """
    with reading(warehouse) as connection:
        latest = connection.execute(
            "select max(ts) from int_enrichable_search"
        ).fetchone()[0]
        searched = dict(
            connection.execute(
                "select search_id, query_text from clean_search_request"
                " where ts >= ? and is_automated = 0 and query_kind = 'text'",
                (since,),
            ).fetchall()
        )
    if latest is not None and latest >= since:
        raise NothingToJudgeError(
            f"the rewrites were learned from searches up to {latest}, and would be"
            f" measured on their training data\nLearn from the time before: dbt build"
            f" --select learned+ --vars '{{learn_until: \"{since}\"}}'"
        )
    topics = read_topics(truth, searched)
    if not topics:
        raise NothingToJudgeError(f"no search from {since} on has a known meaning")
    index = ClipIndex(read_clips(warehouse, truth / "clip.csv"))
    relevance = read_relevance(truth)
    return compared(
        topics,
        rewrites.applied,
        lambda needs: measured(needs, index, relevance),
        typed_queries(warehouse),
    )


def retrieval_table(results: Iterable[SliceResult]) -> Table:
    """The comparison: each measure for raw, enriched and oracle queries."""
    table = Table(
        title="What do they find? (raw > enriched > oracle, means of searches)"
    )
    table.add_column("slice")
    table.add_column("searches", justify="right")
    for label in (*MEASURES, ZERO_RESULTS):
        table.add_column(label, justify="right")
    table.add_column("nDCG gained (95 %)", justify="right")
    table.add_column("gap closed", justify="right")
    for result in results:
        closed = result.closed_gap
        table.add_row(
            result.name,
            f"{result.search_count:,}",
            *(
                " > ".join(
                    f"{side[label]:.3f}"
                    for side in (result.raw, result.enriched, result.oracle)
                )
                for label in (*MEASURES, ZERO_RESULTS)
            ),
            f"{result.gain[0]:+.4f} to {result.gain[1]:+.4f}",
            "" if closed is None else f"{100 * closed:.0f} %",
        )
    return table


def _cells(result: Correctness) -> list[str]:
    of_clean = ("", "")
    if result.clean:
        of_clean = (
            f"{100 * result.over_correction:.3f} %",
            f"{percent_interval(result.over_corrected, result.clean, 3)} %",
        )
    return [
        f"{result.rewritten:,}",
        f"{result.precision:.4f}",
        shown_interval(result.right, result.rewritten),
        f"{result.recall:.3f}",
        shown_interval(result.right, result.typos),
        f"{result.over_corrected:,}",
        *of_clean,
    ]
