"""Which files are found in folders and their subfolders."""

from pathlib import Path

import pytest

from clip_search.load import LoadError
from clip_search.load.files import holds_logs
from tests.python.loading import CSV_TEXT, JAWS, JSON_LINE, loaded, requests, written

NAME = "search_request.csv"


@pytest.fixture
def logs(tmp_path: Path) -> Path:
    return tmp_path / "logs"


def row(search_id: str) -> str:
    return CSV_TEXT.replace("a1", search_id)


def ids(folder: Path) -> list[str | None]:
    return [values[0] for values in requests(folder)]


def test_subfolders_are_searched_in_order_of_their_names(logs: Path) -> None:
    for at, folder in enumerate(("dt=2020-03-11", "dt=2020-03-10/hour=1", "a/b/c/d")):
        written(logs / folder / NAME, row(f"id{at}"))
    report, rows = loaded(logs)
    assert [values[0] for values in rows] == ["id2", "id1", "id0"]
    assert holds_logs(logs)
    assert len(report.files) == 3


def test_hidden_and_temporary_paths_are_skipped_and_named(logs: Path) -> None:
    written(logs / NAME)
    for name in (".hidden/" + NAME, "_temporary/0/" + NAME, "_SUCCESS", f".{NAME}.crc"):
        written(logs / "day" / name, row("no"))
    report, rows = loaded(logs)
    assert rows == [JAWS]
    (note,) = [note for note in report.notes if note.startswith("skipped")]
    assert note.startswith("skipped 4 hidden or temporary paths")
    for name in (".hidden", "_temporary", "_SUCCESS", f".{NAME}.crc"):
        assert str(logs / "day" / name) in note


def test_a_folder_with_only_temporary_files_holds_no_log(logs: Path) -> None:
    written(logs / "_temporary" / NAME)
    assert not holds_logs(logs)
    with pytest.raises(LoadError, match=r"no log file.*found: _temporary"):
        requests(logs)


@pytest.mark.parametrize(
    "folder",
    [
        "search_request",
        "search_request.csv",
        "Search_Request",
        "search_request_2020-03.parquet",
        "search_request/dt=2020-03-10",
        "search_request.csv/dt=2020-03-10/hour=01",
    ],
)
def test_the_part_files_of_a_table_are_that_log(logs: Path, folder: str) -> None:
    written(logs / folder / "part-00000-c0ffee.c000.csv")
    written(logs / folder / "part-00001.json", JSON_LINE.replace("a1", "a2"))
    assert ids(logs) == ["a1", "a2"]
    assert ids(logs / folder) == ["a1", "a2"]
    assert ids(logs / folder / "part-00001.json") == ["a2"]
    assert holds_logs(logs)


@pytest.mark.parametrize(
    "folder", ["search_request_exports", "logs/search", "films.csv"]
)
def test_a_file_in_any_other_folder_needs_the_name_of_a_log(
    logs: Path, folder: str
) -> None:
    written(logs / NAME)
    written(logs / folder / "part-00000.csv", row("no"))
    assert ids(logs) == ["a1"]


def test_the_name_of_a_file_counts_more_than_that_of_its_folder(logs: Path) -> None:
    clicks = "search_id,ts,cid,position\na,b,c,1\n"
    written(logs / "search_request" / "search_result_interaction.csv", clicks)
    assert [file.log for file in loaded(logs)[0].files] == ["search_result_interaction"]


def test_a_table_without_a_part_file_is_noted(logs: Path) -> None:
    written(logs / NAME)
    written(logs / "search_request.parquet" / "_SUCCESS")
    written(logs / "search_request" / "part-00000")
    notes = [note for note in loaded(logs)[0].notes if note.startswith("ignored")]
    assert [note.split(": ")[0] for note in notes] == [
        f"ignored {logs / 'search_request' / 'part-00000'}",
        f"ignored {logs / 'search_request.parquet'}",
    ]


def test_a_link_to_a_folder_above_is_not_followed_again(logs: Path) -> None:
    written(logs / "day" / NAME)
    (logs / "day" / "up").symlink_to(logs)
    (logs / "again").symlink_to(logs / "day")
    assert ids(logs) == ["a1"]


def test_names_in_capitals_are_those_of_logs(logs: Path) -> None:
    written(logs / "SEARCH_REQUEST.CSV")
    assert ids(logs) == ["a1"]


@pytest.mark.parametrize("count", [0, 1, 10, 13])
def test_a_folder_without_logs_lists_the_files_in_it(logs: Path, count: int) -> None:
    logs.mkdir()
    names = [f"day/export_{at:02}.csv" for at in range(count)]
    for name in names:
        written(logs / name)
    with pytest.raises(LoadError) as caught:
        requests(logs)
    listed = ", ".join(names[:10]) or "nothing"
    more = ", and 3 more" if count == 13 else ""
    assert caught.value.problem.endswith(f"; found: {listed}{more}")
    assert "rename the files" in caught.value.remedy
    assert caught.value.file == logs
