"""Rounds of search, learning and publication.

The loop has no safeguards of its own. Whether a rewrite erases its own evidence, or a
few users decide for everybody, is up to the models.
"""

import csv
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from lab.loop.published import KINDS, Published, publish
from lab.loop.round_measures import Gauge, Tally
from lab.loop.site import Site
from lab.warehouse import PUBLIC_WORDS, Warehouse

_BUILT = ("+query_rewrite", "+query_clip_boost")


@dataclass(frozen=True, slots=True)
class LoopPlan:
    """What to run.

    Attributes:
        rounds: How many rounds.
        requests: Searches by people in each.
        seed: The seed of the site.
        world: A file of settings that override those of world.toml.
        kinds: What is published, of `KINDS`.
        engine: The engine of the warehouse, `sqlite` or `duckdb`.
    """

    rounds: int
    requests: int
    seed: int
    world: Path | None = None
    kinds: tuple[str, ...] = KINDS
    engine: str = "sqlite"


@dataclass(frozen=True, slots=True)
class Round:
    """A row of rounds.csv. Shares are 0 to 1, and None where nothing was rewritten.

    Attributes:
        seed: The seed of the site.
        round: Its number, from 1. In the first, nothing is published.
        ndcg_at_10: The mean over searches; a dead end counts as 0.
        dead_end_share: The searches that found nothing.
        auto_precision: Of rewritten searches, those rewritten to what was meant.
        over_correction_share: Of searches without a typo, those rewritten to another
            text.
        coverage: Of the site's clips, those on a first page.
        rewrites: How many rewrites the engine had.
        rewrites_gained: Those that it did not have a round before.
        rewrites_lost: Those of a round before that it no longer has.
        right_rewrites_lost: Those of them that most users meant, by the searches of all
            rounds.
        boosts: How many pairs of query and clip the engine had boosts for.
        raw_ndcg_at_10: As ndcg_at_10 for the same searches, with nothing published.
        best_ndcg_at_10: As ndcg_at_10 for what was meant, with the results of the raw
            engine in the best order: the ceiling of rewrites and boosts.
        raw_dead_end_share: As dead_end_share for the same searches.
        rewritten_share: The searches that were rewritten.
        undone_share: Of rewritten searches, those that were undone.
        search_count: The searches that were measured.
    """

    seed: int
    round: int
    ndcg_at_10: float
    dead_end_share: float
    auto_precision: float | None
    over_correction_share: float
    coverage: float
    rewrites: int
    rewrites_gained: int
    rewrites_lost: int
    right_rewrites_lost: int
    boosts: int
    raw_ndcg_at_10: float
    best_ndcg_at_10: float
    raw_dead_end_share: float
    rewritten_share: float
    undone_share: float | None
    search_count: int


def closed_loop(
    plan: LoopPlan,
    folder: Path,
    tell: Callable[[str, float], object] = lambda doing, done: None,
    warehouse: Warehouse | None = None,
) -> Iterator[Round]:
    """Runs the loop.

    Args:
        plan: What to run.
        folder: A new folder for the logs, the warehouse and what is published.
        tell: Called with what is being done, and how much of the loop (0-1) is.
        warehouse: One that is prepared and has no logs; by default, a new one.

    Yields:
        Each round as it ends.

    Raises:
        ExportError: Something cannot be published.
        OSError: A file cannot be written.
        SettingsError: The world's settings are invalid.
    """
    folder.mkdir(parents=True, exist_ok=True)
    site = Site(plan.seed, plan.rounds, plan.requests, plan.world)
    gauge = Gauge(site.world)
    if warehouse is None:
        tell("building public words", 0.0)
        warehouse = Warehouse(folder / "loop.db", engine=plan.engine)
        warehouse.prepare()
    before, published = Published(), Published()
    meant: dict[str, dict[str, int]] = {}
    for turn in range(plan.rounds):
        tell(f"round {turn + 1}: people search", turn / plan.rounds)
        site.publish(published)
        gauge.start_round()
        paths = site.search(turn, folder / f"round-{turn + 1}", gauge.note)
        _add(meant, gauge.tally.meant)
        yield _measured(plan, site, turn, gauge.tally, (before, published), meant)
        if turn + 1 == plan.rounds:
            break
        tell(f"round {turn + 1}: the log is learned from", (turn + 0.5) / plan.rounds)
        warehouse.load(*paths)
        build(warehouse)
        before, published = published, warehouse_published(warehouse, folder, plan)


def build(warehouse: Warehouse) -> None:
    """Builds what is published, incrementally where models are."""
    warehouse.dbt("run", "--quiet", "--select", *_BUILT, "--exclude", *PUBLIC_WORDS)


def warehouse_published(
    warehouse: Warehouse, folder: Path, plan: LoopPlan
) -> Published:
    """What passes the gates of the exports."""
    with warehouse.selected():
        return publish(warehouse.database, folder, plan.kinds)


def _add(all_rounds: dict[str, dict[str, int]], one: dict[str, dict[str, int]]) -> None:
    for typed, counts in one.items():
        into = all_rounds.setdefault(typed, {})
        for meant, count in counts.items():
            into[meant] = into.get(meant, 0) + count


def _measured(
    plan: LoopPlan,
    site: Site,
    turn: int,
    tally: Tally,
    published: tuple[Published, Published],
    meant: dict[str, dict[str, int]],
) -> Round:
    before, now = (each.rewrites.items() for each in published)
    lost = before - now
    searches = tally.search_count

    def is_right(typed: str, rewritten: str) -> bool:
        counts = meant.get(typed, {})
        return 2 * counts.get(rewritten, 0) > sum(counts.values())

    return Round(
        seed=plan.seed,
        round=turn + 1,
        ndcg_at_10=_share(tally.ndcg_sum, searches) or 0.0,
        dead_end_share=_share(tally.dead_end_count, searches) or 0.0,
        auto_precision=_share(tally.right_count, tally.rewritten_count),
        over_correction_share=_share(tally.over_corrected_count, tally.correct_count)
        or 0.0,
        coverage=len(tally.shown) / len(site.world.catalogue.clips),
        rewrites=len(now),
        rewrites_gained=len(now - before),
        rewrites_lost=len(lost),
        right_rewrites_lost=sum(is_right(*pair) for pair in lost),
        boosts=sum(map(len, published[1].boosts.values())),
        raw_ndcg_at_10=_share(tally.raw_ndcg_sum, searches) or 0.0,
        best_ndcg_at_10=_share(tally.best_ndcg_sum, searches) or 0.0,
        raw_dead_end_share=_share(tally.raw_dead_end_count, searches) or 0.0,
        rewritten_share=_share(tally.rewritten_count, searches) or 0.0,
        undone_share=_share(tally.undo_count, tally.rewritten_count),
        search_count=searches,
    )


def _share(part: float, whole: float) -> float | None:
    return part / whole if whole else None


def write_rounds(path: Path, rounds: Iterable[Round]) -> None:
    """Writes rounds.csv: a header, then a row for each round.

    Raises:
        OSError: The file cannot be written.
    """
    with path.open("w", encoding="utf-8", newline="") as file:
        names = [each.name for each in fields(Round)]
        writer = csv.DictWriter(file, names, lineterminator="\n")
        writer.writeheader()
        for each in rounds:
            writer.writerow(
                {
                    name: f"{value:.6f}" if isinstance(value, float) else value
                    for name, value in asdict(each).items()
                }
            )
