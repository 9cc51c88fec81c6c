"""Example rows for a finding: what was logged, and redacted."""

import sqlite3
from pathlib import Path

import pytest

from clip_search.findings.examples import Row, Warehouse

CHECKED = {"name": "int_search_request_checked"}


@pytest.fixture
def warehouse(tmp_path: Path) -> Warehouse:
    """One landed request, and one of the sample."""
    database = tmp_path / "clip_search.db"
    columns = "search_id text, search_query text, ts text, cuid text, total text"
    with sqlite3.connect(database) as connection:
        place = "file_id int, line_number int"
        connection.execute(f"create table landed_search_request ({columns}, {place})")
        connection.execute(
            "insert into landed_search_request values"
            " ('s1', 'jaws', '10.03.2020 ann@example.com', 'u1', 'many', 3, 7)"
        )
        connection.execute(f"create table search_request ({columns})")
        connection.execute(
            "insert into search_request values ('s2', 'alien', 'yesterday', 'u2', '1')"
        )
    connection.close()
    return Warehouse(database)


def offending(warehouse: Warehouse, rule: str, file_id: int, line: int) -> Row:
    row: Row = {"file_id": file_id, "line_number": line, "ts": None}
    warehouse.add_offending_values([row], CHECKED, rule)
    return {name: value for name, value in row.items() if name.startswith("logged")}


def test_an_unreadable_time_is_shown_redacted(warehouse: Warehouse) -> None:
    shown = offending(warehouse, "timestamp_unreadable", 3, 7)
    assert shown == {"logged_ts": "10.03.2020 [email]"}


def test_an_unreadable_number_is_shown(warehouse: Warehouse) -> None:
    assert offending(warehouse, "invalid_total", 3, 7) == {"logged_total": "many"}


def test_a_row_of_the_sample_is_found_by_its_number(warehouse: Warehouse) -> None:
    shown = offending(warehouse, "timestamp_unreadable", 0, 1)
    assert shown == {"logged_ts": "yesterday"}


def test_other_rules_and_lost_rows_show_nothing(warehouse: Warehouse) -> None:
    assert offending(warehouse, "missing_query", 3, 7) == {}
    assert offending(warehouse, "timestamp_unreadable", 3, 8) == {}
