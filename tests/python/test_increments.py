"""Increments: any sequence of loads gives the same bytes as one full build.

Ten sequences run in one warehouse, each in a world of its own, with ids that no other
world has. So an example of Hypothesis is ten sequences for the price of one.
"""

from pathlib import Path

import pytest
from hypothesis import event, given, settings

from lab.warehouse import Warehouse
from tests.python.increments import RULES
from tests.python.random_loads import LAW, LONGER_STEPS, STEPS, Step, deliver


def check_law(
    steps: list[Step],
    empty_stores: dict[str, Warehouse],
    folder: Path,
    has_marts: bool = True,
) -> None:
    """Runs the steps, then builds the final state at once, and compares."""
    logs = folder / "logs"
    logs.mkdir()
    store = empty_stores[RULES[0]].copy(folder / "increments")
    loaded: set[Path] = set()
    rules = RULES[0]
    is_built = True
    for step in steps:
        deliver(step, store, logs, loaded)
        is_built = True
        if step.rules != rules:
            rules = step.rules
            store.rebuild(rules)
        elif step.is_built:
            store.take_in(rules)
        else:
            is_built = False
    if not is_built:
        store.take_in(rules)

    at_once = empty_stores[rules].copy(folder / "at_once")
    if loaded:
        at_once.load(logs)
    at_once.take_in(rules, "--full-refresh")
    event(f"{len(loaded)} files in the end")
    assert store.results() == at_once.results()
    if has_marts:
        assert store.marts(rules) == at_once.marts(rules)


@pytest.mark.parametrize("empty_stores", ["sqlite"], indirect=True)
# Hypothesis begins with the example in which nothing happens.
@settings(LAW, max_examples=4)
@given(steps=STEPS)
def test_any_sequence_of_loads_gives_what_one_full_build_gives(
    steps: list[Step],
    empty_stores: dict[str, Warehouse],
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    check_law(steps, empty_stores, tmp_path_factory.mktemp("law"), has_marts=False)


# A build on DuckDB takes twice as long; the hundreds of sequences run on both engines.
@pytest.mark.long
@pytest.mark.parametrize("empty_stores", ["duckdb"], indirect=True)
@settings(LAW, max_examples=1)
@given(steps=STEPS)
def test_any_sequence_of_loads_gives_what_one_full_build_gives_on_duckdb(
    steps: list[Step],
    empty_stores: dict[str, Warehouse],
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    check_law(steps, empty_stores, tmp_path_factory.mktemp("law"), has_marts=False)


# Marts read only the clean layer, with the same SQL, so one engine is enough.
@pytest.mark.long
@pytest.mark.parametrize("empty_stores", ["sqlite"], indirect=True)
@settings(LAW, max_examples=1)
@given(steps=STEPS)
def test_any_sequence_of_loads_gives_the_marts_of_one_full_build(
    steps: list[Step],
    empty_stores: dict[str, Warehouse],
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    check_law(steps, empty_stores, tmp_path_factory.mktemp("marts"))


@pytest.mark.long
@pytest.mark.parametrize("fifty", range(10))
@settings(LAW, max_examples=5)
@given(steps=LONGER_STEPS)
def test_the_law_holds_for_hundreds_of_sequences(
    fifty: int,
    steps: list[Step],
    empty_stores: dict[str, Warehouse],
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """A minute for each fifty sequences, twice as long on DuckDB."""
    folder = tmp_path_factory.mktemp("law")
    check_law(steps, empty_stores, folder, has_marts=fifty == 0)
