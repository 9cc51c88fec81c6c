"""Hostile records of other products: none crashes a load, and none gets lost."""

import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from clip_search.load import load
from clip_search.mapping import mapping_of_preset
from lab.warehouse import Warehouse
from tests.python.conftest import NewWarehouse
from tests.python.preset_samples import PRODUCERS, sample

LOGS = ("search_request", "search_result_interaction", "search_result_shown")
ODD: tuple[Callable[[random.Random], Any], ...] = (
    lambda _: None,
    lambda _: True,
    lambda _: "",
    lambda _: [],
    lambda _: {},
    lambda _: [[1, [2, {"key": "search_term"}]]],
    lambda _: {"value": {"value": {"value": 3}}},
    lambda _: [{"key": 3, "value": None}, {"key": "search_term", "value": {}}],
    lambda _: "\0 and \ud800",
    lambda _: "=cmd|' /C calc'!A0",
    lambda _: "'; drop table landed_search_request; --",
    lambda _: "{{ env_var('HOME') }}",
    lambda source: "9" * source.choice((19, 400, 5000)),
    lambda source: int("9" * source.choice((1, 18, 40))),
    lambda source: -source.random(),
    lambda _: 1e300,
    lambda source: list(range(source.choice((2, 3, 1200)))),
    lambda source: "x" * source.choice((10, 3000)),
)


def mutated(value: Any, source: random.Random) -> Any:
    """A value of which parts are replaced, dropped or wrapped."""
    dice = source.random()
    if dice < 0.04:
        return source.choice(ODD)(source)
    if dice < 0.06:
        return [value]
    if dice < 0.08:
        return {"value": value, "items": value}
    if isinstance(value, dict):
        return {
            key: mutated(each, source)
            for key, each in value.items()
            if source.random() > 0.02
        }
    if isinstance(value, list):
        return [mutated(each, source) for each in value]
    return value


def hostile_lines(preset: str, count: int) -> list[str]:
    """Lines of JSON in a producer's shape, or nearly so."""
    source = random.Random(f"{preset} {count}")
    records = [json.loads(line) for line in sample(preset).text.splitlines()[:-1]]
    lines = []
    for _ in range(count):
        text = json.dumps(mutated(source.choice(records), source))
        dice = source.random()
        if dice < 0.01:
            text = text[: source.randrange(1, len(text) + 1)]
        elif dice < 0.015:
            text = "[" * 3000 + text
        elif dice < 0.02:
            text = source.choice(("NaN", "3", "[]", '"text"', "\ufeff{}", "\u2028"))
        lines.append(text)
    return lines


def accounted_for(warehouse: Warehouse, left_out: int, has_elements: set[str]) -> int:
    """How many lines are in a landing table or were left out."""
    lines = " union ".join(
        f"select line_number / {1000 if log in has_elements else 1} from landed_{log}"
        for log in LOGS
    )
    ((count,),) = warehouse.query(f"select count(*) from ({lines})")
    return int(str(count)) + left_out


@pytest.mark.parametrize("count", [500, pytest.param(12_000, marks=pytest.mark.long)])
@pytest.mark.parametrize("preset", sorted(PRODUCERS))
def test_each_hostile_record_is_a_row_or_left_out(
    preset: str, count: int, tmp_path: Path, new_warehouse: NewWarehouse
) -> None:
    """With the greater number, more than 100,000 records in all."""
    warehouse = new_warehouse("fuzz")
    path = tmp_path / "events.jsonl"
    path.write_text("\n".join(hostile_lines(preset, count)) + "\n", "utf-8")
    mapping = mapping_of_preset(preset)

    report = load([path], warehouse.database, None, mapping)

    left_out = sum(file.left_out_count for file in report.files)
    exploded = {part.log.name for part in mapping.parts if part.has_elements}
    assert accounted_for(warehouse, left_out, exploded) == count
    rows = {file.log: file.row_count for file in report.files}
    assert rows["search_request"] > 0.3 * count
    assert rows["search_result_interaction"] > 0.1 * count


@pytest.mark.long
@pytest.mark.parametrize("preset", ["ubi", "ga4", "generic"])
def test_what_is_left_of_hostile_records_builds(
    preset: str, tmp_path: Path, new_warehouse: NewWarehouse
) -> None:
    warehouse = new_warehouse("fuzz")
    path = tmp_path / "events.jsonl"
    path.write_text("\n".join(hostile_lines(preset, 12_000)) + "\n", "utf-8")
    load([path], warehouse.database, None, mapping_of_preset(preset))
    warehouse.build_clean_layer()
    for log in LOGS[:2]:
        balance = warehouse.query(
            "select sum(case outcome when 'raw' then row_count else -row_count end)"
            f" from log_ledger where log = '{log}'"
        )
        assert balance == [(0,)]
