"""Measures judgments from clicks in simulated worlds, with their goals.

    python -m lab.quality.quality_judgments [--seed N] [--requests N] [--worlds N]

Each world has its own number of rankings that follow one another, or several at a
time. The thresholds of the models were chosen on other seeds.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.table import Table

from clip_search.terminal import new_console
from lab.quality.judged_world import ASKED, Measured, Site, measure

SUCCESSIVE = (1, 2, 6, 12)
HEADERS = ("figure", "world", "measured", "goal", "reached")

Row = tuple[str, str, str, str, str]


def rows_of(name: str, rankings: int, concurrent: int, found: Measured) -> list[Row]:
    """The figures of one world, each with its goal.

    Args:
        name: What the world is called.
        rankings: How many rankings follow one another.
        concurrent: How many are in use at a time.
        found: What was measured.
    """
    is_refusable = rankings == 1 or concurrent > 1
    rows = [
        _row(
            "position bias is refused",
            name,
            "yes" if found.is_refused else "no",
            "yes" if is_refusable else "no",
            found.is_refused == is_refusable,
        )
    ]
    if concurrent == 1:
        share = found.covered_share or 0.0
        rows.append(
            _row(
                f"intervals that contain the truth, of {found.pair_count:,}",
                name,
                f"{share:.3f}",
                "0.87 to 0.93",
                0.87 <= share <= 0.93,
            )
        )
        rows.append(
            _row(
                "false changes of the ranking",
                name,
                f"{found.false_count}",
                "0",
                found.false_count == 0,
            )
        )
    if concurrent == 1 and rankings > 1:
        rows.append(
            _row(
                "changes of the ranking that were dated",
                name,
                f"{found.dated_count} of {found.change_count}",
                "all",
                found.dated_count == found.change_count,
            )
        )
        if found.examination_error is not None:
            rows.append(
                _row(
                    "mean error of position bias",
                    name,
                    f"{found.examination_error:.3f}",
                    "at most 0.05",
                    found.examination_error <= 0.05,
                )
            )
    rows += _order_rows(name, found)
    if found.asked_ndcg is not None:
        asked, random = found.asked_ndcg
        rows.append(
            _row(
                f"nDCG with {ASKED} answers asked for, and {2 * ASKED} random ones",
                name,
                f"{asked:.4f}, {random:.4f}",
                "no less",
                asked >= random,
            )
        )
    rows.append(
        _row(
            "CPU seconds of the layer, with dbt",
            name,
            f"{found.layer_seconds:.1f}",
            "",
            None,
        )
    )
    rows.append(
        _row("pairs with one click", name, f"{found.single_share:.3f}", "", None)
    )
    return rows


def _order_rows(name: str, found: Measured) -> list[Row]:
    orders = found.ndcg
    if not orders:
        return []
    published, counted = orders["as published"], orders["by clicks"]
    rows = [
        _row(
            f"nDCG of the order ({found.ordered_by}), and by clicks",
            name,
            f"{published:.4f}, {counted:.4f}",
            "0.002 less at most",
            published >= counted - 0.002,
        ),
        _row("nDCG corrected", name, f"{orders['corrected']:.4f}", "", None),
    ]
    if "full logging" in orders:
        rows.append(
            _row(
                "nDCG of the order, and with full logging",
                name,
                f"{published:.4f}, {orders['full logging']:.4f}",
                "0.01 less at most",
                published >= orders["full logging"] - 0.01,
            )
        )
    return rows


def _row(
    figure: str, world: str, measured: str, goal: str, is_reached: bool | None
) -> Row:
    reached = {True: "yes", False: "no", None: ""}[is_reached]
    return figure, world, measured, goal, reached


def worlds(count: int, successive: Sequence[int]) -> list[tuple[str, int, int, int]]:
    """Name, rankings, concurrent ones, and number of the seed of each world.

    Args:
        count: How many worlds there are of each kind.
        successive: How many rankings follow one another, in worlds with one at a time.
    """
    return [
        (
            f"{rankings} in a row" if concurrent == 1 else f"{concurrent} at once",
            rankings,
            concurrent,
            number,
        )
        for rankings, concurrent in [*((each, 1) for each in successive), (1, 2)]
        for number in range(count)
    ]


def main() -> None:
    """Prints every figure with its goal."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=201, help="of the first world")
    parser.add_argument("--requests", type=int, default=100_000)
    parser.add_argument(
        "--worlds", type=int, default=1, help="how many worlds of each kind"
    )
    parser.add_argument(
        "--rankings",
        type=int,
        nargs="+",
        default=list(SUCCESSIVE),
        help="how many follow one another, in worlds with one at a time",
    )
    parser.add_argument(
        "--site",
        choices=("broad", "frequent"),
        default="frequent",
        help="broad: people look for ten times as many things, each more rarely",
    )
    parser.add_argument("--engine", choices=("duckdb", "sqlite"), default="duckdb")
    given = parser.parse_args()
    console = new_console()
    table = Table(
        *HEADERS,
        title=f"{given.requests:,} searches, {given.site}",
        title_justify="left",
    )
    missed = 0
    for name, rankings, concurrent, number in worlds(given.worlds, given.rankings):
        with TemporaryDirectory() as folder:
            site = Site(
                given.seed + number, given.requests, rankings, concurrent, given.site
            )
            found = measure(Path(folder) / "world", site, given.engine)
        for row in rows_of(name, rankings, concurrent, found):
            table.add_row(*row)
            missed += row[-1] == "no"
    console.print(table)
    console.print(f"goals missed: {missed}")


if __name__ == "__main__":
    main()
