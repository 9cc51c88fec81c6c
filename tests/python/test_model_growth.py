"""No model needs more than about ten times the work for ten times the rows.

The work is counted in instructions of SQLite's virtual machine, which are the same on
any machine, for rows in no order.
"""

import random
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from conftest import NewWarehouse
from dbt.adapters.sql.connections import SQLConnectionManager

from lab.benchmarks.measure_growth import simulated, write_in_order
from lab.benchmarks.results import exponent

# Builds all models at two sizes.
pytestmark = pytest.mark.slow

SIZES = (4_000, 32_000)
STEP = 1_000
"""Instructions are counted in steps of this many."""
LARGEST_EXPONENT = 1.25
"""Sorting takes 1.1 at these sizes, and the first rows are from fewer days."""
FEWEST_STEPS = 1_000
"""Below a million instructions, what does not depend on the rows counts too much."""


class Instructions:
    """The instructions of SQLite by dbt node, in steps."""

    def __init__(self) -> None:
        """Starts at zero."""
        self.steps: Counter[str] = Counter()
        self._node = ""

    @contextmanager
    def counted(self) -> Iterator[None]:
        """Counts those of all connections that are opened inside."""
        with pytest.MonkeyPatch.context() as patch:
            add_query = partial(self._noted, SQLConnectionManager.add_query)
            patch.setattr(
                SQLConnectionManager,
                "add_query",
                lambda *arguments, **more: add_query(*arguments, **more),
            )
            patch.setattr(sqlite3, "connect", partial(self._watched, sqlite3.connect))
            yield

    def _noted(
        self, original: Callable[..., Any], manager: Any, *rest: Any, **more: Any
    ) -> Any:
        self._node = (manager.get_thread_connection().name or "?").split(".")[-1]
        return original(manager, *rest, **more)

    def _watched(
        self, original: Callable[..., Any], *arguments: Any, **more: Any
    ) -> Any:
        connection = original(*arguments, **more)
        connection.set_progress_handler(self._step, STEP)
        return connection

    def _step(self) -> int:
        self.steps[self._node] += 1
        return 0


# A minute on a slow machine; the log below shows most kinds of quadratic models.
@pytest.mark.long
def test_no_model_grows_faster_than_the_rows(
    new_warehouse: NewWarehouse, tmp_path: Path
) -> None:
    logs, count = simulated(SIZES[-1], tmp_path / "simulated", 7)
    for size in SIZES:
        write_in_order(logs, tmp_path / f"{size}", "shuffled", size / count)
    models = growth(new_warehouse, tmp_path)
    assert len(models) > 10, models
    assert {m: e for m, e in models.items() if e > LARGEST_EXPONENT} == {}, models


def test_no_model_grows_faster_than_a_log_of_many_days_in_no_order(
    new_warehouse: NewWarehouse, tmp_path: Path
) -> None:
    chance = random.Random(1)
    seconds = range(1_141_171_200, 1_149_033_600)
    for size in SIZES:
        rows = (
            f"s{number},jaws,{chance.choice(seconds)},u{chance.randint(1, size)},10\n"
            for number in range(size)
        )
        folder = tmp_path / f"{size}"
        folder.mkdir()
        log = "search_id,search_query,ts,cuid,total\n" + "".join(rows)
        (folder / "search_request.csv").write_text(log, encoding="utf-8")
    models = growth(new_warehouse, tmp_path)
    assert {"log_day", "int_search_request_checked"} <= models.keys()
    assert {m: e for m, e in models.items() if e > LARGEST_EXPONENT} == {}, models


def growth(new_warehouse: NewWarehouse, folder: Path) -> dict[str, float]:
    """The exponent of each model that does much, from the logs of both sizes."""
    counted = []
    for size in SIZES:
        warehouse = new_warehouse(f"rows{size}")
        warehouse.load(folder / f"{size}")
        instructions = Instructions()
        with instructions.counted():
            warehouse.build()
        counted.append(instructions.steps)
    few, many = counted
    return {
        model: exponent(SIZES, (few[model], many[model]))
        for model in warehouse.models()
        if few[model] and many[model] >= FEWEST_STEPS
    }
