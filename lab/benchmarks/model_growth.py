"""The growth of each model's cost with the rows: stored, and shown as tables."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from lab.benchmarks.markdown import markdown
from lab.benchmarks.results import exponent, here

RESULTS = Path(__file__).with_name("model_growth.json")
SHORTEST = 0.3
"""A model that takes fewer seconds at the largest size has no exponent: noise."""

Seconds = dict[str, float]


def report(measured: Mapping[str, Mapping[str, Seconds]]) -> list[Sequence[str]]:
    """One line per model: by order, the seconds at the largest size, and the growth.

    Args:
        measured: The seconds by model, by order and number of requests.
    """
    lines: list[Sequence[str]] = []
    models = dict.fromkeys(
        name for sizes in measured.values() for cost in sizes.values() for name in cost
    )
    for model in models:
        cells = []
        for sizes in measured.values():
            *_, before, largest = sorted(sizes, key=int)
            cost = sizes[largest].get(model, 0.0)
            earlier = sizes[before].get(model)
            grown = ""
            if cost >= SHORTEST and earlier:
                power = exponent((int(before), int(largest)), (earlier, cost))
                grown = f"{power:.2f}"
            cells += [f"{cost:.1f}", grown]
        if any(cells[1::2]):
            lines.append((model, *cells))
    return lines


def headers(orders: Sequence[str]) -> list[str]:
    """The header of the report."""
    return ["model"] + [
        cell for order in orders for cell in (f"{order}, s", "exponent")
    ]


def page_section() -> str:
    """The last measured growth of each engine, in Markdown."""
    sections = []
    for engine, kept in _stored().items():
        measured = kept["measured"]
        rows = max(int(size) for sizes in measured.values() for size in sizes)
        sections.append(
            f"### Models on {engine}\n\n"
            + markdown(headers(list(measured)), report(measured))
            + f"\n\nCPU seconds for {rows:,} requests and their clicks, and the"
            f" exponent from a tenth of them, at {kept['commit']}, on"
            f" {kept['machine']}. `all` is the whole build with marts and data tests,"
            " beyond the start of dbt."
            f" Models that take less than {SHORTEST} s are left out."
        )
    return "\n\n".join(sections)


def keep(engine: str, measured: Mapping[str, Mapping[str, Seconds]]) -> None:
    """Stores the results of an engine."""
    commit, machine = here()
    rounded = {
        order: {
            size: {name: round(cost, 3) for name, cost in costs.items()}
            for size, costs in sizes.items()
        }
        for order, sizes in measured.items()
    }
    entry = {"commit": commit, "machine": machine, "measured": rounded}
    text = json.dumps(_stored() | {engine: entry}, indent=1)
    RESULTS.write_text(text + "\n", encoding="utf-8")


def _stored() -> dict[str, dict[str, Any]]:
    stored: dict[str, dict[str, Any]] = {}
    if RESULTS.exists():
        stored = json.loads(RESULTS.read_text("utf-8"))
    return stored
