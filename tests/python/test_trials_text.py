"""Small logs as other teams write them: each row ends where it should."""

from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import ROOT, NewWarehouse

from lab.warehouse import Warehouse

TRIALS = ROOT / "tests" / "trials"
# What the malformed and overlong rows hold, in parts that a cut would leave.
PERSONAL_DATA = (
    *(
        "zqjane",
        "jane.doe",
        "4111",
        "23456789",
        "203.0.113",
        "4915123456789",
        "\\u0040",
    ),
    *("\\u002B", "\\u002b", "\\uff14"),
)

Built = Callable[[str], Warehouse]


@pytest.fixture
def built(new_warehouse: NewWarehouse) -> Built:
    """Loads a trial into a new database and builds the clean layer."""

    def build(trial: str) -> Warehouse:
        warehouse = new_warehouse("trial")
        warehouse.load(TRIALS / trial)
        warehouse.build_clean_layer()
        return warehouse

    return build


def test_ids_that_look_like_cards_are_kept(built: Built) -> None:
    warehouse = built("04_ids_that_look_like_cards")
    assert warehouse.sorted_rows("rejected_search_request") == []
    assert warehouse.sorted_rows("rejected_search_result_interaction") == []
    requests = warehouse.query(
        "select search_id, search_query, cuid from clean_search_request"
        " order by search_id"
    )
    assert requests == [
        ("a1", "jaws", "fb.1.1583846671000.144532362"),
        ("a2", "jaws", "fb.1.1583846671001.144532362"),
        ("a4", "clip 1583846671026", "u4"),
        ("a5", "alien", "u5"),
        ("evt:1583846671018", "alien", "u3"),
    ]
    clicks = warehouse.query("select cid from clean_search_result_interaction")
    assert clicks == [("https://video.example/clip/1583846671026",)]


def test_nested_percent_signs_are_decoded_to_the_address_behind_them(
    built: Built,
) -> None:
    warehouse = built("16_nested_percent_signs")
    queries = warehouse.query(
        "select search_query, count(*) from clean_search_request group by search_query"
    )
    assert sorted(queries) == [("[email]", 30), ("cats", 30)]


def texts_outside_of_raw_tables(warehouse: Warehouse) -> str:
    """All text of all tables and views but the landed ones."""
    names = [*warehouse.tables("table"), *warehouse.tables("view")]
    return "\n".join(
        repr(row)
        for name in names
        if not name.startswith("landed_") and name not in _SEEDS_AND_WORDS
        for row in warehouse.sorted_rows(name)
    )


_SEEDS_AND_WORDS = frozenset(
    path.stem for path in (Path(ROOT) / "seeds").rglob("*.csv")
) | {"english_word", "int_listed_word_shortened"}


@pytest.mark.parametrize(
    ("trial", "rejected_count"),
    [("17_personal_data_across_a_cut", 7), ("18_personal_data_in_json_escapes", 5)],
)
def test_no_part_of_personal_data_is_left_in_rejected_rows(
    built: Built, trial: str, rejected_count: int
) -> None:
    warehouse = built(trial)
    reasons = warehouse.query("select reject_reason from rejected_search_request")
    assert reasons == [("malformed_line",)] * rejected_count
    text = texts_outside_of_raw_tables(warehouse)
    assert [part for part in PERSONAL_DATA if part in text] == []
