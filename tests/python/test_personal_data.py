"""Personal data stays in the raw tables: what was planted is looked for literally."""

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import ROOT, NewWarehouse, Warehouse

from clip_search.simulate import Destination, Plan, simulate
from clip_search.simulate.settings import SAMPLE_WORLD

LOGS = ("search_request", "search_result_interaction")
RAW = {*LOGS, *(f"landed_{log}" for log in LOGS)}
ID_COLUMNS = {"search_id", "cuid", "cid"}


@pytest.fixture(scope="module")
def planted(
    new_warehouse: NewWarehouse, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Warehouse, list[str], str]:
    """A build of simulated logs, the personal data in them, and what was printed."""
    folder = tmp_path_factory.mktemp("planted")
    simulate(
        Plan(11, world=SAMPLE_WORLD, with_malformed_lines=True),
        Destination.in_folder(folder),
    )
    with (folder / "truth" / "personal_data.csv").open(encoding="utf-8") as file:
        values = [row["value"] for row in csv.DictReader(file)]
    warehouse = new_warehouse("planted")
    warehouse.load(folder)
    printed = [
        warehouse.build().stdout,
        warehouse.run("clip-search", "status").stdout,
        warehouse.run("clip-search", "score", str(folder)).stdout,
        warehouse.run("dbt", "docs", "generate", "--static").stdout,
    ]
    return warehouse, values, "\n".join(printed)


def cells(warehouse: Warehouse, table: str) -> Iterator[str]:
    """All text of a table but whole ids: sixteen digits may well be an id."""
    columns = [
        str(row[1])
        for row in warehouse.query(f"pragma table_info({table})")
        if row[1] not in ID_COLUMNS
    ]
    for column in columns:
        for (value,) in warehouse.query(f'select distinct "{column}" from {table}'):
            if isinstance(value, str):
                yield value


def written_by_ourselves() -> str:
    """The project's own examples, which dbt's documentation shows."""
    paths = [*ROOT.glob("models/**/*.yml"), *ROOT.glob("macros/**/*.*")]
    return "\n".join(path.read_text("utf-8") for path in paths)


def found_in(text: str, values: list[str]) -> list[str]:
    return [value for value in values if value in text]


def test_there_is_enough_to_be_found(
    planted: tuple[Warehouse, list[str], str],
) -> None:
    warehouse, values, _ = planted
    raw = "\n".join(cells(warehouse, "landed_search_request"))
    assert len(values) > 80
    assert len(found_in(raw, values)) > 80


def test_no_table_or_view_but_the_raw_ones_holds_any(
    planted: tuple[Warehouse, list[str], str],
) -> None:
    warehouse, values, _ = planted
    names = [*warehouse.tables("table"), *warehouse.tables("view")]
    assert {"stg_search_request", "rejected_search_request"} < set(names)
    for name in set(names) - RAW:
        text = "\n".join(cells(warehouse, name))
        assert found_in(text, values) == [], name


def test_no_id_of_a_cleaned_table_holds_any_but_opaque_ones(
    planted: tuple[Warehouse, list[str], str],
) -> None:
    warehouse, values, _ = planted
    telling = {value for value in values if not value.isalnum()}
    for name in ("clean_search_request", "rejected_search_request"):
        ids = {str(cuid) for (cuid,) in warehouse.query(f"select cuid from {name}")}
        assert ids & telling == set()


def test_no_log_line_or_file_of_a_run_holds_any(
    planted: tuple[Warehouse, list[str], str],
) -> None:
    warehouse, values, printed = planted
    assert found_in(printed, values) == []
    ours = written_by_ourselves()
    values = [value for value in values if value not in ours]
    assert len(values) > 60
    target = Path(warehouse.environment["DBT_TARGET_PATH"])
    files = [*warehouse.database.parent.glob("*.log"), *target.rglob("*")]
    texts = [path for path in files if path.is_file() and path.suffix != ".msgpack"]
    assert any(path.name == "static_index.html" for path in texts)
    assert any(path.name == "dbt.log" for path in texts)
    for path in texts:
        found = found_in(path.read_text("utf-8", errors="replace"), values)
        assert found == [], path
