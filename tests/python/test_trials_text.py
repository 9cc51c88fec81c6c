"""Small logs as other teams write them: each row ends where it should."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import ROOT, NewWarehouse
from dbt_common.exceptions import CompilationError

from clip_search.text_rules import normalize_query_text
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


def test_times_with_a_named_zone_are_read(built: Built) -> None:
    warehouse = built("03_times_with_a_named_zone")
    assert warehouse.sorted_rows("rejected_search_request") == []
    times = warehouse.query(
        "select search_id, ts, is_zone_assumed from clean_search_request"
        " order by search_id"
    )
    assert times == [
        ("t0", "2020-03-10T13:24:31.000Z", 0),
        ("t11", "2020-03-10T13:24:31.250Z", 0),
        ("t12", "2020-03-10T13:24:31.250Z", 0),
        ("t3", "2020-03-10T13:24:31.123Z", 0),
        ("t5", "2020-03-10T13:24:31.000Z", 0),
        ("t6", "2020-03-10T13:24:31.000Z", 0),
        ("t7", "2020-03-10T13:24:31.123Z", 0),
    ]


ZONELESS = """search_id,search_query,ts,cuid,total
z1,jaws,2020-03-10 14:24:31,u1,12
z2,jaws,2020-03-10T13:24:31Z,u2,12
"""


def test_a_log_without_zones_is_read_in_the_assumed_one(
    new_warehouse: NewWarehouse, tmp_path: Path
) -> None:
    warehouse = new_warehouse("zone")
    log = tmp_path / "search_request.csv"
    log.write_text(ZONELESS, "utf-8")
    warehouse.load(log)
    warehouse.build_clean_layer()
    read = "select search_id, ts, is_zone_assumed from clean_search_request"
    second = ("z2", "2020-03-10T13:24:31.000Z", 0)
    assert warehouse.query(read) == [second]
    warehouse.build_clean_layer("{assume_zone: Europe/Berlin}")
    assert warehouse.query(f"{read} order by search_id") == [
        ("z1", "2020-03-10T13:24:31.000Z", 1),
        second,
    ]


@pytest.mark.parametrize("zone", ["Mars", "120", "x') or ('", "Europe/Berlin;"])
def test_a_wrong_assumed_zone_stops_the_run_at_its_start(
    zone: str, new_warehouse: NewWarehouse
) -> None:
    warehouse = new_warehouse("wrong_zone")
    said = f"assume_zone: '{zone}' is no time zone. Use a name of IANA"
    with pytest.raises(CompilationError, match=re.escape(said)):
        warehouse.build_clean_layer(json.dumps({"assume_zone": zone}))


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


# Each hides the same address, or the same card.
DISGUISES = (
    *("zqjane@x.com", "zqjane@localhost", "zqjane%40x.com", "zqjane%2540x.com"),
    *("zqjane&#64;x.com", "zqjane&#64x.com", "zqjane&#x40;x.com"),
    *("zqjane&commat;x.com", "zqjane%u0040x.com", "zqj%61ne@x%2Ecom"),
    *(r"zqjane\@x.com", r"zqjane\u0040x.com", r"zqjane\u{40}x.com"),
    *("ｚｑｊａｎｅ＠ｘ．ｃｏｍ", "zqjane﹫x.com", "zqjane%EF%BC%A0x.com"),
    *("zq\u200bjane@x.com", "zqjane@x\u200d.com", "zqjane\u2060@x.com"),
    *("zqjane@x.c\u00adom", "zqjane\x1b@x.com", "zqjane@\x07x.com"),
    *("4111111111111111", "４１１１ １１１１ １１１１ １１１１", "٤١١١ ١١١١ ١١١١ ١١١١"),
    *("4111\u200b1111\u200b1111\u200b1111", "4111&nbsp;1111&nbsp;1111&nbsp;1111"),
    "4111%201111%201111%201111",
)


def test_disguised_personal_data_is_in_no_table_but_the_raw_ones(
    new_warehouse: NewWarehouse, tmp_path: Path
) -> None:
    time = "2020-03-10T13:24:31Z"
    rows = [
        row
        for turn, text in enumerate(DISGUISES)
        for row in (
            # A query, one of a rejected row, an id, a time, a malformed line.
            (f"clean{turn}", text, time, "u1", "9"),
            (f"rejected{turn}", text, "yesterday", "u1", "9"),
            # (In ids, sixteen digits are no card.)
            (f"id:{text}" if "jane" in text else "", "jaws", time, f"u {text}", text),
            (f"with_words{turn}", f"{text} or {text} please", time, "u1", "9"),
            (f"time{turn}", "jaws", text, "u1", "9"),
            (f"broken{turn}", text, time),
        )
    ]
    lines = ["search_id,search_query,ts,cuid,total", *map(",".join, rows)]
    (tmp_path / "search_request.csv").write_text("\n".join(lines), "utf-8")
    warehouse = new_warehouse("disguised")
    warehouse.load(tmp_path)
    warehouse.build_clean_layer()
    counted = "select count(*) from clean_search_request"
    assert warehouse.query(counted) == [(2 * len(DISGUISES),)]
    kinds = warehouse.query("select distinct query_kind from clean_search_request")
    assert sorted(kinds) == [("card",), ("email",)]
    text = normalize_query_text(texts_outside_of_raw_tables(warehouse))
    assert "[email]" in text
    for part in ("jane", "x.com", "4111", "1111"):
        assert part not in text


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
) | {"english_word", "int_common_word_shortened", "int_listed_word_shortened"}


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
