"""The sub-command `plan`."""

from typing import Annotated

import typer
from rich.table import Table

from clip_search.clear_error import ClearError
from clip_search.engines import check_exists, database_path, reading
from clip_search.experiment_plan import (
    Rates,
    mean_sample,
    shares_sample,
    todays_rates,
)
from clip_search.project import typed_command
from clip_search.terminal import new_console, print_json


class PlanError(ClearError):
    """The log has nothing to plan with."""


def plan_command(
    difference: Annotated[
        float,
        typer.Option(
            min=0.0001, max=0.5, help="A/B test: how much the click rate (0-1) rises."
        ),
    ] = 0.01,
    preference: Annotated[
        float | None,
        typer.Option(
            min=0.0001,
            max=0.99,
            help="Interleaving: searches won minus searches lost, of all (0-1).",
            show_default="the difference",
        ),
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON document.")
    ] = False,
) -> None:
    """Plan a comparison of two search engines: the searches and days it needs.

    The rates of today are those of the last 28 days of the log. The test is two-sided
    at 5 %, and finds the difference in 80 % of experiments. Fix the days in advance:
    who looks every day and stops at the first success finds differences that do not
    exist. docs/loop.md says what the simulated site makes of both.

    Example: clip-search plan --difference 0.02
    """
    database = database_path()
    check_exists(database)
    with reading(database) as connection:
        rates = todays_rates(connection)
    if rates is None or not 0 < rates.click_rate < 1:
        raise PlanError(
            "there are no searches with and without clicks to plan with",
            remedy=f"Load logs, then: {typed_command()} run",
            place=database,
        )
    if rates.click_rate + difference >= 1:
        raise typer.BadParameter(
            f"the click rate is {rates.click_rate:.4f} already",
            param_hint="--difference",
        )
    points = difference if preference is None else preference
    ways = planned(rates, difference, points)
    if as_json:
        print_json(
            {
                "days_of_rates": rates.day_count,
                "searches_a_day": round(rates.searches_a_day, 1),
                "click_rate": round(rates.click_rate, 4),
                "spread": round(rates.spread, 2),
                "ways": [
                    {"way": way, "searches": searches, "days": days}
                    for way, searches, days in ways
                ],
            }
        )
        return
    console = new_console()
    console.print(
        f"Today: {rates.searches_a_day:,.0f} searches a day with results, of which"
        f" {rates.click_rate:.1%} lead to a click ({rates.day_count} days,"
        f" {rates.user_count:,} users)."
    )
    table = Table("to detect", "with", "searches", "days")
    sought = (
        (f"{difference:+.4f} click rate", "A/B test"),
        (f"{points:+.4f} preference", "interleaving"),
    )
    for what, (_, searches, days) in zip(sought, ways, strict=True):
        table.add_row(*what, f"{searches:,}", f"{days:,}")
    console.print(table)


def planned(
    rates: Rates, difference: float, preference: float
) -> list[tuple[str, int, int]]:
    """The searches and days of each way to compare two systems.

    In an A/B test, users are assigned to a side, so it takes `spread` times as many
    searches as independent ones. When results are interleaved, every search compares
    both, and has a point if it leads to a click.

    Args:
        rates: Those of today.
        difference: Of the click rate (0-1) between the sides of an A/B test.
        preference: The share (0-1) of searches that the better system wins, minus those
            that it loses.

    Returns:
        For `ab_test` and `interleaving`: its name, searches and days.
    """
    rate = rates.click_rate
    ab_test = 2 * shares_sample(rate, rate + difference) * rates.spread
    variance = max(rate - preference**2, 0.0)
    interleaving = mean_sample(preference, variance) * rates.spread
    return [
        (name, round(searches), rates.days(searches))
        for name, searches in (("ab_test", ab_test), ("interleaving", interleaving))
    ]
