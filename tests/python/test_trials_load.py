"""Small inputs that once went wrong when they were loaded, each with what is expected.

Those in `tests/trials` are files; the large ones are written here.
"""

import gzip
import os
import resource
import sqlite3
import subprocess
import sys
from pathlib import Path

import pyarrow as arrow  # type: ignore[import-untyped]
import pytest
from pyarrow import parquet

TRIALS = Path(__file__).resolve().parents[1] / "trials"
COLUMNS = ("search_id", "search_query", "ts", "cuid", "total")
HEADER = ",".join(COLUMNS)
JAWS = ("a1", "jaws", "2020-03-10T13:24:31Z", "u1", "12")
MEMORY_BYTES = 1 << 31
COMMAND = "from clip_search.command import main; main()"


def loading(folder: Path, database: Path) -> subprocess.CompletedProcess[str]:
    """`clip-search load`, with 2 GiB of address space."""
    return subprocess.run(
        [sys.executable, "-c", COMMAND, "load", str(folder)],
        env={**os.environ, "CLIP_SEARCH_DATABASE": str(database)},
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES,) * 2),
        capture_output=True,
        text=True,
        check=False,
    )


def rows_of(database: Path) -> list[tuple[str | None, ...]]:
    """The landed requests."""
    connection = sqlite3.connect(database)
    rows = connection.execute(
        f"select {HEADER} from landed_search_request order by file_id, line_number"
    ).fetchall()
    connection.close()
    return rows


def assert_refused(folder: Path, database: Path, *told: str) -> None:
    """That nothing is loaded, and that one error says what, where and what to do."""
    done = loading(folder, database)
    assert done.returncode == 1
    assert done.stderr.startswith("error: nothing was loaded")
    (file,) = (path for path in folder.iterdir() if path.name.startswith("search_"))
    for text in (f"file:    {file}", "problem: ", "remedy:  ", *told):
        assert text in done.stderr
    assert "Traceback" not in done.stderr
    connection = sqlite3.connect(database)
    assert connection.execute("select * from sqlite_master").fetchall() == []
    connection.close()


@pytest.mark.parametrize("case", ["comment_line", "semicolons", "upper_case"])
def test_a_header_in_another_form_is_read(tmp_path: Path, case: str) -> None:
    database = tmp_path / "a.db"
    done = loading(TRIALS / "05_header_errors_with_a_wrong_remedy" / case, database)
    assert done.returncode == 0, done.stderr
    assert rows_of(database) == [JAWS]


def test_csv_that_is_named_parquet_is_named_with_the_command_to_rename_it(
    tmp_path: Path,
) -> None:
    folder = TRIALS / "05_header_errors_with_a_wrong_remedy" / "csv_named_parquet"
    name = folder / "search_request"
    assert_refused(
        folder,
        tmp_path / "a.db",
        "the content is text, such as CSV",
        f"mv {name}.parquet {name}.csv",
    )


def test_an_hour_without_events_has_no_rows(tmp_path: Path) -> None:
    database = tmp_path / "a.db"
    done = loading(TRIALS / "08_an_hour_without_events", database)
    assert done.returncode == 0, done.stderr
    assert rows_of(database) == [("a1", "jaws", "2020-03-10T02:24:31Z", "u1", "12")]
    assert "search_request_03.jsonl: 0 rows, new" in done.stdout


@pytest.mark.parametrize(
    ("case", "found", "command"),
    [
        ("array", "this is a JSON array", "jq -c '.[]' "),
        ("pretty", "this is pretty-printed JSON", "jq -c . "),
    ],
)
def test_json_in_another_form_is_named_with_the_command_to_convert_it(
    tmp_path: Path, case: str, found: str, command: str
) -> None:
    folder = TRIALS / "09_not_json_lines" / case
    file = folder / "search_request.jsonl"
    assert_refused(
        folder, tmp_path / "a.db", found, f"{command}{file} > converted && mv converted"
    )


def test_a_key_that_no_row_has_is_null(tmp_path: Path) -> None:
    database = tmp_path / "a.db"
    done = loading(TRIALS / "09_not_json_lines" / "one_row_lacks_a_key", database)
    assert done.returncode == 0, done.stderr
    assert rows_of(database) == [("a1", "jaws", "2020-03-10T02:24:31Z", None, "12")]


def test_whole_numbers_in_float_columns_are_those_numbers(tmp_path: Path) -> None:
    database = tmp_path / "a.db"
    requests = {
        "search_id": [12345678901.0, 2.0],
        "search_query": ["jaws", "alien"],
        "ts": [JAWS[2]] * 2,
        "cuid": [7.0, float("nan")],
        "total": [12, 3],
    }
    parquet.write_table(arrow.table(requests), tmp_path / "search_request.parquet")
    done = loading(tmp_path, database)
    assert done.returncode == 0, done.stderr
    assert rows_of(database) == [
        ("12345678901", "jaws", JAWS[2], "7", "12"),
        ("2", "alien", JAWS[2], None, "3"),
    ]


def test_a_header_of_3_000_columns_costs_no_time_per_line(tmp_path: Path) -> None:
    """Each line closes a quote and opens one, so each might begin a record."""
    names = ",".join([HEADER, *(f"c{at}" for at in range(2_996))])
    lines = 'x",y,"z\n' * 8_000
    (tmp_path / "search_request.csv").write_text(f"{names}\n{lines}")
    database = tmp_path / "a.db"
    done = loading(tmp_path, database)
    assert done.returncode == 0, done.stderr
    assert "8,000 rows, 8,000 malformed" in done.stdout
    assert rows_of(database) == [(None,) * 5] * 8_000


def test_a_gzip_of_line_feeds_is_refused(tmp_path: Path) -> None:
    content = gzip.compress(f"{HEADER}\n".encode() + b"\n" * 300_000_000, 1)
    (tmp_path / "search_request.csv.gz").write_bytes(content)
    assert_refused(
        tmp_path,
        tmp_path / "a.db",
        f"its {len(content):,} bytes hold more than",
        "CLIP_SEARCH_MAX_EXPANSION=NUMBER (now 200)",
    )


def test_a_parquet_dictionary_that_expands_is_refused(tmp_path: Path) -> None:
    row_count = 4_096
    long = arrow.DictionaryArray.from_arrays(
        arrow.array([0] * row_count, arrow.int32()), arrow.array(["x" * (1 << 20)])
    )
    columns = {name: arrow.array(["a"] * row_count) for name in COLUMNS}
    parquet.write_table(
        arrow.table({**columns, "search_query": long}),
        tmp_path / "search_request.parquet",
        compression="gzip",
    )
    assert_refused(
        tmp_path,
        tmp_path / "a.db",
        "bytes hold more than 33,554,432 bytes",
        "CLIP_SEARCH_MAX_EXPANSION=NUMBER (now 200)",
    )


def test_a_long_line_of_json_is_refused(tmp_path: Path) -> None:
    numbers = "1," * 15_000_000 + "1"
    (tmp_path / "search_request.jsonl").write_text(
        f'{{"search_id":"a","search_query":[{numbers}],"ts":"x","cuid":"u","total":1}}'
    )
    assert_refused(
        tmp_path,
        tmp_path / "a.db",
        "line:    1",
        "the line has no end within 2 MiB",
        "CLIP_SEARCH_MAX_LINE_MIB=NUMBER (now 2)",
    )
