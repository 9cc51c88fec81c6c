"""Compares rankings on simulated sites: how many searches each way to compare needs.

    python -m lab.loop.compare_systems [--seed N] [--sites N] [--searches N]

The first ranking is the site's own. The second is equal to it, or knows which clips
disappoint and multiplies their scores by 1 - D, or knows nothing and multiplies each
clip's score by a number of its own, from 1 - R to 1 + R.
"""

import argparse
from dataclasses import dataclass, replace
from pathlib import Path

from rich.table import Table

from clip_search.terminal import new_console
from lab.loop import POOR_RANKING
from lab.loop.paired_systems import Compared, Need, compared
from lab.loop.site import Site
from lab.simulate.behaviour import Search
from lab.simulate.chance import Chance
from lab.simulate.engine import Engine

MODELS = ("grid", "cascade")
HEADERS = (
    *("clicks", "seed", "other", "nDCG@10", "click rates", "preference", "error"),
    *("A/B searches", "interleaved", "times fewer"),
)


@dataclass(frozen=True, slots=True)
class Other:
    """How another ranking differs from the site's own (world.toml, `[engine]`)."""

    reshuffle: float = 0.0
    demotion: float = 0.0

    def __str__(self) -> str:
        """What the table calls it."""
        if self.demotion:
            return f"D {self.demotion}"
        return f"R {self.reshuffle}"


OTHERS = (
    Other(),
    *(Other(demotion=share) for share in (0.001, 0.0025, 0.005, 0.01)),
    *(Other(reshuffle=share) for share in (0.2, 0.5, 0.95)),
)


def comparisons(
    seed: int,
    searches: int,
    model: str,
    others: tuple[Other, ...] = OTHERS,
    settings: Path = POOR_RANKING,
) -> list[Compared]:
    """Compares a site's ranking with others.

    Args:
        seed: The seed of the site.
        searches: About how many searches by people to interleave.
        model: The click model, `grid` or `cascade`.
        others: The other rankings.
        settings: A file of settings that override those of world.toml.
    """
    site = Site(seed, 1, searches, settings)
    world = site.world
    world.settings = replace(
        world.settings, clicks=replace(world.settings.clicks, model=model)
    )
    needs: list[Need] = []

    def note(search: Search) -> None:
        if search.intent is not None and search.total and not search.person.is_crawler:
            needs.append((search.query, search.intent))

    site.only_search(0, note)
    return [
        compared(
            world,
            Engine(
                world.catalogue.clips,
                replace(
                    world.settings.engine,
                    reshuffle=other.reshuffle,
                    demotion=other.demotion,
                ),
            ),
            needs,
            Chance(seed),
        )
        for other in others
    ]


def main() -> None:
    """Prints a row for each site, click model and ranking."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=5, help="of the first site")
    parser.add_argument("--sites", type=int, default=3)
    parser.add_argument("--searches", type=int, default=10_000)
    given = parser.parse_args()
    table = Table(*HEADERS)
    for model in MODELS:
        for seed in range(given.seed, given.seed + given.sites):
            found = comparisons(seed, given.searches, model)
            for other, each in zip(OTHERS, found, strict=True):
                table.add_row(model, f"{seed}", f"{other}", *_cells(each))
    new_console().print(table)


def _cells(found: Compared) -> tuple[str, ...]:
    rates = " ".join(f"{rate:.4f}" for rate in found.click_rates)
    measured = (
        f"{found.ndcg_difference:+.4f}",
        rates,
        f"{found.preference:+.4f}",
        f"{found.preference_error:.4f}",
    )
    if not found.ndcg_difference:
        return measured
    ab_test, interleaved = found.ab_searches, found.interleaved_searches
    return (
        *measured,
        f"{ab_test:,.0f}",
        f"{interleaved:,.0f}",
        f"{ab_test / interleaved:.1f}",
    )


if __name__ == "__main__":
    main()
