"""Shows the results as tables, and writes docs/benchmarks.md with a plot."""

from collections.abc import Sequence
from pathlib import Path

from rich.table import Table

from clip_search.project import PROJECT_ROOT
from lab.benchmarks.markdown import markdown
from lab.benchmarks.model_growth import page_section
from lab.benchmarks.results import Size, growth, growth_in_all, growth_of_models
from lab.benchmarks.runners import Runner

PAGE = PROJECT_ROOT / "docs" / "benchmarks.md"
PLOT = PROJECT_ROOT / "docs" / "img" / "benchmarks.svg"

# The runner, its peer, and the maximum ratio of their CPU seconds.
GOALS = (
    ("clip-search on sqlite", "sqlite.sql", 1.25),
    ("clip-search on sqlite", "pandas", 0.75),
    ("clip-search on duckdb", "duckdb.sql", 1.25),
    ("clip-search on duckdb", "polars", 1.0),
    ("clip-search on spark", "spark.sql", 1.3),
)
# The same with dbt's start-up, on the smallest logs, where it counts most.
WHOLE_GOALS = (
    ("clip-search on sqlite", "sqlite.sql", 1.8),
    ("clip-search on duckdb", "duckdb.sql", 2.5),
)
SQLITE_MEMORY = 50
# The size of the logs, in requests; if it was not measured, the largest that was.
DUCKDB_MEMORY = 8_000
LARGEST_EXPONENT = 1.05
SHOWN_MODELS = 6
# No growth is shown for models with a smaller share of their runner's time.
SHOWN_SHARE = 0.02

HEADERS = ("", "CPU s", "with start-up", "wall s", "peak MB", "rows per CPU s")
GROWTH_HEADERS = ("", "from rows", "to rows", "exponent")


def _cells(size: Size, name: str) -> tuple[str, ...]:
    cost = size.costs[name]
    return (
        name,
        f"{cost.cpu:.1f}",
        f"{_whole(size, name):.1f}",
        f"{cost.wall:.1f}",
        f"{cost.memory:.0f}",
        f"{size.rows / cost.cpu:,.0f}",
    )


def _whole(size: Size, name: str) -> float:
    """A runner's CPU seconds with dbt's start-up, if it uses dbt."""
    start = size.starts.get(name)
    return size.costs[name].cpu + (start.cpu if start else 0)


def table(size: Size) -> Table:
    """The cost of each runner on logs of one size."""
    shown = Table(*HEADERS, title=f"{size.rows:,} rows")
    for name in size.costs:
        shown.add_row(*_cells(size, name))
    return shown


def growth_table(sizes: Sequence[Size]) -> Table:
    """The growth of each runner's CPU seconds from size to size."""
    shown = Table(*GROWTH_HEADERS, title="Growth of CPU seconds; 1 is linear")
    for row in _growth(sizes):
        shown.add_row(*row)
    return shown


def _runners(sizes: Sequence[Size]) -> list[str]:
    """All measured runners, in the order of the size that has most of them."""
    return list(dict.fromkeys(name for size in sizes for name in size.costs))


def _largest(sizes: Sequence[Size], *names: str) -> Size | None:
    """The largest size on which all these runners were measured."""
    having = [size for size in sizes if all(name in size.costs for name in names)]
    return having[-1] if having else None


def _verdict(measured: float, limit: float) -> str:
    return "reached" if measured <= limit else "missed"


def _goals(sizes: Sequence[Size]) -> list[Sequence[str]]:
    rows: list[Sequence[str]] = []

    def judge(what: str, size: Size, measured: float, limit: float, form: str) -> None:
        shown = (f"{measured:{form}}", f"{limit:{form}}")
        rows.append((what, f"{size.rows:,}", *shown, _verdict(measured, limit)))

    for ours, peer, limit in GOALS:
        size = _largest(sizes, ours, peer)
        if size:
            ratio = size.costs[ours].cpu / size.costs[peer].cpu
            judge(f"{ours} over {peer}, cpu", size, ratio, limit, ".2f")
    for ours, peer, limit in WHOLE_GOALS:
        size = next((size for size in sizes if {ours, peer} <= size.costs.keys()), None)
        if size:
            ratio = _whole(size, ours) / size.costs[peer].cpu
            what = f"{ours} with start-up over {peer}, cpu"
            judge(what, size, ratio, limit, ".2f")
    ours = "clip-search on sqlite"
    size = _largest(sizes, ours)
    if size:
        extra = size.costs[ours].memory - size.starts[ours].memory
        judge(f"{ours}: MB over dbt's own", size, extra, SQLITE_MEMORY, ".0f")
    ours = "clip-search on duckdb"
    size = _largest(sizes, ours)
    if size:
        memory = size.costs[ours].memory
        judge(f"{ours}: peak MB", size, memory, DUCKDB_MEMORY, ".0f")
    for ours in _runners(sizes):
        size = _largest(sizes, ours)
        grown = growth_in_all(sizes, ours)
        if size and grown and ours in size.starts:
            what = f"{ours}: growth from {grown.since:,} rows"
            judge(what, size, grown.exponent, LARGEST_EXPONENT, ".2f")
    return rows


def _growth(sizes: Sequence[Size]) -> list[Sequence[str]]:
    return [
        (name, f"{grown.since:,}", f"{grown.until:,}", f"{grown.exponent:.2f}")
        for name in _runners(sizes)
        for grown in growth(sizes, name)
    ]


def _profile(sizes: Sequence[Size]) -> list[Sequence[str]]:
    """The slowest models of each runner at its largest size, and their growth."""
    rows: list[Sequence[str]] = []
    for name in _runners(sizes):
        size = _largest(sizes, name)
        by_model = size.costs[name].by_model if size else {}
        whole = sum(by_model.values())
        grown = growth_of_models(sizes, name)
        longest = sorted(by_model.items(), key=lambda item: -item[1])
        for model, seconds in longest[:SHOWN_MODELS]:
            share = seconds / whole
            power = (
                f"{grown[model].exponent:.2f}"
                if model in grown and share >= SHOWN_SHARE
                else ""
            )
            shown = (f"{seconds:.1f}", f"{100 * share:.0f} %", power)
            rows.append((name, f"`{model}`", *shown))
    return rows


def _plot(sizes: Sequence[Size]) -> None:
    import matplotlib as mpl

    mpl.use("svg")
    from matplotlib import pyplot

    # The same figures must give the same file.
    mpl.rcParams["svg.hashsalt"] = "clip-search"
    # The largest size on which most runners were measured.
    size = max(sizes, key=lambda size: (len(size.costs), size.rows))
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


def _section(size: Size) -> str:
    starts = ", ".join(
        f"{cost.cpu:.1f} s on {name.split()[-1]}" for name, cost in size.starts.items()
    )
    return (
        f"### {size.rows:,} rows\n\n"
        + markdown(HEADERS, [_cells(size, name) for name in size.costs])
        + f"\n\n{size.requests:,} searches by people; medians of {size.rounds} rounds"
        + f" at {size.commit}, on {size.machine}."
        + f" dbt's start-up, in the second column only: {starts or 'none'}."
    )


def text(sizes: Sequence[Size], runners: Sequence[Runner]) -> str:
    """The page, from the results in order of size."""
    template = (Path(__file__).parent / "page.md").read_text(encoding="utf-8")
    goals = ("goal", "rows", "measured", "at most", "")
    profile = ("", "model", "s", "share", "exponent")
    commands = [(runner.name, f"`{runner.command}`") for runner in runners]
    return (
        template.replace("FIGURES", "\n\n".join(_section(size) for size in sizes))
        .replace("MODELS", page_section())
        .replace("GROWTH", markdown(GROWTH_HEADERS, _growth(sizes)))
        .replace("GOALS", markdown(goals, _goals(sizes)))
        .replace("PROFILE", markdown(profile, _profile(sizes)))
        .replace("COMMANDS", markdown(("what", "command"), commands))
    )


def write(sizes: Sequence[Size], runners: Sequence[Runner]) -> None:
    """Writes the page and its plot."""
    _plot(sizes)
    PAGE.write_text(text(sizes, runners), encoding="utf-8")
