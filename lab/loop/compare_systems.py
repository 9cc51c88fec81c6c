"""Compares rankings on simulated sites: how many searches each way to compare needs.

    python -m lab.loop.compare_systems [--seed N] [--sites N] [--searches N]

The first ranking is the site's own. The second multiplies each clip's score by a number
of its own, from 1 - R to 1 + R. With an R of 0 the two are equal.
"""

import argparse
from dataclasses import replace

from rich.table import Table

from clip_search.terminal import new_console
from lab.loop.paired_systems import Compared, Need, compared
from lab.loop.site import Site
from lab.simulate.behaviour import Search
from lab.simulate.chance import Chance
from lab.simulate.engine import Engine

MODELS = ("grid", "cascade")
RESHUFFLES = (0.0, 0.2, 0.5, 0.95)
HEADERS = (
    *("clicks", "seed", "R", "nDCG@10", "click rates", "preference", "error"),
    *("A/B searches", "interleaved", "times fewer"),
)


def comparisons(
    seed: int, searches: int, model: str, reshuffles: tuple[float, ...] = RESHUFFLES
) -> list[Compared]:
    """Compares a site's ranking with others.

    Args:
        seed: The seed of the site.
        searches: About how many searches by people to interleave.
        model: The click model, `grid` or `cascade`.
        reshuffles: How much each other ranking changes scores (R).
    """
    site = Site(seed, 1, searches)
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
                replace(world.settings.engine, reshuffle=reshuffle),
            ),
            needs,
            Chance(seed),
        )
        for reshuffle in reshuffles
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
            for reshuffle, each in zip(RESHUFFLES, found, strict=True):
                table.add_row(model, f"{seed}", f"{reshuffle}", *_cells(each))
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
