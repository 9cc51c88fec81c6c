"""Other products' logs, loaded by a mapping."""

import json
from pathlib import Path
from typing import Any

import pytest
from conftest import SHARED, NewWarehouse
from typer.testing import CliRunner

from clip_search.cli import app
from clip_search.load import LoadError, LoadReport, load
from clip_search.mapping import (
    MappingError,
    mapping_of_file,
    mapping_of_preset,
    preset_names,
)
from clip_search.mapping.field import Field, Key
from clip_search.status import OUTCOMES, read_ledger
from lab.warehouse import Warehouse

QUERY = {
    "query_id": "q1",
    "user_query": "jaws",
    "client_id": "u1",
    "timestamp": "2024-12-10T00:01:29.378Z",
    "query_attributes": {},
}
CLICK = {
    "action_name": "click",
    "query_id": "q1",
    "client_id": "u1",
    "timestamp": 1733788893378,
    "event_attributes": {"object": {"object_id": "c1"}, "position": {"ordinal": 0}},
}
IMPRESSION = {**CLICK, "action_name": "impression"}
OTHER = {**CLICK, "action_name": "add_to_cart"}
UBI = SHARED / "data" / "ubi"


def bulk(*records: dict[str, Any]) -> str:
    """Records in the form that search engines take, each after its action."""
    lines = []
    for record in records:
        index = "ubi_events" if "action_name" in record else "ubi_queries"
        lines += [{"index": {"_index": index}}, record]
    return "".join(json.dumps(line) + "\n" for line in lines)


def loaded(warehouse: Warehouse, text: str, preset: str = "ubi") -> LoadReport:
    """Loads a file of this text by a preset."""
    path = warehouse.database.with_name("events.ndjson")
    path.write_text(text, "utf-8")
    return load([path], warehouse.database, None, mapping_of_preset(preset))


@pytest.fixture
def warehouse(new_warehouse: NewWarehouse) -> Warehouse:
    return new_warehouse("mapped")


REQUESTS = (
    "select line_number, search_id, search_query, ts, cuid, total, malformed_line"
    " from landed_search_request order by line_number"
)
CLICKS = (
    "select line_number, search_id, ts, cid, position"
    " from landed_search_result_interaction order by line_number"
)


def test_each_record_is_mapped_left_out_or_malformed(warehouse: Warehouse) -> None:
    text = bulk(QUERY, CLICK, OTHER, IMPRESSION) + "{broken\n"
    report = loaded(warehouse, text)
    assert [
        (file.log, file.row_count, file.malformed_count, file.left_out_count)
        for file in report.files
    ] == [
        ("search_request", 2, 1, 1),
        ("search_result_interaction", 1, 0, 0),
        ("search_result_shown", 1, 0, 0),
    ]
    time = "2024-12-10T00:01:29.378Z"
    assert warehouse.query(REQUESTS) == [
        (2, "q1", "jaws", time, "u1", None, None),
        (9, None, None, None, None, None, "{broken"),
    ]
    # Their first position is 0, ours is 1.
    assert warehouse.query(CLICKS) == [(4, "q1", "1733788893378", "c1", "1")]


def test_an_index_may_be_in_front_of_the_object(warehouse: Warehouse) -> None:
    text = f"ubi_queries\t{json.dumps(QUERY)}\nubi_events\t{json.dumps(CLICK)}\n"
    report = loaded(warehouse, text)
    assert [file.row_count for file in report.files] == [1, 1, 0]


def test_the_same_file_by_the_same_mapping_is_loaded_once(
    warehouse: Warehouse, tmp_path: Path
) -> None:
    text = bulk(QUERY, CLICK)
    assert {file.outcome for file in loaded(warehouse, text).files} == {"new"}
    assert {file.outcome for file in loaded(warehouse, text).files} == {"unchanged"}
    other = tmp_path / "other.toml"
    other.write_text(
        'format = "ndjson-bulk"\n[search_request]\nwhere = {"_index" = "ubi_queries"}\n'
        'search_id = "query_id"\nsearch_query = "user_query"\nts = "timestamp"\n'
        'cuid = "query_id"\n',
        "utf-8",
    )
    path = warehouse.database.with_name("events.ndjson")
    report = load([path], warehouse.database, None, mapping_of_file(other))
    assert [file.outcome for file in report.files] == ["replaced"]
    assert warehouse.query("select cuid from landed_search_request") == [("q1",)]


def test_a_key_that_no_record_has_is_an_error_with_the_nearest_ones(
    warehouse: Warehouse,
) -> None:
    record = {key: value for key, value in QUERY.items() if key != "user_query"}
    with pytest.raises(LoadError) as raised:
        loaded(warehouse, bulk({**record, "userquery": "jaws"}))
    assert "no object of search_request has user_query" in str(raised.value)
    assert "userquery" in raised.value.remedy


@pytest.mark.parametrize(
    ("toml", "problem"),
    [
        ("format = 'xml'", "format is 'xml'"),
        ("", "none of the tables"),
        ("[clicks]", "clicks is neither a setting"),
        ("[search_request]\nid = 'x'", "search_request.id is no column"),
        ("[search_request]\nsearch_id = 'x'", "search_request.search_query is missing"),
        ("[search_request]\nsearch_id = 3", "search_request.search_id is 3"),
        ("[search_request]\nsearch_id = []", "search_request.search_id has no key"),
        ("[search_request", "the mapping is wrong"),
    ],
)
def test_a_wrong_mapping_says_what_is_wrong(
    tmp_path: Path, toml: str, problem: str
) -> None:
    path = tmp_path / "mapping.toml"
    path.write_text(toml, "utf-8")
    with pytest.raises(MappingError) as raised:
        mapping_of_file(path)
    assert problem in str(raised.value)


def test_a_preset_that_is_missing_names_the_others() -> None:
    with pytest.raises(MappingError) as raised:
        mapping_of_preset("ubbi")
    assert all(name in raised.value.remedy for name in preset_names())


def test_the_first_value_that_is_there_counts() -> None:
    field = Field((Key("a.b"), Key("a.c.d"), Key("list", "length")))
    assert field.read({"a": {"b": None, "c": {"d": 3}}}) == 3
    assert field.read({"a.b": 5, "a": {"b": 4}}) == 5
    assert field.read({"a.c": {"d": 6}}) == 6
    assert field.read({"list": ["x", "y"]}) == "2"
    assert field.read({"list": "x"}) is None


def test_the_hits_of_queries_become_the_shown_results_of_their_searches(
    warehouse: Warehouse,
) -> None:
    """A query lists its hits in their order, and an impression names one again."""
    seen = {
        **IMPRESSION,
        "event_attributes": {
            "object": {"object_id": "c1"},
            "position": {"ordinal": 0},
        },
    }
    orphan = {**QUERY, "query_id": "q2", "user_query": "", "timestamp": 1733788893378}
    loaded(
        warehouse,
        bulk(
            {**QUERY, "query_response_hit_ids": ["c3", "c1", "c2", "c3", ""]},
            {**orphan, "query_response_hit_ids": ["c1"]},
            CLICK,
            seen,
        ),
    )
    warehouse.build_clean_layer()
    assert warehouse.sorted_rows("clean_search_result_shown") == [
        ("q1", "c1", 1, 2),
        ("q1", "c2", 3, 1),
        ("q1", "c3", 1, 2),
    ]
    rejected = "search_id, cid, position, reject_reason"
    assert sorted(
        warehouse.query(f"select {rejected} from rejected_search_result_shown"),
        key=repr,
    ) == [
        ("q1", None, "5", "missing_cid"),
        ("q2", "c1", "1", "orphan_impression"),
    ]
    ledger = read_ledger(warehouse.database)
    assert [ledger.outcome("search_result_shown", outcome) for outcome in OUTCOMES] == [
        7,
        3,
        2,
        0,
        2,
    ]
    warehouse.dbt(
        *("test", "--exclude-resource-type", "unit_test", "--select"),
        *("int_search_result_shown_checked", "clean_search_result_shown"),
        *("assert_ledger_balances", "assert_raw_rows_are_all_loaded_rows"),
    )


@pytest.mark.skipif(not UBI.exists(), reason="the public UBI log is not here")
def test_each_record_of_a_public_ubi_log_is_accounted_for(
    warehouse: Warehouse,
) -> None:
    """Counted in it: 473 queries with 1,526 hits, 298 clicks, 1,999 impressions."""
    report = load([UBI], warehouse.database, None, mapping_of_preset("ubi"))
    rows = {file.log: file.row_count for file in report.files}
    assert rows == {
        "search_request": 473,
        "search_result_interaction": 298,
        "search_result_shown": 1999 + 1526,
    }
    assert sum(file.left_out_count for file in report.files) == 3448 - 298 - 1999
    distinct = "select count(distinct search_id) from landed_search_request"
    assert warehouse.query(distinct) == [(284,)]
    positions = "select min(cast(position as integer)) from {}"
    assert warehouse.query(positions.format("landed_search_result_interaction")) == [
        (1,)
    ]


def test_a_path_that_does_not_exist_is_called_so(warehouse: Warehouse) -> None:
    for name in ("nothing", "nothing.jsonl"):
        with pytest.raises(LoadError) as raised:
            load(
                [warehouse.database.with_name(name)],
                warehouse.database,
                None,
                mapping_of_preset("ubi"),
            )
        assert "there is no such file or folder" in str(raised.value)


def test_a_preset_without_a_path_is_not_ignored() -> None:
    ran = CliRunner().invoke(app, ["run", "--as", "ubi"])
    assert ran.exit_code == 2
    assert "PATH" in ran.stderr
