"""Compares the build of the sample with the simulator's answer key, row by row.

The key comes from what the simulator planted, before that was written as a log.
"""

from collections import Counter
from functools import cache
from typing import Any

import pytest
from conftest import ROOT

from lab.simulate.answer_key import read_answers
from lab.warehouse import Warehouse

KEY = ROOT / "tests" / "answer_key" / "sample.jsonl"
CLEAN_COLUMNS = {
    "search_request": (
        "search_id",
        "search_query",
        "ts",
        "cuid",
        "total",
        "query_text",
        "query_kind",
        "utc_offset_minutes",
        "is_ts_disputed",
        "raw_row_count",
        "is_automated",
    ),
    "search_result_interaction": (
        "search_id",
        "ts",
        "cid",
        "position",
        "click_count",
        "last_click_at",
        "seconds_after_search",
        "raw_row_count",
    ),
}


@cache
def answers(log: str) -> list[dict[str, Any]]:
    return [answer for answer in read_answers(KEY) if answer["log"] == log]


@pytest.mark.parametrize("log", CLEAN_COLUMNS)
def test_every_raw_row_ends_where_the_key_says(
    sample_warehouse: Warehouse, log: str
) -> None:
    judged = sample_warehouse.query(
        f"select line_number, outcome, reject_reason from int_{log}_checked"
    )
    expected = [
        (answer["row_number"], answer["outcome"], answer["reject_reason"])
        for answer in answers(log)
    ]
    assert sorted(judged, key=repr) == sorted(expected, key=repr)


@pytest.mark.parametrize("log", CLEAN_COLUMNS)
def test_clean_tables_hold_the_values_of_the_key(
    sample_warehouse: Warehouse, log: str
) -> None:
    columns = CLEAN_COLUMNS[log]
    clean = sample_warehouse.query(f"select {', '.join(columns)} from clean_{log}")
    expected = [
        tuple(answer["clean"][column] for column in columns)
        for answer in answers(log)
        if answer["outcome"] == "clean"
    ]
    assert sorted(clean, key=repr) == sorted(expected, key=repr)


@pytest.mark.parametrize("log", CLEAN_COLUMNS)
def test_rejected_tables_and_ledger_count_what_the_key_counts(
    sample_warehouse: Warehouse, log: str
) -> None:
    expected = Counter(
        answer["reject_reason"]
        for answer in answers(log)
        if answer["outcome"] == "rejected"
    )
    rejected = sample_warehouse.query(
        f"select reject_reason, count(*) from rejected_{log} group by reject_reason"
    )
    ledger = sample_warehouse.query(
        "select reject_reason, row_count from log_ledger"
        f" where log = '{log}' and outcome = 'rejected'"
    )
    assert dict(rejected) == expected
    assert dict(ledger) == expected
