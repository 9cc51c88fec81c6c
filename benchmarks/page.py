"""What was measured, as a table to look at and as docs/benchmarks.md with a plot."""

import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.table import Table

from benchmarks.runners import Cost, Runner
from clip_search.project import PROJECT_ROOT

PAGE = PROJECT_ROOT / "docs" / "benchmarks.md"
PLOT = PROJECT_ROOT / "docs" / "img" / "benchmarks.svg"

# What is compared, with what, and the most that it may take of it, in CPU seconds.
GOALS = (
    ("clip-search on sqlite", "sqlite.sql", 1.25),
    ("clip-search on sqlite", "pandas", 0.75),
    ("clip-search on duckdb", "duckdb.sql", 1.25),
    ("clip-search on duckdb", "polars", 1.0),
)
SQLITE_MEMORY = 50
SHOWN_MODELS = 6

HEADERS = ("", "CPU s", "wall s", "peak MB", "rows per CPU s")


@dataclass(frozen=True)
class Size:
    """One size of log: its rows, what each runner took, what dbt's start took."""

    rows: int
    costs: Mapping[str, Cost]
    starts: Mapping[str, Cost]


def _cells(size: Size, name: str) -> tuple[str, ...]:
    cost = size.costs[name]
    return (
        name,
        f"{cost.cpu:.1f}",
        f"{cost.wall:.1f}",
        f"{cost.memory:.0f}",
        f"{size.rows / cost.cpu:,.0f}",
    )


def table(size: Size) -> Table:
    """What each runner took on logs of one size."""
    shown = Table(*HEADERS, title=f"{size.rows:,} rows, dbt's start taken off")
    for name in size.costs:
        shown.add_row(*_cells(size, name))
    return shown


def _markdown(headers: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [headers, ["---"] * len(headers), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _goals(size: Size) -> list[Sequence[str]]:
    rows: list[Sequence[str]] = []
    for ours, peer, limit in GOALS:
        if ours in size.costs and peer in size.costs:
            ratio = size.costs[ours].cpu / size.costs[peer].cpu
            verdict = "reached" if ratio <= limit else "missed"
            rows.append(
                (f"{ours} over {peer}", f"{ratio:.2f}", f"{limit:.2f}", verdict)
            )
    ours = "clip-search on sqlite"
    if ours in size.costs:
        extra = size.costs[ours].memory - size.starts[ours].memory
        verdict = "reached" if extra <= SQLITE_MEMORY else "missed"
        rows.append(
            (f"{ours}: MB over dbt's own", f"{extra:.0f}", f"{SQLITE_MEMORY}", verdict)
        )
    return rows


def _profile(size: Size) -> list[Sequence[str]]:
    rows = []
    for name, cost in size.costs.items():
        whole = sum(cost.by_model.values())
        longest = sorted(cost.by_model.items(), key=lambda item: -item[1])
        rows += [
            (name, f"`{model}`", f"{seconds:.1f}", f"{100 * seconds / whole:.0f} %")
            for model, seconds in longest[:SHOWN_MODELS]
        ]
    return rows


def _plot(results: Sequence[Size]) -> None:
    import matplotlib as mpl

    mpl.use("svg")
    from matplotlib import pyplot

    # The same figures give the same file.
    mpl.rcParams["svg.hashsalt"] = "clip-search"
    size = results[-1]
    names = list(size.costs)[::-1]
    figure, axes = pyplot.subplots(figsize=(7, 0.45 * len(names) + 1))
    colors = ["#1f6f8b" if name.startswith("clip") else "#b8b8b8" for name in names]
    bars = axes.barh(names, [size.costs[name].cpu for name in names], color=colors)
    axes.bar_label(bars, fmt="%.1f", padding=3)
    axes.set_xlabel(f"CPU seconds for {size.rows:,} rows")
    axes.spines[["top", "right"]].set_visible(False)
    figure.tight_layout()
    PLOT.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(PLOT, metadata={"Date": None})


def write(results: Sequence[Size], runners: Sequence[Runner], rounds: int) -> None:
    """Writes the page and its plot, for logs from the smallest to the largest."""
    _plot(results)
    template = (Path(__file__).parent / "page.md").read_text(encoding="utf-8")
    sections = []
    for size in results:
        starts = ", ".join(
            f"{cost.cpu:.1f} s on {name.split()[-1]}"
            for name, cost in size.starts.items()
        )
        sections.append(
            f"### {size.rows:,} rows\n\n"
            + _markdown(HEADERS, [_cells(size, name) for name in size.costs])
            + f"\n\ndbt's start, taken off: {starts or 'nothing'} of CPU time."
        )
    largest = results[-1]
    text = (
        template.replace("ROUNDS", str(rounds))
        .replace("MACHINE", f"{os.cpu_count()} cores, {platform.machine()}")
        .replace("FIGURES", "\n\n".join(sections))
        .replace(
            "GOALS", _markdown(("goal", "measured", "at most", ""), _goals(largest))
        )
        .replace("PROFILE", _markdown(("", "model", "s", "share"), _profile(largest)))
        .replace(
            "COMMANDS",
            _markdown(
                ("what", "command"), [(r.name, f"`{r.command}`") for r in runners]
            ),
        )
    )
    PAGE.write_text(text, encoding="utf-8")
