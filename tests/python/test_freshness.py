"""The freshness checks report surprises with numbers; they only warn."""

from datetime import datetime, timedelta

import pytest
from conftest import NewWarehouse

from lab.warehouse import TESTED_BUILD, Warehouse

FIRST = datetime(2020, 3, 1)
USUAL = 120


def rows_of(day: int) -> int:
    """Twenty days: almost no rows on two, slightly fewer on one, many on one."""
    return {11: 0, 12: 3, 14: 40 * 3 - 5, 16: USUAL * 3}.get(day, USUAL)


def request(day: int, turn: int) -> str:
    at = FIRST + timedelta(days=day, seconds=turn)
    stamp = at.strftime("%Y-%m-%dT%H:%M:%SZ")
    if day == 18 and turn < 60:
        stamp = at.strftime("%d/%m/%Y %H:%M:%S")
    return f"s{day}x{turn},jaws,{stamp},u{turn},40\n"


@pytest.fixture(scope="module")
def told(
    new_warehouse: NewWarehouse, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Warehouse, str]:
    """A build of twenty days in which something is wrong, and its output."""
    folder = tmp_path_factory.mktemp("days")
    for day in range(20):
        requests = "".join(request(day, turn) for turn in range(rows_of(day)))
        (folder / f"search_request_{day:02}.csv").write_text(
            f"search_id,search_query,ts,cuid,total\n{requests}"
        )
    (folder / "search_result_interaction.csv").write_text("search_id,ts,cid,position\n")
    warehouse = new_warehouse("days")
    warehouse.load(folder)
    warehouse.build_clean_layer()
    said = warehouse.dbt(*TESTED_BUILD, "--select", "log_day")
    return warehouse, said


def test_days_without_rows_are_named(told: tuple[Warehouse, str]) -> None:
    _, said = told
    # Half of the harmonic mean of 16 days of 120 rows, one of 115 and one of 360.
    assert (
        "search_request: 2 days with fewer than 62 rows between"
        " 2020-03-11 and 2020-03-14" in said
    )


def test_a_jump_of_volume_is_named_and_a_small_drop_is_not(
    told: tuple[Warehouse, str],
) -> None:
    _, said = told
    # The 14 busy days before: 13 of 120 rows and one of 115.
    assert "search_request: 360 rows on 2020-03-17, 301 % of the usual 120" in said
    assert "rows on 2020-03-15" not in said


def test_a_drop_of_volume_is_named(told: tuple[Warehouse, str]) -> None:
    warehouse, _ = told
    numbers = "{busy_day_fewest_rows: 2, volume_drop_share: 0.9}"
    said = warehouse.dbt("test", "--select", "log_day_steady_volume", "--vars", numbers)
    assert "search_request: 3 rows on 2020-03-13, 3 % of the usual 120" in said


def test_a_jump_of_a_rules_share_is_named(told: tuple[Warehouse, str]) -> None:
    _, said = told
    assert (
        "search_request: timestamp_unreadable rejected 60 rows on 2020-03-19,"
        " 500 of 1000; usual are 0" in said
    )


def test_a_rule_that_takes_a_row_more_is_not_named(told: tuple[Warehouse, str]) -> None:
    """Two of a hundred rows instead of the usual none can be chance."""
    warehouse, _ = told
    numbers = "{reject_share_jump_fewest_rows: 61}"
    said = warehouse.dbt(
        "test", "--select", "log_day_steady_reject_share", "--vars", numbers
    )
    assert "rejected 60 rows" not in said
    assert "WARN=0 ERROR=0" in said


def test_the_run_warns_and_goes_on(told: tuple[Warehouse, str]) -> None:
    warehouse, said = told
    for check in ("no_quiet_days", "steady_volume", "steady_reject_share"):
        assert f"WARN 1 log_day_{check}" in said
    clean = warehouse.query("select count(*) from clean_search_request")
    assert clean == [(sum(rows_of(day) for day in range(20)) - 60,)]


def test_the_sample_is_too_small_to_be_judged(sample_warehouse: Warehouse) -> None:
    said = sample_warehouse.dbt("test", "--select", "log_day")
    assert "WARN=0 ERROR=0" in said
