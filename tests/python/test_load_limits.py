"""Limits on what a file may cost, and the variables that raise them."""

from pathlib import Path

import pyarrow as arrow  # type: ignore[import-untyped]
import pytest
from pyarrow import parquet

from clip_search.clear_error import ClearError
from clip_search.load import LoadError, limits
from clip_search.load.limits import MAX_COLUMNS
from tests.python.loading import COLUMNS, CSV_TEXT, JAWS, requests, written

MEBIBYTE = 1 << 20


def parquet_file(folder: Path, queries: object, count: int, **options: object) -> Path:
    path = folder / "search_request.parquet"
    columns = {name: arrow.array(["a"] * count) for name in COLUMNS}
    columns["search_query"] = queries
    parquet.write_table(arrow.table(columns), path, **options)
    return path


def error_of(path: Path) -> LoadError:
    with pytest.raises(LoadError) as caught:
        requests(path)
    assert caught.value.file == path
    return caught.value


@pytest.mark.parametrize("text", ["0", "-1", "1.5", "many", "1e3", " 5"])
def test_a_limit_is_a_whole_number(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("CLIP_SEARCH_MAX_COLUMNS", text)
    with pytest.raises(ClearError) as caught:
        MAX_COLUMNS.value()
    assert f"CLIP_SEARCH_MAX_COLUMNS is {text}" in caught.value.problem
    assert "the default is 4096" in caught.value.remedy


def test_an_empty_variable_is_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLIP_SEARCH_MAX_COLUMNS", "")
    assert MAX_COLUMNS.value() == 4096


@pytest.mark.parametrize("ending", ["csv", "jsonl"])
@pytest.mark.parametrize("is_last", [True, False])
def test_a_line_has_at_most_two_mebibytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ending: str, is_last: bool
) -> None:
    start = CSV_TEXT if ending == "csv" else "\n\n"
    around = "a,,,," if ending == "csv" else '{"search_id": ""}'
    value = "x" * (2 * MEBIBYTE - len(around))
    line = f"a,{value},,," if ending == "csv" else f'{{"search_id": "{value}"}}'
    assert len(line) == 2 * MEBIBYTE
    end = "" if is_last else "\n" + CSV_TEXT
    path = tmp_path / f"search_request.{ending}"
    written(path, start + line + end)
    assert any(value in values for values in requests(path))
    written(path, start + line.replace("x", "xx", 1) + end)
    error = error_of(path)
    assert error.problem == "the line has no end within 2 MiB"
    assert error.line == 3
    assert "CLIP_SEARCH_MAX_LINE_MIB=NUMBER (now 2)" in error.remedy
    monkeypatch.setenv("CLIP_SEARCH_MAX_LINE_MIB", "3")
    assert any(value in str(values) for values in requests(path))


def test_a_value_of_parquet_has_at_most_two_mebibytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    value = "x" * (2 * MEBIBYTE + 1)
    path = parquet_file(tmp_path, arrow.array([value]), 1)
    error = error_of(path)
    assert "a value has 2.0 MiB, more than 2" in error.problem
    assert error.line == 1
    assert "CLIP_SEARCH_MAX_LINE_MIB" in error.remedy
    monkeypatch.setenv("CLIP_SEARCH_MAX_LINE_MIB", "3")
    assert requests(path)[0][1] == value


@pytest.mark.parametrize("kind", ["text", "list", "struct", "map", "bytes", "rows"])
def test_parquet_that_expands_is_refused_before_it_is_text(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    monkeypatch.setattr(limits, "HARMLESS_BYTES", MEBIBYTE)
    count, long = 400, "x" * 20_000
    queries = {
        "text": lambda: arrow.array([long] * count),
        "bytes": lambda: arrow.array([long.encode()] * count),
        "list": lambda: arrow.array([["a", long]] * count),
        "struct": lambda: arrow.array([{"a": long}] * count),
        "map": lambda: arrow.array(
            [[("a", long)]] * count, arrow.map_(arrow.string(), arrow.string())
        ),
        "rows": lambda: arrow.nulls(1_000_000, arrow.string()),
    }[kind]()
    path = parquet_file(tmp_path, queries, len(queries))
    error = error_of(path)
    assert f"its {path.stat().st_size:,} bytes hold more than" in error.problem
    assert "over 200 times as many" in error.problem
    assert "CLIP_SEARCH_MAX_EXPANSION=NUMBER (now 200)" in error.remedy


def test_a_row_group_has_at_most_so_many_mebibytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    queries = [f"{at:0100}" for at in range(30_000)]
    monkeypatch.setenv("CLIP_SEARCH_MAX_ROW_GROUP_MIB", "2")
    path = parquet_file(tmp_path, arrow.array(queries), len(queries))
    error = error_of(path)
    assert error.problem == "row group 1 has 3 MiB, more than 2"
    assert "smaller row groups" in error.remedy
    assert "CLIP_SEARCH_MAX_ROW_GROUP_MIB=NUMBER (now 2)" in error.remedy
    path = parquet_file(tmp_path, arrow.array(queries), len(queries), row_group_size=9)
    assert [values[1] for values in requests(path)] == queries


def test_parquet_has_so_many_columns(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = parquet_file(tmp_path, arrow.array(["jaws"]), 1)
    assert requests(path) == [("a", "jaws", "a", "a", "a")]
    monkeypatch.setenv("CLIP_SEARCH_MAX_COLUMNS", "4")
    assert error_of(path).problem == "there are 5 columns, more than 4"


def test_a_small_file_may_expand(tmp_path: Path) -> None:
    path = parquet_file(tmp_path, arrow.array(["x" * 1_000] * 20_000), 20_000)
    assert path.stat().st_size * 200 < 20_000_000
    assert len(requests(path)) == 20_000
    assert JAWS not in requests(path)
