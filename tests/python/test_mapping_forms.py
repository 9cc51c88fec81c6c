"""What a mapping can say: forms of files, lists, times, positions, ids made up."""

import json
from pathlib import Path

import pyarrow as arrow
import pytest
from pyarrow import parquet
from typer.testing import CliRunner

from clip_search.cli import app
from clip_search.load import LoadError, load
from clip_search.mapping import mapping_of_file, mapping_of_preset
from clip_search.mapping.inferred_id import inferred_search_id, inferred_session_id
from clip_search.mapping.logged_time import logged_time
from lab.warehouse import Warehouse
from tests.python.conftest import NewWarehouse
from tests.python.preset_samples import sample

CLICKS = """
[search_result_interaction]
search_id = "search"
ts = "at"
cid = "clip.id"
position = "place"
"""
RECORDS = [
    {"search": "s1", "at": "2020-03-10T10:00:00Z", "clip": {"id": "c1"}, "place": 1},
    {"search": "s2", "at": "2020-03-10T10:00:01Z", "clip": {"id": "c2"}, "place": 12},
]
LANDED = (
    "select line_number, search_id, ts, cid, position"
    " from landed_search_result_interaction order by line_number"
)
EXPECTED = [
    (1, "s1", "2020-03-10T10:00:00Z", "c1", "1"),
    (2, "s2", "2020-03-10T10:00:01Z", "c2", "12"),
]


@pytest.fixture
def warehouse(new_warehouse: NewWarehouse) -> Warehouse:
    return new_warehouse("mapped")


def landed(warehouse: Warehouse, file: Path, toml: str) -> list[tuple[object, ...]]:
    """The clicks that a file has by a mapping."""
    mapping = file.with_name("mapping.toml")
    mapping.write_text(toml, "utf-8")
    load([file], warehouse.database, None, mapping_of_file(mapping))
    return warehouse.query(LANDED)


def test_csv_has_keys_in_its_header(warehouse: Warehouse, tmp_path: Path) -> None:
    """A row has the number of the line on which it starts."""
    file = tmp_path / "clicks.csv"
    file.write_text(
        "search;at;clip.id;place;note\r\n"
        's1;2020-03-10T10:00:00Z;c1;1;"two\nlines; one value"\r\n'
        "\r\n"
        "s2;2020-03-10T10:00:01Z;c2;12;\r\n"
        "s3;too few\r\n",
        "utf-8",
        newline="",
    )
    found = landed(warehouse, file, 'format = "csv"' + CLICKS)
    assert [row[1:] for row in found] == [
        *(row[1:] for row in EXPECTED),
        (None, None, None, None),
    ]
    assert [row[0] for row in found] == [2, 5, 6]


def test_parquet_has_keys_in_its_columns(warehouse: Warehouse, tmp_path: Path) -> None:
    file = tmp_path / "clicks.parquet"
    parquet.write_table(arrow.Table.from_pylist(RECORDS), file)
    assert landed(warehouse, file, 'format = "parquet"' + CLICKS) == EXPECTED


@pytest.mark.parametrize(
    ("document", "records"),
    [(RECORDS, ""), ({"page": {"data": RECORDS}}, 'records = "page.data"\n')],
)
def test_a_document_is_a_list_or_has_one(
    document: object, records: str, warehouse: Warehouse, tmp_path: Path
) -> None:
    file = tmp_path / "clicks.json"
    file.write_text(json.dumps(document, indent=2), "utf-8")
    assert landed(warehouse, file, f'format = "json"\n{records}' + CLICKS) == EXPECTED


def test_a_document_without_the_list_is_one_record(
    warehouse: Warehouse, tmp_path: Path
) -> None:
    file = tmp_path / "click.json"
    file.write_text(json.dumps(RECORDS[0], indent=2), "utf-8")
    toml = 'format = "json"\nrecords = "data"\n' + CLICKS
    assert landed(warehouse, file, toml) == EXPECTED[:1]


def test_a_broken_document_says_what_to_do(
    warehouse: Warehouse, tmp_path: Path
) -> None:
    file = tmp_path / "clicks.json"
    file.write_text('{"search": ', "utf-8")
    with pytest.raises(LoadError, match="no JSON document"):
        landed(warehouse, file, 'format = "json"' + CLICKS)


def test_each_element_of_a_list_is_a_row(warehouse: Warehouse, tmp_path: Path) -> None:
    """Line 2, element 1 is row 2001. A malformed line has no elements."""
    file = tmp_path / "clicks.jsonl"
    lines = [
        {"search": "s1", "ids": ["c1", "c2"], "places": [4, 7]},
        {"search": "s2", "ids": ["c3"]},
        {"search": "s3"},
        {"search": "s4", "ids": ["c4", "c5"], "places": [1]},
    ]
    file.write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
    found = landed(
        warehouse,
        file,
        '[search_result_interaction]\nexplode = ["ids", "places"]\nposition_from = 1\n'
        'search_id = "search"\nts = ["at", "search"]\ncid = "ids"\nposition = "places"',
    )
    assert [(row[0], row[1], *row[3:]) for row in found] == [
        (1001, "s1", "c1", "4"),
        (1002, "s1", "c2", "7"),
        (2001, "s2", "c3", None),
        (3001, "s3", None, None),
        (4000, None, None, None),
    ]


@pytest.mark.parametrize(
    ("logged", "unit", "zone", "expected"),
    [
        ("1583846671", "s", None, "1583846671000000"),
        ("1583846671.257", "s", None, "1583846671257000"),
        ("1583846671257", "ms", None, "1583846671257000"),
        ("1583846671257123", "us", None, "1583846671257123"),
        # Before September 2001 milliseconds have twelve digits.
        ("999999999999", "ms", None, "0999999999999000"),
        ("1.583846671257E12", "ms", None, "1583846671257000"),
        ("2020-03-10T13:24:31Z", "s", None, "2020-03-10T13:24:31Z"),
        ("9" * 19, "s", None, "9" * 19),
        ("-5", "s", None, "-5"),
        ("2020-03-10 13:24:31", None, "Europe/Berlin", "2020-03-10T12:24:31.000Z"),
        ("2020-07-10 13:24:31", None, "Europe/Berlin", "2020-07-10T11:24:31.000Z"),
        ("2020-03-10 13:24:31Z", None, "Europe/Berlin", "2020-03-10 13:24:31Z"),
        ("yesterday", "ms", "UTC", "yesterday"),
        (None, "ms", "UTC", None),
    ],
)
def test_a_time_gets_the_unit_and_the_zone_that_it_does_not_name(
    logged: str | None, unit: str | None, zone: str | None, expected: str | None
) -> None:
    assert logged_time(logged, unit, zone) == expected


def clicks_at(folder: Path, *positions: int) -> Path:
    file = folder / f"{len(positions)}_{max(positions)}.jsonl"
    records = [{**RECORDS[0], "place": position} for position in positions]
    file.write_text("".join(json.dumps(each) + "\n" for each in records), "utf-8")
    return file


def test_positions_from_zero_are_measured_and_remembered(
    warehouse: Warehouse, tmp_path: Path
) -> None:
    mapping_file = tmp_path / "theirs.toml"
    mapping_file.write_text(CLICKS, "utf-8")
    mapping = mapping_of_file(mapping_file)
    report = load([clicks_at(tmp_path, 0, 1, 5)], warehouse.database, None, mapping)
    assert any(
        "3 positions up to 5, of which 1 are 0 and 1 are 1, so position_from is 0"
        in note
        for note in report.notes
    )
    # A day without a click on the first result counts like the days before.
    load([clicks_at(tmp_path, 3)], warehouse.database, None, mapping)
    places = {str(row[4]) for row in warehouse.query(LANDED)}
    assert places == {"1", "2", "6", "4"}


def test_positions_that_start_elsewhere_than_before_are_refused(
    warehouse: Warehouse, tmp_path: Path
) -> None:
    mapping_file = tmp_path / "theirs.toml"
    mapping_file.write_text(CLICKS, "utf-8")
    mapping = mapping_of_file(mapping_file)
    load([clicks_at(tmp_path, 1, 2)], warehouse.database, None, mapping)
    with pytest.raises(LoadError, match="positions start at 1") as raised:
        load([clicks_at(tmp_path, 0, 1, 3)], warehouse.database, None, mapping)
    assert "position_from" in raised.value.remedy
    assert len(warehouse.query(LANDED)) == 2


def test_a_mapping_that_contradicts_the_positions_is_told_so(
    warehouse: Warehouse, tmp_path: Path
) -> None:
    mapping_file = tmp_path / "theirs.toml"
    mapping_file.write_text(CLICKS + "position_from = 1", "utf-8")
    mapping = mapping_of_file(mapping_file)
    report = load([clicks_at(tmp_path, 0, 1)], warehouse.database, None, mapping)
    assert any("proposed: 0" in note for note in report.notes)
    assert {str(row[4]) for row in warehouse.query(LANDED)} == {"0", "1"}


def test_made_up_ids_are_stable_and_hold_no_digits() -> None:
    """Of `["u1", "7"]`, `sha256sum` begins with 010e3e4975175e2a838b."""
    search = inferred_search_id("u1", "7", "1583846671257123", "jaws")
    click = inferred_session_id("u1", "7", 1800)
    assert search == "inferred-abaodoejhfbhfockidil-" + str(search)[-20:]
    assert click == f"{str(search)[:29]}-1800"
    assert not any(letter.isdigit() for letter in str(search))
    assert inferred_search_id("u1", "7", "1583846671257124", "jaws") != search
    assert inferred_search_id(None, "7", "1583846671257123", "jaws") is None
    assert inferred_session_id("u2", "7", 1800) != click


def test_a_dry_run_shows_rows_and_the_ledger_and_loads_nothing(
    tmp_path: Path, warehouse: Warehouse
) -> None:
    file = tmp_path / "events.jsonl"
    file.write_text(sample("ubi").text, "utf-8")
    shown = warehouse.run("clip-search", "load", str(file), "--as", "ubi", "--dry-run")
    assert shown.returncode == 0, shown.stderr
    assert "search_request, as mapped" in shown.stdout
    assert "jaws trailer" in shown.stdout
    assert "orphan_click" in shown.stdout
    assert "position_from is 0" in shown.stdout
    assert "Dry run: nothing was loaded." in shown.stdout
    assert warehouse.query("select count(*) from load_record") == [(0,)]


def test_a_query_that_the_engine_corrected_is_kept_apart(
    warehouse: Warehouse, tmp_path: Path
) -> None:
    """What was found for the engine's own correction teaches us nothing."""
    file = tmp_path / "events.jsonl"
    records = [
        {"queryText": "jaws", "searchQueryUid": "s1", "actionCause": "searchbox"},
        {"queryText": "jaw", "searchQueryUid": "s2"},
        {
            "queryText": "jaws",
            "searchQueryUid": "s3",
            "actionCause": "didyoumeanAutomatic",
        },
    ]
    same = {"clientId": "u1", "datetime": "2020-03-10 10:00:00", "numberOfResults": 3}
    file.write_text(
        "".join(json.dumps(same | each) + "\n" for each in records), "utf-8"
    )
    load([file], warehouse.database, None, mapping_of_preset("coveo"))
    rows = warehouse.query(
        "select search_id, applied_rewrite from landed_search_request order by 1"
    )
    assert rows == [("s1", None), ("s2", None), ("s3", "jaws")]


def test_each_preset_can_be_printed() -> None:
    for name in ("ga4", "solr"):
        printed = CliRunner().invoke(app, ["mapping", name])
        assert printed.exit_code == 0
        assert "[search_request]" in printed.stdout
