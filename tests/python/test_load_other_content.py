"""Files that hold something else than their name says: what the error tells."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from clip_search.load import LoadError
from tests.python.loading import CSV_TEXT, JAWS, JSON_LINE, loaded, requests, written

CSV_NAME, JSON_NAME = "search_request.csv", "search_request.jsonl"
PRETTY = json.dumps(json.loads(JSON_LINE), indent=2)


def error_of(path: Path) -> LoadError:
    with pytest.raises(LoadError) as caught:
        requests(path)
    assert caught.value.file == path
    return caught.value


def obey(error: LoadError, folder: Path) -> None:
    """Run the command of a remedy, which follows a colon."""
    command = error.remedy.partition(": ")[2]
    if shutil.which(command.split()[0]) is None:
        pytest.skip(f"needs {command.split()[0]}")
    subprocess.run(["/bin/sh", "-c", command], check=True, cwd=folder)


@pytest.mark.parametrize("name", [CSV_NAME, JSON_NAME])
@pytest.mark.parametrize(
    ("encoding", "found"),
    [
        ("utf-16", "UTF-16"),
        ("utf-16-le", "UTF-16LE"),
        ("utf-16-be", "UTF-16BE"),
        ("utf-32", "UTF-32"),
        ("utf-32-le", "UTF-32LE"),
        ("utf-32-be", "UTF-32BE"),
    ],
)
def test_wide_text_is_recognised_with_and_without_a_mark(
    tmp_path: Path, name: str, encoding: str, found: str
) -> None:
    text = CSV_TEXT if name == CSV_NAME else JSON_LINE
    path = written(tmp_path / name, text.encode(encoding))
    error = error_of(path)
    assert error.problem.startswith(f"the text is {found}, not UTF-8")
    assert error.line == 1
    obey(error, tmp_path)
    assert requests(path) == [JAWS]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (CSV_NAME, CSV_TEXT),
        (CSV_NAME, re.sub("([^,\n]+)", r'"\1"', CSV_TEXT)),
        (CSV_NAME, "# a comment\n" + CSV_TEXT),
        (CSV_NAME, CSV_TEXT + f"{','.join(JAWS)}\n" * 60_000),
        (JSON_NAME, f"{JSON_LINE}\n{JSON_LINE}\n"),
    ],
    ids=["plain", "quoted", "comment", "large", "JSON"],
)
def test_lines_that_end_in_a_carriage_return_alone_are_recognised(
    tmp_path: Path, name: str, text: str
) -> None:
    path = written(tmp_path / name, text.replace("\n", "\r"))
    error = error_of(path)
    assert "end in a carriage return alone" in error.problem
    obey(error, tmp_path)
    assert set(requests(path)) == {JAWS}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (f"[{JSON_LINE}]", "this is a JSON array"),
        (f"\ufeff\n [\n{JSON_LINE},\n{JSON_LINE}\n]\n", "this is a JSON array"),
        (f"[{PRETTY}, {PRETTY}]", "this is a JSON array"),
        (PRETTY, "this is pretty-printed JSON"),
        (PRETTY.replace("\n", "\r\n") + "\r\n", "this is pretty-printed JSON"),
        (f"\n{PRETTY}\n{PRETTY}", "this is pretty-printed JSON"),
        (f"{JSON_LINE}{JSON_LINE}\n", "several objects in a line"),
        (f"{JSON_LINE},\n{JSON_LINE},\n", "with a comma after each object"),
    ],
)
@pytest.mark.parametrize("name", [JSON_NAME, "search_request.json"])
def test_other_forms_of_json_are_recognised(
    tmp_path: Path, name: str, text: str, found: str
) -> None:
    path = written(tmp_path / name, text)
    error = error_of(path)
    assert found in error.problem
    assert "not JSON lines: one object per line" in error.problem
    assert str(path) in error.remedy
    obey(error, tmp_path)
    assert set(requests(path)) == {JAWS}


def test_an_empty_array_is_not_an_empty_log(tmp_path: Path) -> None:
    assert "JSON array" in error_of(written(tmp_path / JSON_NAME, "[]\n")).problem


def test_a_broken_first_line_does_not_hide_the_others(tmp_path: Path) -> None:
    path = written(tmp_path / JSON_NAME, f"{JSON_LINE[:20]}\n{JSON_LINE}\n")
    report, rows = loaded(path)
    assert rows == [(None,) * 5, JAWS]
    assert report.files[0].malformed_count == 1


@pytest.mark.parametrize("text", ["a\nb\n", "<html>\n<body>\n", "id: 1\nid: 2\n"])
def test_lines_without_any_object_are_an_error(tmp_path: Path, text: str) -> None:
    error = error_of(written(tmp_path / JSON_NAME, text))
    assert error.problem == "no line is an object of JSON"
    assert "search_request log" in error.remedy


@pytest.mark.parametrize(
    ("name", "text", "found", "renamed"),
    [
        (JSON_NAME, CSV_TEXT, "CSV", CSV_NAME),
        (JSON_NAME, CSV_TEXT.replace(",", ";"), "CSV", CSV_NAME),
        (CSV_NAME, JSON_LINE, "JSON", JSON_NAME),
        ("search_request.parquet", CSV_TEXT, "text, such as CSV", CSV_NAME),
        ("search_request.parquet", JSON_LINE, "JSON", JSON_NAME),
    ],
)
def test_another_format_is_named_with_the_command_to_rename_it(
    tmp_path: Path, name: str, text: str, found: str, renamed: str
) -> None:
    error = error_of(written(tmp_path / name, text))
    assert f"the content is {found}" in error.problem
    obey(error, tmp_path)
    assert requests(tmp_path / renamed) == [JAWS]


@pytest.mark.parametrize(
    ("start", "found"),
    [
        (b"PAR1\0", "Parquet"),
        (b"ORC\0", "ORC"),
        (b"Obj\x01\0", "Avro"),
        (b"ARROW1\0\0", "Arrow"),
        (b"SQLite format 3\0", "a SQLite database"),
        (b"\xd0\xcf\x11\xe0\xa1", "an Excel workbook"),
        (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
        (b"\x04\x22\x4d\x18", "compressed by lz4"),
        (b"search_request.csv".ljust(257, b"\0") + b"ustar", "a tar archive"),
    ],
)
@pytest.mark.parametrize("name", [CSV_NAME, JSON_NAME])
def test_files_of_other_programs_are_named(
    tmp_path: Path, start: bytes, found: str, name: str
) -> None:
    error = error_of(written(tmp_path / name, start + b"\xff" * 9))
    assert error.problem.startswith(f"the content is {found}, but its name says")
    assert error.remedy


def test_a_web_page_is_named(tmp_path: Path) -> None:
    error = error_of(written(tmp_path / CSV_NAME, "<!DOCTYPE html>\n<html>\n"))
    assert error.problem == "the content is HTML or XML, but its name says CSV"


@pytest.mark.parametrize("key", ["SEARCH_ID", "searchId", "Search Id"])
def test_keys_may_be_spelled_in_other_ways(tmp_path: Path, key: str) -> None:
    line = JSON_LINE.replace("search_id", key)
    assert requests(written(tmp_path / JSON_NAME, line)) == [JAWS]


def test_the_exact_spelling_of_a_key_wins(tmp_path: Path) -> None:
    line = '{"search_id": "a1", "SEARCH_ID": "no", "TS": "t"}'
    path = written(tmp_path / JSON_NAME, line)
    assert requests(path) == [("a1", None, "t", None, None)]
