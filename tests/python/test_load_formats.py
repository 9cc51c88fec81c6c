"""JSON lines, Parquet, gzip and encodings."""

import datetime
import decimal
import gzip
import json
import shlex
import sqlite3
import subprocess
import sys
import uuid
import zlib
from pathlib import Path

import pyarrow as arrow  # type: ignore[import-untyped]
import pytest
from pyarrow import parquet

from clip_search.load import LoadError, load
from clip_search.logs import SEARCH_RESULT_INTERACTION

CLICKS = "search_result_interaction"
Row = tuple[int | str | None, ...]


def landed(path: Path) -> list[Row]:
    """Load one file of clicks; its rows: line_number, the columns, malformed_line."""
    database = path.with_suffix(".db")
    load([path], database)
    connection = sqlite3.connect(database)
    rows = connection.execute("""
        select line_number, search_id, ts, cid, position, malformed_line
        from landed_search_result_interaction
        order by line_number
    """).fetchall()
    connection.close()
    return rows


def landed_json(folder: Path, *lines: str) -> list[Row]:
    """The same for lines of JSON."""
    path = folder / f"{CLICKS}.jsonl"
    path.write_bytes("\n".join(lines).encode())
    return landed(path)


def whole(**others: str) -> str:
    """A line of JSON with all columns; others are added as JSON text."""
    keys = {"search_id": '"a"', "ts": '"b"', "cid": '"c"', "position": '"1"', **others}
    return "{" + ", ".join(f'"{key}": {value}' for key, value in keys.items()) + "}"


@pytest.mark.parametrize(
    ("json_value", "text"),
    [
        ('"text"', "text"),
        ('" é\\n\\u00e9\\ud83d\\ude00"', " é\né😀"),
        ("2.50", "2.50"),
        ("2.0", "2"),
        ("-0.0", "0"),
        ("1e3", "1000"),
        ("12345678901.0", "12345678901"),
        ("1.2345678901E10", "12345678901"),
        ("12345678901234567890123", "12345678901234567890123"),
        ("12345678901234567890123.0", "12345678901234567890123"),
        ("1e-999999999", "1e-999999999"),
        ("1e99999999999999999999", "1e99999999999999999999"),
        ("-1e400", "-1e400"),
        ("9" * 5000, "9" * 5000),
        ("true", "true"),
        ("false", "false"),
        ("null", None),
        ('"null"', "null"),
        ('""', ""),
        ("[ ]", "[]"),
        ('{ "a" : [1.50, "x y", null, true], "é": {} }',
         '{"a":[1.50,"x y",null,true],"é":{}}'),
    ],
)  # fmt: skip
def test_json_values_become_text(
    tmp_path: Path, json_value: str, text: str | None
) -> None:
    line = whole(cid=json_value, extra="{}")
    assert landed_json(tmp_path, line) == [(1, "a", "b", text, "1", None)]


def test_an_absent_key_is_null_where_another_line_has_it(tmp_path: Path) -> None:
    assert landed_json(tmp_path, "{}", whole(), '{"ts": "t"}\r', "") == [
        (1, None, None, None, None, None),
        (2, "a", "b", "c", "1", None),
        (3, None, "t", None, None, None),
    ]


@pytest.mark.parametrize(
    "line",
    [
        '{"search_id": ',
        "[1]",
        '"text"',
        "12",
        " ",
        "search_id,ts,cid,position",
        whole(cid="NaN"),
        whole(cid="-Infinity"),
        whole(cid='"\\ud800"'),
        whole(cid='"\\u0000"'),
        whole(cid='["\\udfff"]'),
        whole() + whole(),
        "[" * 200_000,
        '{"search_id":' * 100_000,
    ],
    ids=lambda line: line[:30],
)
def test_what_is_no_object_of_json_is_kept_as_malformed(
    tmp_path: Path, line: str
) -> None:
    assert landed_json(tmp_path, whole(), line, whole()) == [
        (1, "a", "b", "c", "1", None),
        (2, None, None, None, None, line),
        (3, "a", "b", "c", "1", None),
    ]


def test_a_nul_in_a_line_of_json_is_shown_by_a_symbol(tmp_path: Path) -> None:
    rows = landed_json(tmp_path, whole(), whole(cid='"\0"'))
    assert rows[1] == (2, None, None, None, None, whole(cid='"\N{SYMBOL FOR NULL}"'))


def test_an_empty_line_of_json_lines_is_skipped(tmp_path: Path) -> None:
    lines = ["", whole(), "\r", whole()]
    assert [row[0] for row in landed_json(tmp_path, *lines)] == [2, 4]


def test_a_key_that_no_line_has_is_null(tmp_path: Path) -> None:
    lines = ["oops", '{"search_id": "a", "ts": null}']
    assert landed_json(tmp_path, *lines) == [
        (1, None, None, None, None, "oops"),
        (2, "a", None, None, None, None),
    ]


def test_objects_without_any_column_of_the_log_are_an_error(tmp_path: Path) -> None:
    with pytest.raises(LoadError, match="no object has any of the keys") as caught:
        landed_json(tmp_path, '{"hits": {"hits": []}}', "{}")
    assert "search_result_interaction log" in caught.value.remedy


def test_a_file_without_any_object_loads_its_malformed_lines(tmp_path: Path) -> None:
    assert landed_json(tmp_path, "oops") == [(1, None, None, None, None, "oops")]


@pytest.mark.parametrize(
    ("ending", "data"),
    [
        (".csv", b""),
        (".csv.gz", b""),
        (".csv.gz", gzip.compress(b"", mtime=0)),
        (".jsonl", b""),
        (".jsonl.gz", b""),
        (".jsonl.gz", gzip.compress(b"", mtime=0)),
    ],
)
def test_an_empty_file_is_a_log_without_rows(
    tmp_path: Path, ending: str, data: bytes
) -> None:
    path = tmp_path / f"{CLICKS}{ending}"
    path.write_bytes(data)
    assert landed(path) == []


def written_parquet(folder: Path, **columns: object) -> Path:
    """A Parquet file of clicks, with the named columns in place of text."""
    row_count = max([1, *(len(column) for column in columns.values())])  # type: ignore[arg-type]
    texts = {name: ["x"] * row_count for name in ("search_id", "ts", "cid", "position")}
    path = folder / f"{CLICKS}.parquet"
    parquet.write_table(arrow.table({**texts, **columns}), path)
    return path


UUID = uuid.UUID("123e4567-e89b-42d3-a456-426614174000")
BYTES_16 = arrow.binary(16)
HITS = '{"value":12,"relation":"eq"}'
NOON = datetime.datetime(2020, 3, 10, 12, 0, 1)


@pytest.mark.parametrize(
    ("column", "texts"),
    [
        (arrow.array(["", None, "null"]), ["", None, "null"]),
        (arrow.array([2, None, -1]), ["2", None, "-1"]),
        (arrow.array([2.5, 95330844.0]), ["2.5", "95330844"]),
        (arrow.array([decimal.Decimal("2.00")]), ["2"]),
        (arrow.array([decimal.Decimal("2.50")]), ["2.50"]),
        (
            arrow.array([12345678901.0, float("nan"), float("inf"), -0.0, 1e15]),
            ["12345678901", None, "inf", "0", "1000000000000000"],
        ),
        (arrow.array([16777216.0, 0.1], arrow.float32()), ["16777216", "0.1"]),
        (arrow.array([7.0, float("nan")]).dictionary_encode(), ["7", None]),
        (
            arrow.array([decimal.Decimal("12345678901.0000000000")]),
            ["12345678901"],
        ),
        (arrow.array([2**64 - 1], arrow.uint64()), ["18446744073709551615"]),
        (arrow.array([True, False]), ["true", "false"]),
        (arrow.array([NOON.date()]), ["2020-03-10"]),
        (
            arrow.array([UUID.bytes, bytes(16), None, b"abcdefgh12345678"], BYTES_16),
            [str(UUID), str(uuid.UUID(int=0)), None, "abcdefgh12345678"],
        ),
        (
            arrow.array([UUID.bytes, bytes(16), "dé jà vu, ici!".encode()]),
            [str(UUID), str(uuid.UUID(int=0)), "dé jà vu, ici!"],
        ),
        (
            arrow.ExtensionArray.from_storage(
                arrow.uuid(), arrow.array([UUID.bytes, b"abcdefgh12345678"], BYTES_16)
            ),
            [str(UUID), "61626364-6566-6768-3132-333435363738"],
        ),
        (arrow.array([{"value": 12, "relation": "eq"}]), [HITS]),
        (arrow.array([b"id"]), ["id"]),
        (arrow.array(["a", "b"]).dictionary_encode(), ["a", "b"]),
        (arrow.array([[1, None], None]), ["[1,null]", None]),
        (arrow.nulls(1), [None]),
        (arrow.array([NOON], arrow.timestamp("ms")), ["2020-03-10 12:00:01.000"]),
        (
            arrow.array([NOON], arrow.timestamp("us", "UTC")),
            ["2020-03-10 12:00:01.000000Z"],
        ),
        (
            arrow.array([NOON], arrow.timestamp("ms", "America/New_York")),
            ["2020-03-10 08:00:01.000-0400"],
        ),
    ],
    ids=lambda value: str(value.type) if hasattr(value, "type") else "",
)
def test_parquet_values_become_text(
    tmp_path: Path, column: object, texts: list[str | None]
) -> None:
    assert landed(written_parquet(tmp_path, cid=column)) == [
        (row_number, "x", "x", text, "x", None)
        for row_number, text in enumerate(texts, 1)
    ]


def test_parquet_rows_are_numbered_on_across_batches(tmp_path: Path) -> None:
    ids = [str(at) for at in range(10_000)]
    rows = landed(written_parquet(tmp_path, search_id=ids, extra=ids))
    assert [(row[0], row[1]) for row in rows] == list(enumerate(ids, 1))


def test_a_parquet_row_with_a_nul_is_malformed(tmp_path: Path) -> None:
    path = written_parquet(tmp_path, cid=["a", "b\0", None])
    # Each declared column that the file lacks is empty.
    lacking = "," * (len(SEARCH_RESULT_INTERACTION.columns) - 4)
    assert landed(path) == [
        (1, "x", "x", "a", "x", None),
        (2, None, None, None, None, f"x,x,b\N{SYMBOL FOR NULL},x{lacking}"),
        (3, "x", "x", None, "x", None),
    ]


def test_a_parquet_file_without_rows_loads_none(tmp_path: Path) -> None:
    path = tmp_path / f"{CLICKS}.parquet"
    names = ["search_id", "ts", "cid", "position"]
    parquet.write_table(arrow.table({name: arrow.array([]) for name in names}), path)
    assert landed(path) == []


def test_a_parquet_file_without_a_column_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / f"{CLICKS}.parquet"
    parquet.write_table(arrow.table({"search_id": ["a"], "cid": ["b"]}), path)
    with pytest.raises(LoadError, match="no column ts, position"):
        landed(path)


@pytest.mark.parametrize("data", [b"", b"search_id,ts,cid,position\n", b"PAR1"])
def test_what_is_no_parquet_is_an_error(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / f"{CLICKS}.parquet"
    path.write_bytes(data)
    with pytest.raises(LoadError, match="cannot be read as Parquet"):
        landed(path)


def test_an_empty_parquet_file_is_no_copy_of_an_empty_text_file(
    tmp_path: Path,
) -> None:
    (tmp_path / f"{CLICKS}.csv").touch()
    (tmp_path / f"{CLICKS}.parquet").touch()
    with pytest.raises(LoadError, match="cannot be read as Parquet") as caught:
        load([tmp_path], tmp_path / "a.db")
    assert caught.value.file == tmp_path / f"{CLICKS}.parquet"


def test_a_damaged_page_of_parquet_is_an_error(tmp_path: Path) -> None:
    path = written_parquet(tmp_path, cid=[str(at) * 9 for at in range(2_000)])
    data = bytearray(path.read_bytes())
    data[20:2_000] = bytes(1_980)
    path.write_bytes(data)
    with pytest.raises(LoadError, match="cannot be read as Parquet"):
        landed(path)


def test_bytes_in_parquet_that_are_no_text_are_an_error(tmp_path: Path) -> None:
    path = written_parquet(tmp_path, cid=arrow.array([b"\xff"], arrow.binary()))
    with pytest.raises(LoadError, match="cannot be read as Parquet"):
        landed(path)


def test_text_files_are_loaded_without_importing_pyarrow(tmp_path: Path) -> None:
    path = tmp_path / f"{CLICKS}.csv"
    path.write_text("search_id,ts,cid,position\na,b,c,1\n", encoding="utf-8")
    code = (
        "import sys; from pathlib import Path; from clip_search.load import load; "
        "load([Path(sys.argv[1])], Path(sys.argv[2])); "
        "sys.exit('pyarrow' in sys.modules)"
    )
    command = [sys.executable, "-c", code, str(path), str(tmp_path / "a.db")]
    assert subprocess.run(command, check=False).returncode == 0


CSV_LINES = "".join(f"id{at},2020,{at * 7919 % 65537},1\n" for at in range(20_000))
CSV_BYTES = ("search_id,ts,cid,position\n" + CSV_LINES).encode()


@pytest.mark.parametrize("kept_share", [0.1, 0.5, 0.999])
def test_a_truncated_gzip_names_the_line_reached(
    tmp_path: Path, kept_share: float
) -> None:
    compressed = gzip.compress(CSV_BYTES)
    cut = compressed[: int(len(compressed) * kept_share)]
    path = tmp_path / f"{CLICKS}.csv.gz"
    path.write_bytes(cut)
    readable = zlib.decompressobj(wbits=31).decompress(cut)
    with pytest.raises(LoadError, match="cut off or damaged") as caught:
        landed(path)
    assert caught.value.line == readable.count(b"\n") + 1


def test_a_damaged_gzip_is_an_error(tmp_path: Path) -> None:
    compressed = bytearray(gzip.compress(CSV_BYTES))
    path = tmp_path / f"{CLICKS}.csv.gz"
    for at in (len(compressed) // 2, len(compressed) - 6, 0):
        damaged = compressed.copy()
        damaged[at] ^= 0xFF
        path.write_bytes(damaged)
        with pytest.raises(LoadError, match="cut off or damaged"):
            landed(path)


def test_a_gzip_of_several_members_is_one_file(tmp_path: Path) -> None:
    path = tmp_path / f"{CLICKS}.csv.gz"
    header = b"search_id,ts,cid,position\n"
    path.write_bytes(gzip.compress(header) + gzip.compress(b"a,b,c,1\n"))
    assert landed(path) == [(2, "a", "b", "c", "1", None)]


def test_compressed_content_under_a_plain_name_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / f"{CLICKS}.csv"
    path.write_bytes(gzip.compress(CSV_BYTES))
    with pytest.raises(LoadError, match="compressed by gzip"):
        landed(path)


@pytest.mark.parametrize("line", [1, 2, 15_000, 20_001])
def test_bytes_that_are_not_utf_8_name_their_line_and_the_remedy_works(
    tmp_path: Path, line: int
) -> None:
    lines = CSV_BYTES.decode().splitlines(keepends=True)
    lines[line - 1] = "é" + lines[line - 1][1:]
    if line == 1:
        lines[0] = "search_id,ts,cid,position,é\n"
    path = tmp_path / f"{CLICKS} $1.csv"
    path.write_bytes("".join(lines).encode("cp1252"))
    with pytest.raises(LoadError, match=r"not UTF-8 \(byte 0xe9\)") as caught:
        landed(path)
    assert caught.value.line == line
    command = caught.value.remedy.partition("example: ")[2]
    assert shlex.quote(str(path)) in command
    subprocess.run(["/bin/sh", "-c", command], check=True, cwd=tmp_path)
    assert path.read_text(encoding="utf-8") == "".join(lines)


def test_a_character_cut_off_at_the_end_is_not_utf_8(tmp_path: Path) -> None:
    path = tmp_path / f"{CLICKS}.csv"
    path.write_bytes(b"search_id,ts,cid,position\na,b,c,\xc3")
    with pytest.raises(LoadError, match="not UTF-8") as caught:
        landed(path)
    assert caught.value.line == 2


@pytest.mark.parametrize("suffix", [".csv", ".csv.gz", ".jsonl"])
def test_utf_16_is_recognised(tmp_path: Path, suffix: str) -> None:
    data = CSV_BYTES.decode().encode("utf-16")
    path = tmp_path / f"{CLICKS}{suffix}"
    path.write_bytes(gzip.compress(data) if suffix == ".csv.gz" else data)
    with pytest.raises(LoadError, match="UTF-16") as caught:
        landed(path)
    assert "iconv -f UTF-16 -t UTF-8" in caught.value.remedy


def test_a_line_without_an_end_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLIP_SEARCH_MAX_LINE_MIB", "1")
    path = tmp_path / f"{CLICKS}.csv"
    path.write_bytes(b"search_id,ts,cid,position\n" + b"x" * (3 << 20))
    with pytest.raises(LoadError, match="no end within 1 MiB") as caught:
        landed(path)
    assert caught.value.line == 2


def test_json_lines_may_be_compressed_and_have_a_byte_order_mark(
    tmp_path: Path,
) -> None:
    path = tmp_path / f"{CLICKS}.jsonl.gz"
    keys = {"search_id": "é", "ts": "b", "cid": "c", "position": 1}
    path.write_bytes(gzip.compress(json.dumps(keys).encode("utf-8-sig")))
    assert landed(path) == [(1, "é", "b", "c", "1", None)]
