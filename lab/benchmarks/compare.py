"""Compares the clean layer with hand-written peers that do the same work.

Run by `make bench`. Each runner starts from landed rows and writes the same four
tables. All take turns, round by round, so that a busy machine affects all of them; the
median of the rounds counts. dbt's start-up is measured with the same command on a log
of a few rows. On Spark, whose peer also starts Spark and plans its queries, it is
measured with `dbt list`, which does not start Spark. The results are stored in
benchmarks/results.json, from which the page is generated.
"""

import statistics
import tempfile
from itertools import islice
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from clip_search.logs import LOG_NAMES
from lab.benchmarks import page, results
from lab.benchmarks.runners import RUNNERS, Cost, Pipeline, Runner, why_left_out
from lab.benchmarks.simulated import simulate

FEW_ROWS = 20
# From this many requests on, only these run by default: others take hours, or more
# memory than the machine has.
LARGE = 5_000_000
RUNNERS_OF_LARGE = ("clip-search on duckdb", "duckdb.sql", "polars")


def beginnings(logs: Path, folder: Path) -> Path:
    """Copies the first rows of logs."""
    folder.mkdir()
    for log in LOG_NAMES:
        with (logs / f"{log}.csv").open(encoding="utf-8", newline="") as lines:
            text = "".join(islice(lines, FEW_ROWS))
        (folder / f"{log}.csv").write_text(text, encoding="utf-8", newline="")
    return folder


def median(costs: list[Cost], start: Cost | None) -> Cost:
    """The median of each figure, with dbt's start-up subtracted from the seconds."""
    by_model = {
        model: statistics.median(cost.by_model[model] for cost in costs)
        for model in costs[0].by_model
    }
    return Cost(
        statistics.median(cost.cpu for cost in costs) - (start.cpu if start else 0),
        statistics.median(cost.wall for cost in costs) - (start.wall if start else 0),
        statistics.median(cost.memory for cost in costs),
        by_model,
    )


def compare(
    logs: Path, folder: Path, rounds: int, runners: tuple[Runner, ...], console: Console
) -> tuple[dict[str, Cost], dict[str, Cost]]:
    """The cost of each runner, and of dbt's start-up on each engine.

    Raises:
        SystemExit: Two runners wrote different tables.
    """
    starts: dict[str, Cost] = {}
    few = beginnings(logs, folder / "few")
    landed = {}
    for runner in runners:
        with console.status(f"{runner.name}: loading"):
            landed[runner.name] = runner.prepare(logs, folder)
            if isinstance(runner, Pipeline):
                starts[runner.name] = median(runner.starts(few, folder, rounds), None)
    costs: dict[str, list[Cost]] = {runner.name: [] for runner in runners}
    expected = None
    for turn in range(rounds):
        for runner in runners:
            with console.status(f"{runner.name}: round {turn + 1} of {rounds}"):
                costs[runner.name].append(runner.run(landed[runner.name], folder))
                if turn == 0 and len(runners) > 1:
                    found = runner.fingerprints(folder)
                    expected = expected or found
                    if found != expected:
                        raise SystemExit(
                            f"{runner.name} wrote other rows than {runners[0].name}: "
                            f"{found} instead of {expected}"
                        )
            cost = costs[runner.name][-1]
            console.print(
                f"{runner.name}: {cost.cpu:.1f} CPU s, {cost.wall:.1f} s,"
                f" {cost.memory:.0f} MB"
            )
    medians = {name: median(runs, starts.get(name)) for name, runs in costs.items()}
    return medians, starts


def row_count(logs: Path) -> int:
    """The number of lines of the logs without their headers."""
    total = 0
    for log in LOG_NAMES:
        with (logs / f"{log}.csv").open("rb") as lines:
            total += sum(1 for _ in lines) - 1
    return total


def main(
    requests: Annotated[
        list[int] | None, typer.Option(help="Searches to simulate; may be repeated.")
    ] = None,
    logs: Annotated[
        Path | None,
        typer.Option(
            help="A folder of logs, instead of simulating. Results are stored as"
            " those of --requests, or only shown without it."
        ),
    ] = None,
    rounds: Annotated[int, typer.Option(min=1, help="Runs of each runner.")] = 3,
    only: Annotated[
        list[str] | None, typer.Option(help="Run only this runner; may be repeated.")
    ] = None,
    write: Annotated[
        bool, typer.Option(help="Store the results and write docs/benchmarks.md.")
    ] = True,
) -> None:
    """Compares the pipeline on each engine with its peers."""
    console = Console(width=110)
    sizes = requests or ([0] if logs else [100_000, 1_000_000])
    if logs and len(sizes) > 1:
        raise typer.BadParameter("a folder of logs has one size")
    commit, machine = results.here()
    measured = []
    for runner in RUNNERS:
        if reason := why_left_out(runner):
            console.print(f"{runner.name} is left out: {reason}")
    for size in sizes:
        chosen = only or (RUNNERS_OF_LARGE if size >= LARGE else None)
        runners = tuple(
            runner
            for runner in RUNNERS
            if (not chosen or runner.name in chosen) and not why_left_out(runner)
        )
        with tempfile.TemporaryDirectory() as scratch:
            folder = Path(scratch)
            source = logs or simulate(size, folder)
            rows = row_count(source)
            medians, starts = compare(source, folder, rounds, runners, console)
        measured.append(
            results.Size(size, rows, rounds, commit, machine, medians, starts)
        )
        console.print(page.table(measured[-1]))
        if write and size:
            # Stored at once, so that the failure of a later size loses nothing.
            page.write(results.keep(measured[-1:]), RUNNERS)
            console.print("bench: wrote docs/benchmarks.md and its plot")
    known = results.read() if write else measured
    console.print(page.growth_table(known))


if __name__ == "__main__":
    typer.run(main)
