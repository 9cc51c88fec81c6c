"""The header of a CSV file: delimiters, spellings, comments, and what is no header."""

from pathlib import Path

import pytest

from clip_search.load import LoadError
from tests.python.loading import COLUMNS, CSV_TEXT, HEADER, JAWS, requests, written

NAME = "search_request.csv"


def error_of(folder: Path, text: str) -> LoadError:
    with pytest.raises(LoadError) as caught:
        requests(written(folder / NAME, text))
    assert caught.value.file == folder / NAME
    return caught.value


@pytest.mark.parametrize("name", [NAME, "search_request.tsv"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_read_from_the_header(
    tmp_path: Path, delimiter: str, name: str
) -> None:
    others = "".join({",", ";", "\t", "|"} - {delimiter})
    fields = ["a2", f"x{delimiter}{others}", others, '"', "2,5"]
    quoted = delimiter.join('"' + field.replace('"', '""') + '"' for field in fields)
    text = CSV_TEXT.replace(",", delimiter) + quoted + "\n"
    assert requests(written(tmp_path / name, text)) == [JAWS, tuple(fields)]


def test_stray_quotes_and_ragged_lines_are_found_with_any_delimiter(
    tmp_path: Path,
) -> None:
    text = CSV_TEXT.replace(",", ";") + 'a;"b;c;d;1\na;b,c,d,1\n"x\ny";b;c;d;2\n'
    assert requests(written(tmp_path / NAME, text)) == [
        JAWS,
        (None,) * 5,
        (None,) * 5,
        ("x\ny", "b", "c", "d", "2"),
    ]


@pytest.mark.parametrize(
    "header",
    [
        HEADER.upper(),
        " Search_ID ,\tSEARCH_QUERY\t, Ts,Cuid , Total",
        "Search ID,search-query,TS,cuId,TOTAL",
        '"SearchId","SearchQuery","Ts","Cuid","Total"',
    ],
)
def test_columns_may_be_spelled_in_other_ways(tmp_path: Path, header: str) -> None:
    text = f"{header}\n{','.join(JAWS)}\n"
    assert requests(written(tmp_path / NAME, text)) == [JAWS]


def test_the_exact_spelling_of_a_column_wins(tmp_path: Path) -> None:
    text = f"TS,{HEADER},Cu Id\nno,{','.join(JAWS)},no\n"
    assert requests(written(tmp_path / NAME, text)) == [JAWS]


def test_two_other_spellings_of_a_column_are_an_error(tmp_path: Path) -> None:
    header = HEADER.replace("ts", "TS,Ts")
    error = error_of(tmp_path, f"{header}\n")
    assert error.problem == "the header names more than once: ts"
    assert "Rename or remove" in error.remedy


@pytest.mark.parametrize(
    "before",
    [
        "# exported 2020-03-11\n",
        "\ufeff#a\n#\n# search_id;ts\n",
        "sep=,\r\n",
        "SEP=,\n# x\n",
    ],
)
def test_comments_may_precede_the_header(tmp_path: Path, before: str) -> None:
    path = written(tmp_path / NAME, before + CSV_TEXT + "#b,c,d,e,1\n")
    # Below the header, it is a value like any other.
    assert requests(path) == [JAWS, ("#b", "c", "d", "e", "1")]


def test_the_comment_above_the_rows_may_be_the_header(tmp_path: Path) -> None:
    assert requests(written(tmp_path / NAME, "# x\n# " + CSV_TEXT)) == [JAWS]


def test_a_header_that_two_delimiters_can_read_is_an_error(tmp_path: Path) -> None:
    both = f"{HEADER},x;{HEADER.replace(',', ';')}"
    error = error_of(tmp_path, f"{both}\n")
    assert error.problem == (
        "the header can be read with commas or semicolons between its names"
    )
    assert error.line == 1


@pytest.mark.parametrize("delimiter", [",", ";", "|"])
def test_a_header_that_lacks_a_column_is_shown(tmp_path: Path, delimiter: str) -> None:
    header = HEADER.replace("search_query", "query").replace(",", delimiter)
    error = error_of(tmp_path, f"# x\n{header}\n")
    assert error.problem == (
        "the file has no column search_query; found: search_id, query, ts, cuid, total"
    )
    assert error.line == 2
    assert HEADER.replace(",", ", ") in error.remedy


@pytest.mark.parametrize("line", ["jane@example.org,jaws,total,u,1", "jane:x", ""])
def test_a_line_that_may_be_a_row_is_not_shown(tmp_path: Path, line: str) -> None:
    error = error_of(tmp_path, f"{line}\n")
    assert "jane" not in str(error)
    assert error.line == 1


def test_no_header_says_which_delimiters_were_tried(tmp_path: Path) -> None:
    error = error_of(tmp_path, HEADER.replace(",", ":") + "\n")
    assert "there is no header: line 1 names none of" in error.problem
    assert "commas, semicolons, tabs, vertical bars" in error.problem
    assert error.remedy == f"Put this line first: {HEADER}"


@pytest.mark.parametrize("over", [0, 1])
def test_a_header_has_so_many_columns(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, over: int
) -> None:
    monkeypatch.setenv("CLIP_SEARCH_MAX_COLUMNS", "7")
    extra = ",x" * (7 - len(COLUMNS) + over)
    text = f"{HEADER}{extra}\n{','.join(JAWS)}{extra}\n"
    if not over:
        assert requests(written(tmp_path / NAME, text)) == [JAWS]
        return
    error = error_of(tmp_path, text)
    assert error.problem == "there are 8 columns, more than 7"
    assert "CLIP_SEARCH_MAX_COLUMNS=NUMBER (now 7)" in error.remedy
