"""No model needs more than about ten times the work for ten times the rows.

The work is counted in instructions of SQLite's virtual machine, which are the same on
any machine, for rows in no order.
"""

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

from lab.benchmarks.model_growth import LARGEST_EXPONENT, simulated, write_in_order
from lab.benchmarks.results import exponent

SIZES = (5_000, 40_000)
STEP = 1_000
"""Instructions are counted in steps of this many."""
FEWEST_STEPS = 2_000
"""Below two million instructions, what does not depend on the rows counts too much."""


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


def test_no_model_grows_faster_than_the_rows(
    new_warehouse: NewWarehouse, tmp_path: Path
) -> None:
    logs, count = simulated(SIZES[-1], tmp_path / "simulated", 7)
    counted = []
    for size in SIZES:
        write_in_order(logs, tmp_path / f"{size}", "shuffled", size / count)
        warehouse = new_warehouse(f"rows{size}")
        warehouse.load(tmp_path / f"{size}")
        instructions = Instructions()
        with instructions.counted():
            warehouse.build()
        counted.append(instructions.steps)
    few, many = counted
    models = {
        model: exponent(SIZES, (few[model], many[model]))
        for model in warehouse.models()
        if few[model] and many[model] >= FEWEST_STEPS
    }
    assert len(models) > 10, models
    assert {m: e for m, e in models.items() if e > LARGEST_EXPONENT} == {}, models
