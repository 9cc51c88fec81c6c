"""Metadata of clips: from files and from answers of the Vimeo API to the table clip."""

import json
from pathlib import Path

import pytest

from clip_search.load import load
from clip_search.mapping import mapping_of_file, mapping_of_preset
from clip_search.mapping.field import Key
from lab.warehouse import Row, Warehouse
from tests.python.clip_site import video
from tests.python.conftest import NewWarehouse

LANDED = (
    "select line_number, cid, name, description, tags, categories, owner,"
    " duration_seconds, plays, created_at, malformed_line from landed_clip"
    " order by line_number"
)

TESTS = ("assert_each_clip_record_counts_once", "assert_raw_rows_are_all_loaded_rows")


@pytest.fixture
def warehouse(new_warehouse: NewWarehouse) -> Warehouse:
    return new_warehouse("clips")


def landed(cid: str, line: int) -> Row:
    return (
        line, cid, f"Clip {cid}", "Sharks.\nMail joe@example.com", '["shark","sea"]',
        '["Animals"]', "Joe Example", "62", "1204", "2013-10-15T14:08:29+00:00", None,
    )  # fmt: skip


def written(warehouse: Warehouse, name: str, text: str) -> Path:
    path = warehouse.database.with_name(name)
    path.write_text(text, "utf-8")
    return path


def test_the_preset_reads_one_video_a_page_and_lines(warehouse: Warehouse) -> None:
    page = {"total": 2, "page": 1, "data": [video("1"), video("2")]}
    pretty = json.dumps(page, indent=2)
    missing = {"uri": "/videos/7", "missing": 404}
    lines = [json.dumps(each) for each in (video("3"), missing, video("4"))]
    files = {
        "page.json": (pretty, [landed("1", 1), landed("2", 2)], 0),
        "video.json": (json.dumps(video("5")), [landed("5", 1)], 0),
        "answers.jsonl": (
            "\n".join([*lines, "{broken"]),
            [landed("3", 1), landed("4", 3), (4, *[None] * 9, "{broken")],
            1,
        ),
    }
    for name, (text, rows, left_out) in files.items():
        path = written(warehouse, name, text)
        report = load([path], warehouse.database, None, mapping_of_preset("vimeo"))
        assert [file.left_out_count for file in report.files] == [left_out]
        assert warehouse.query(LANDED) == rows
        warehouse.unload(path)


def test_a_page_without_clips_loads_none(warehouse: Warehouse) -> None:
    path = written(warehouse, "page.json", '{"data": [{"error": "gone"}]}')
    report = load([path], warehouse.database, None, mapping_of_preset("vimeo"))
    assert [file.left_out_count for file in report.files] == [1]
    assert warehouse.query(LANDED) == []


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("/videos/123456", "123456"),
        ("/videos/123456/", "123456"),
        # An unlisted video has a key as well.
        ("/videos/123456:8fb8cdd8f3", "123456"),
        ("https://vimeo.com/123456", "123456"),
        ("123456", "123456"),
        ("a:b", "a:b"),
        (7, "7"),
        ("/", None),
        ("", None),
        (None, None),
    ],
)
def test_the_last_part_of_a_path(value: object, expected: str | None) -> None:
    assert Key("uri", "last").read({"uri": value}) == expected


def test_the_names_in_a_list_of_objects() -> None:
    names = Key("a.tags.name", "names")
    tags = [{"name": "x"}, {"tag": "y"}, "z", {"name": None}, {"name": "x;w"}]
    assert names.read({"a": {"tags": tags}}) == ["x", "x;w"]
    assert names.read({"a": {"tags": [{"tag": "y"}]}}) is None
    assert names.read({"a": {"tags": []}}) is None
    assert names.read({"a": {"tags": {"name": "x"}}}) is None
    assert names.read({}) is None
    inner = Key("tags.of.name", "names")
    assert inner.read({"tags": {"of": [{"name": "x"}]}}) == ["x"]


def test_a_mapping_may_say_the_unit_of_a_clips_time(
    warehouse: Warehouse, tmp_path: Path
) -> None:
    mapping = tmp_path / "own.toml"
    mapping.write_text('[clip]\ncid = "id"\ncreated_at = "at"\nunit = "s"\n')
    path = written(warehouse, "own.jsonl", '{"id": "c1", "at": 1381846109}\n')
    load([path], warehouse.database, None, mapping_of_file(mapping))
    warehouse.build_clean_layer()
    assert warehouse.query("select cid, created_at from clip") == [
        ("c1", "2013-10-15T14:08:29.000Z")
    ]


# Five builds; the unit tests of `clip` have each outcome.
@pytest.mark.long
def test_each_record_ends_in_one_of_two_tables_after_every_load(
    warehouse: Warehouse,
) -> None:
    def counted() -> tuple[list[Row], list[Row]]:
        told = warehouse.dbt("test", "--select", *TESTS)
        assert all(f"PASS {name}" in told for name in TESTS)
        rows = warehouse.query(
            "select cid, name, tags, plays, raw_row_count from clip order by cid"
        )
        return rows, warehouse.sorted_rows("rejected_clip")

    # Without files of clips, the tables are empty.
    warehouse.build_clean_layer()
    assert counted() == ([], [])

    first = written(
        warehouse,
        "clips_1.csv",
        "cid,name,tags,plays\n"
        "c1,Old name,a;b,7\n"
        "c2,Mail joe@example.com,,many\n"
        "c2,Second line,,8\n"
        ",Nobody,,\n"
        "undefined,Program,,\n"
        "c3,too,many,fields,here\n",
    )
    warehouse.load(first)
    warehouse.build_clean_layer()
    rejected: list[Row] = [
        (None, "Nobody", None, "missing_cid"),
        (None, None, "c3,too,many,fields,here", "malformed_line"),
        ("undefined", "Program", None, "placeholder_id"),
    ]
    rows, found = counted()
    assert rows == [("c1", "Old name", "a;b", 7, 1), ("c2", "Second line", None, 8, 2)]
    assert found == sorted(rejected, key=repr)

    # A later load wins, and an incremental build shows it.
    second = written(warehouse, "clips_2.jsonl", '{"cid": "c1", "name": "New name"}\n')
    warehouse.load(second)
    warehouse.take_in()
    rows, found = counted()
    assert rows == [
        ("c1", "New name", None, None, 2),
        ("c2", "Second line", None, 8, 2),
    ]
    assert found == sorted(rejected, key=repr)
    incremental = warehouse.sorted_rows("clip")
    warehouse.rebuild()
    assert warehouse.sorted_rows("clip") == incremental

    # What is unloaded is gone.
    warehouse.unload(first)
    warehouse.take_in()
    assert counted() == ([("c1", "New name", None, None, 1)], [])
