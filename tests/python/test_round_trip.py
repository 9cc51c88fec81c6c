"""Clean tables that are written as another product's log give the same tables again."""

import json
from pathlib import Path

import pytest

from clip_search.load import load
from clip_search.mapping import mapping_of_preset
from lab.simulate import Destination, Plan, simulate
from lab.simulate.settings import SAMPLE_WORLD
from lab.warehouse import Row, Warehouse
from tests.python.conftest import NewWarehouse

# Builds the clean layer twice.
pytestmark = pytest.mark.slow

# What a log says. The other columns count repeats, which a clean table has no more.
SEARCHES = (
    "select search_id, search_query, ts, cuid, total, query_text, query_kind,"
    " is_automated, is_search_id_inferred, applied_rewrite"
    " from clean_search_request order by search_id"
)
CLICKS = (
    "select search_id, ts, cid, position, seconds_after_search"
    " from clean_search_result_interaction order by search_id, cid"
)


def written_as_ubi(warehouse: Warehouse, path: Path) -> Path:
    """The clean tables as a bulk file of queries and events."""
    with path.open("w", encoding="utf-8") as file:

        def write(index: str, record: dict[str, object]) -> None:
            file.write(json.dumps({"index": {"_index": index}}) + "\n")
            file.write(json.dumps(record) + "\n")

        for search_id, text, ts, cuid, total, *_ in warehouse.query(SEARCHES):
            query = {
                "application": "clip_search",
                "query_id": search_id,
                "client_id": cuid,
                "user_query": text,
                "timestamp": ts,
                "query_attributes": {} if total is None else {"total": total},
            }
            write("ubi_queries", query)
        for search_id, ts, cid, position, _ in warehouse.query(CLICKS):
            event = {
                "application": "clip_search",
                "action_name": "click",
                "query_id": search_id,
                "timestamp": ts,
                "event_attributes": {
                    "object": {"object_id": cid, "object_id_field": "cid"},
                    "position": {"ordinal": position},
                },
            }
            write("ubi_events", event)
    return path


def loaded_again(path: Path, warehouse: Warehouse) -> Warehouse:
    load([path], warehouse.database, None, mapping_of_preset("ubi"))
    warehouse.build_clean_layer()
    return warehouse


def said(warehouse: Warehouse) -> tuple[list[Row], list[Row]]:
    return warehouse.query(SEARCHES), warehouse.query(CLICKS)


@pytest.mark.parametrize(
    "requests", [2_000, pytest.param(100_000, marks=pytest.mark.long)]
)
def test_clean_tables_survive_a_round_trip_as_ubi(
    requests: int, tmp_path: Path, new_warehouse: NewWarehouse
) -> None:
    simulate(
        Plan(17, world=SAMPLE_WORLD, requests=requests),
        Destination.in_folder(tmp_path),
    )
    ours = new_warehouse("ours")
    ours.load(tmp_path)
    ours.build_clean_layer()

    once = loaded_again(
        written_as_ubi(ours, tmp_path / "once.ndjson"), new_warehouse("once")
    )
    twice = loaded_again(
        written_as_ubi(once, tmp_path / "twice.ndjson"), new_warehouse("twice")
    )

    assert len(said(ours)[0]) > 0.5 * requests
    assert said(once) == said(ours)
    # Nothing is left to be folded or rejected, so the second trip changes no column.
    assert twice.results() == once.results()
