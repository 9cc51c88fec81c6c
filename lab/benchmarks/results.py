"""The results in results.json: one entry for each log size and run.

A run replaces earlier results of the same runners on the same number of searches. All
others stay, so that a large size or a slow engine need not be measured each time.
"""

import json
import math
import os
import platform
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

from clip_search.project import PROJECT_ROOT
from lab.benchmarks.runners import Cost

RESULTS = Path(__file__).with_name("results.json")


@dataclass(frozen=True)
class Size:
    """The results on logs of one size.

    Attributes:
        requests: Number of simulated searches, or 0 for other logs.
        rows: Rows of both logs.
        rounds: The number of runs of which each figure is the median.
        commit: The measured git commit.
        machine: The machine it was measured on.
        costs: The cost of each runner, with dbt's start-up subtracted from the seconds.
        starts: The cost of dbt's start-up, for each runner that uses dbt.
    """

    requests: int
    rows: int
    rounds: int
    commit: str
    machine: str
    costs: Mapping[str, Cost]
    starts: Mapping[str, Cost]


@dataclass(frozen=True)
class Growth:
    """The growth of a cost from one size to another.

    Attributes:
        since: Rows of the smaller logs.
        until: Rows of the larger ones.
        exponent: 1 if ten times the rows cost ten times as much.
    """

    since: int
    until: int
    exponent: float


def here() -> tuple[str, str]:
    """The measured commit and the machine."""
    described = subprocess.run(
        ["git", "describe", "--always", "--dirty"],
        cwd=PROJECT_ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    machine = f"{os.cpu_count()} cores, {platform.machine()}"
    return described.stdout.strip() or "no commit", machine


def read(path: Path | None = None) -> list[Size]:
    """The stored results in order of size; empty if there is no file."""
    path = path or RESULTS
    if not path.exists():
        return []
    return [
        Size(
            **{
                **entry,
                "costs": _costs(entry["costs"]),
                "starts": _costs(entry["starts"]),
            }
        )
        for entry in json.loads(path.read_text(encoding="utf-8"))
    ]


def keep(measured: Sequence[Size], path: Path | None = None) -> list[Size]:
    """Stores new results, which replace those of the same runners and size.

    Returns:
        All stored results in order of size.
    """
    path = path or RESULTS
    kept = [
        *(left for size in read(path) if (left := _unmeasured(size, measured))),
        *measured,
    ]
    kept.sort(key=lambda size: size.requests)
    text = json.dumps([asdict(size) for size in kept], indent=1, default=dict)
    path.write_text(text + "\n", encoding="utf-8")
    return kept


def _unmeasured(size: Size, measured: Sequence[Size]) -> Size | None:
    """The results of a size for the runners that were not measured again."""
    again = {
        name
        for other in measured
        if other.requests == size.requests
        for name in other.costs
    }
    costs = {name: cost for name, cost in size.costs.items() if name not in again}
    starts = {name: cost for name, cost in size.starts.items() if name not in again}
    return replace(size, costs=costs, starts=starts) if costs else None


def exponent(sizes: tuple[int, int], costs: tuple[float, float]) -> float:
    """The exponent with which a cost grew with the size: 1 is linear.

    Args:
        sizes: A smaller and a larger size.
        costs: The cost of each; above 0.
    """
    return math.log(costs[1] / costs[0]) / math.log(sizes[1] / sizes[0])


def growth(sizes: Sequence[Size], runner: str) -> list[Growth]:
    """The growth of a runner's CPU seconds from each of its sizes to the next."""
    return [_between(*pair, runner) for pair in pairwise(_measured(sizes, runner))]


def growth_in_all(sizes: Sequence[Size], runner: str) -> Growth | None:
    """The growth of a runner's CPU seconds from its smallest size to its largest."""
    measured = _measured(sizes, runner)
    if len(measured) < 2:
        return None
    return _between(measured[0], measured[-1], runner)


def _measured(sizes: Sequence[Size], runner: str) -> list[Size]:
    # On a few rows, what remains after subtracting the start-up is noise.
    return [
        size for size in sizes if runner in size.costs and size.costs[runner].cpu > 0
    ]


def _between(small: Size, large: Size, runner: str) -> Growth:
    rows = (small.rows, large.rows)
    seconds = (small.costs[runner].cpu, large.costs[runner].cpu)
    return Growth(*rows, exponent(rows, seconds))


def growth_of_models(sizes: Sequence[Size], runner: str) -> dict[str, Growth]:
    """The growth of a runner's models, in wall seconds, between its two largest sizes.

    Models with no measurable time at the smaller size are left out.
    """
    measured = [size for size in sizes if runner in size.costs][-2:]
    if len(measured) < 2:
        return {}
    small, large = measured
    before, after = (size.costs[runner].by_model for size in measured)
    return {
        model: Growth(
            small.rows,
            large.rows,
            exponent((small.rows, large.rows), (before[model], seconds)),
        )
        for model, seconds in after.items()
        if before.get(model, 0) > 0 and seconds > 0
    }


def _costs(entries: Mapping[str, Mapping[str, Any]]) -> dict[str, Cost]:
    return {name: Cost(**entry) for name, entry in entries.items()}
