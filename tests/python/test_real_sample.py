"""Known figures of the real sample of logs, if it is next to the project.

It is never part of the project, so elsewhere these tests are skipped with a message.
"""

import csv

import pytest
from conftest import REAL_SAMPLE, SHARED
from test_pipeline import RAW_TABLES

from lab.warehouse import Warehouse

# If the folder exists without the sample in it, the tests fail.
pytestmark = pytest.mark.skipif(
    not SHARED.is_dir(),
    reason=f"the real sample is not next to this project ({SHARED})",
)


def labelled(kind: str) -> dict[str, str]:
    """The raw queries that were planted as this kind, by search_id."""
    with (REAL_SAMPLE / "search_request.csv").open(encoding="utf-8") as lines:
        queries = {
            row["search_id"]: row["search_query"] for row in csv.DictReader(lines)
        }
    with (REAL_SAMPLE / "labels.csv").open(encoding="utf-8") as lines:
        return {
            row["search_id"]: queries[row["search_id"]]
            for row in csv.DictReader(lines)
            if row["kind"] == kind
        }


def test_every_row_ends_in_its_bucket(real_warehouse: Warehouse) -> None:
    ledger = real_warehouse.query(
        "select log, outcome, reject_reason, row_count from log_ledger"
    )
    assert sorted(ledger, key=repr) == sorted(
        [
            ("search_request", "raw", None, 1277),
            ("search_request", "clean", None, 1217),
            ("search_request", "folded", None, 60),
            ("search_result_interaction", "raw", None, 1076),
            ("search_result_interaction", "clean", None, 775),
            ("search_result_interaction", "folded", None, 223),
            ("search_result_interaction", "waiting", None, 0),
            ("search_result_interaction", "rejected", "orphan_click", 78),
        ],
        key=repr,
    )


def test_clicks_settle_disputed_times_and_nothing_else_does(
    real_warehouse: Warehouse,
) -> None:
    disputed_ids = real_warehouse.query(
        "select search_id, max(is_ts_disputed) from int_search_request_checked"
        " group by search_id having count(distinct ts) > 1"
    )
    assert len(disputed_ids) == 56
    assert sum(1 for _, is_undecided in disputed_ids if is_undecided == 0) == 44
    assert real_warehouse.query(
        "select sum(is_ts_disputed) from clean_search_request"
    ) == [(12,)]


@pytest.mark.parametrize(("kind", "count"), [("email", 14), ("ip", 7)])
def test_personal_data_is_redacted_and_findable_nowhere(
    real_warehouse: Warehouse, kind: str, count: int
) -> None:
    planted = labelled(kind)
    assert len(planted) == count
    clean = dict(
        real_warehouse.query("select search_id, search_query from clean_search_request")
    )
    assert {clean[search_id] for search_id in planted} == {f"[{kind}]"}
    everything_but_raw = [
        str(value)
        for name in [*real_warehouse.tables(), *real_warehouse.tables("view")]
        if name not in RAW_TABLES
        for row in real_warehouse.query(f"select * from {name}")
        for value in row
    ]
    assert len(everything_but_raw) > 10_000
    assert not [
        value
        for value in everything_but_raw
        for secret in planted.values()
        if secret in value
    ]


def test_no_other_query_is_touched(real_warehouse: Warehouse) -> None:
    personal = {**labelled("email"), **labelled("ip")}
    changed = real_warehouse.query(
        "select distinct landed.search_id from landed_search_request as landed"
        " inner join clean_search_request as clean"
        " on landed.search_id = clean.search_id"
        " where landed.search_query <> clean.search_query"
    )
    assert {search_id for (search_id,) in changed} == set(personal)
