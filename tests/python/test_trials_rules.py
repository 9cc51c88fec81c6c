"""Small logs of other teams that the rules once judged wrongly (tests/trials).

Each folder states in its test what is right. Their ids differ, and a row is judged with
the rows of its own id only, so one build serves them all.
"""

import pytest
from conftest import TRIALS

from lab.warehouse import Row, Warehouse

FOLDERS = (
    "02_repeats_with_another_total",
    "06_no_total_or_an_object",
    "07_typing_under_one_id",
    "11_one_id_for_many_searches",
)


# The rules are the same SQL, and parity compares all rows of the engines.
@pytest.fixture(
    scope="module", params=["sqlite", pytest.param("duckdb", marks=pytest.mark.long)]
)
def built(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Warehouse:
    """All folders, loaded and built."""
    engine = request.param
    folder = tmp_path_factory.mktemp(engine)
    suffix = "db" if engine == "sqlite" else "duckdb"
    warehouse = Warehouse(folder / f"clip_search.{suffix}", engine=engine)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CLIP_SEARCH_TARGET", engine)
        warehouse.load(*(TRIALS / name for name in FOLDERS))
        warehouse.rebuild()
    return warehouse


def of_ids(warehouse: Warehouse, columns: str, table: str, *ids: str) -> list[Row]:
    """The rows of some search_ids, in order."""
    quoted = ", ".join(f"'{search_id}'" for search_id in ids)
    return warehouse.query(
        f"select {columns} from {table} where search_id in ({quoted}) order by 1, 2"
    )


def test_of_repeats_with_another_total_the_clicks_decide(built: Warehouse) -> None:
    columns = "search_id, total, is_total_disputed, raw_row_count"
    assert of_ids(built, columns, "clean_search_request", "g1", "g2") == [
        ("g1", 20, 0, 3),
        ("g2", 20, 1, 2),
    ]
    columns = "search_id, cid, position"
    assert of_ids(built, columns, "clean_search_result_interaction", "g1", "g2") == [
        ("g1", "c1", 3)
    ]


def test_an_unknown_total_and_an_object_keep_search_and_click(built: Warehouse) -> None:
    assert of_ids(built, "search_id, total", "clean_search_request", "a1", "a2") == [
        ("a1", 12),
        ("a2", None),
    ]
    columns = "search_id, cid"
    assert of_ids(built, columns, "clean_search_result_interaction", "a1", "a2") == [
        ("a1", "c1"),
        ("a2", "c1"),
    ]


def test_of_texts_typed_under_one_id_the_last_is_the_query(built: Warehouse) -> None:
    columns = "search_id, search_query, raw_row_count, typed_row_count, is_ts_disputed"
    assert of_ids(built, columns, "clean_search_request", "s1", "s2") == [
        ("s1", "blade runner", 4, 3, 0),
        ("s2", "blade runner", 4, 3, 0),
    ]
    assert of_ids(
        built, "search_id, outcome", "int_search_request_checked", "s1", "s2"
    ) == [
        *([("s1", "clean")] + 3 * [("s1", "folded")]),
        *([("s2", "clean")] + 3 * [("s2", "folded")]),
    ]
    assert of_ids(built, "search_id, cid", "clean_search_result_interaction", "s2") == [
        ("s2", "c1")
    ]


def test_an_id_that_stands_for_nothing_links_no_click(built: Warehouse) -> None:
    for table in (
        "int_search_request_checked",
        "int_search_result_interaction_checked",
    ):
        assert of_ids(built, "outcome, reject_reason", table, "undefined") == 2 * [
            ("rejected", "placeholder_id")
        ]
