"""The sub-command `loop`."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.progress import Progress
from rich.table import Table

from clip_search.clear_error import ClearError
from clip_search.terminal import new_console
from lab.loop import POOR_RANKING

if TYPE_CHECKING:
    from lab.loop.closed_loop import LoopPlan, Round

FIRST_SEED = 301


def loop_command(
    out: Annotated[
        Path, typer.Option(metavar="DIR", help="Output folder; new or empty.")
    ],
    rounds: Annotated[int, typer.Option(min=1, help="How many rounds.")] = 6,
    requests: Annotated[
        int, typer.Option(min=100, help="Searches by people in each round.")
    ] = 30_000,
    seed: Annotated[int, typer.Option(help="The seed of the first site.")] = FIRST_SEED,
    seeds: Annotated[
        int, typer.Option(min=1, help="How many sites, with seeds in a row.")
    ] = 1,
    world: Annotated[
        Path,
        typer.Option(
            metavar="FILE",
            help="Settings (TOML) that override those of lab/simulate/world.toml; "
            "that file itself for the simulator's site.",
            show_default="lab/loop/poor_ranking.toml",
        ),
    ] = POOR_RANKING,
    only: Annotated[
        str | None,
        typer.Option(help="Publish only rewrites, or only boosts.", metavar="KIND"),
    ] = None,
) -> None:
    """Let a simulated site learn from its own logs, round after round.

    People search, the logger plants its faults, the warehouse is built from all logs so
    far, and what passes the gates of the exports is used by the engine of the next
    round. Writes rounds.csv and index.html; docs/loop.md explains them.

    Example: clip-search loop --rounds 6 --requests 5000 --seed 301 --out /tmp/loop
    """
    # They import dbt and the exports, for which every other command would wait.
    from lab.loop.closed_loop import LoopPlan, write_rounds
    from lab.loop.loop_page import write_page
    from lab.loop.published import KINDS
    from lab.simulate.settings import SettingsError

    if only not in (None, *KINDS):
        raise typer.BadParameter(f"--only takes one of {', '.join(KINDS)}")
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise typer.BadParameter("--out needs a folder that is new or empty")
    # The warehouses of the loop are its own.
    os.environ["CLIP_SEARCH_TARGET"] = "sqlite"
    kinds = KINDS if only is None else (only,)
    found: list[Round] = []
    try:
        out.mkdir(parents=True, exist_ok=True)
        for each in range(seed, seed + seeds):
            plan = LoopPlan(rounds, requests, each, world, kinds)
            found += _shown(plan, out / f"seed-{each}")
            write_rounds(out / "rounds.csv", found)
            write_page(out / "index.html", found)
    except (OSError, SettingsError, ClearError) as error:
        typer.echo(f"error: the loop stopped\n{error}", err=True)
        raise typer.Exit(1) from None
    _print(found)
    typer.echo(f"written to {out}")


def _shown(plan: "LoopPlan", folder: Path) -> "list[Round]":
    """Runs one loop and shows its progress on stderr."""
    from lab.loop.closed_loop import closed_loop

    with Progress(console=new_console(stderr=True), transient=True) as progress:
        task = progress.add_task("", total=1.0)

        def tell(doing: str, done: float) -> None:
            about = f"seed {plan.seed}, {doing}"
            progress.update(task, description=about, completed=done)

        return list(closed_loop(plan, folder, tell))


def _print(found: "list[Round]") -> None:
    table = Table(
        *("seed", "round", "nDCG@10", "raw", "best", "dead ends", "raw"),
        *("precision", "over-corrected", "coverage", "rewrites", "lost", "boosts"),
    )
    for each in found:
        precision = each.auto_precision
        table.add_row(
            *(f"{each.seed}", f"{each.round}", f"{each.ndcg_at_10:.4f}"),
            *(f"{each.raw_ndcg_at_10:.4f}", f"{each.best_ndcg_at_10:.4f}"),
            *(f"{each.dead_end_share:.4f}", f"{each.raw_dead_end_share:.4f}"),
            "" if precision is None else f"{precision:.4f}",
            *(f"{each.over_correction_share:.4f}", f"{each.coverage:.4f}"),
            *(f"{each.rewrites}", f"{each.rewrites_lost}", f"{each.boosts}"),
        )
    new_console().print(table)
