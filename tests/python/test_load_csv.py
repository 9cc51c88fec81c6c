"""CSV files: the rows, their line numbers, and what is malformed."""

import csv
import gzip
import io
import json
import re
import sqlite3
import tempfile
import tracemalloc
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clip_search.load import LoadError, content, csv_spans, load

CLICK_HEADER = "search_id,ts,cid,position\n"
Row = tuple[int | str | None, ...]


def landed(folder: Path, name: str, data: str | bytes) -> list[Row]:
    """Load one file of clicks; its rows: line_number, the columns, malformed_line."""
    path = folder / name
    raw = data.encode() if isinstance(data, str) else data
    path.write_bytes(gzip.compress(raw) if name.endswith(".gz") else raw)
    database = folder / f"{name}.db"
    load([path], database)
    connection = sqlite3.connect(database)
    rows = connection.execute("""
        select line_number, search_id, ts, cid, position, malformed_line
        from landed_search_result_interaction
        order by line_number
    """).fetchall()
    connection.close()
    return rows


def landed_clicks(folder: Path, lines: str) -> list[Row]:
    """The same for the lines below a header."""
    return landed(folder, "search_result_interaction.csv", CLICK_HEADER + lines)


def test_values_are_verbatim_text(tmp_path: Path) -> None:
    assert landed_clicks(tmp_path, 'a, 2020 ,"x ""y"", z",007\n,null,,2.0\n') == [
        (2, "a", " 2020 ", 'x "y", z', "007", None),
        (3, "", "null", "", "2.0", None),
    ]


def test_columns_may_come_in_any_order_beside_unnamed_and_extra_ones(
    tmp_path: Path,
) -> None:
    text = ",position , cid,extra,ts,\tsearch_id,\n0,pos,cid,ex,ts,id,junk\n"
    assert landed(tmp_path, "search_result_interaction.csv", text) == [
        (2, "id", "ts", "cid", "pos", None)
    ]


@pytest.mark.parametrize("line_break", ["\n", "\r\n"])
def test_line_breaks_of_both_kinds_and_none_at_the_end(
    tmp_path: Path, line_break: str
) -> None:
    text = line_break.join(["search_id,ts,cid,position", "a,b,c,1", "d,e,f,2"])
    assert landed(tmp_path, "search_result_interaction.csv", text) == [
        (2, "a", "b", "c", "1", None),
        (3, "d", "e", "f", "2", None),
    ]


def test_a_byte_order_mark_is_dropped(tmp_path: Path) -> None:
    text = '\ufeff"search_id",ts,cid,position\n\ufeffa,b,c,1\n'
    assert landed(tmp_path, "search_result_interaction.csv", text) == [
        (2, "\ufeffa", "b", "c", "1", None)
    ]


def test_a_header_alone_loads_no_row(tmp_path: Path) -> None:
    assert landed_clicks(tmp_path, "") == []
    assert (
        landed(tmp_path, "search_result_interaction_2.csv", CLICK_HEADER.strip()) == []
    )


def test_empty_lines_are_skipped_but_count_as_lines(tmp_path: Path) -> None:
    assert landed_clicks(tmp_path, "\na,b,c,1\n\r\n\nd,e,f,2\n\n") == [
        (3, "a", "b", "c", "1", None),
        (6, "d", "e", "f", "2", None),
    ]


def test_a_line_break_within_quotes_is_part_of_the_value(tmp_path: Path) -> None:
    assert landed_clicks(tmp_path, '"a\n\nb","\r\n",c,1\nd,e,f,2\n') == [
        (2, "a\n\nb", "\r\n", "c", "1", None),
        (6, "d", "e", "f", "2", None),
    ]


@pytest.mark.parametrize(
    "bad_line",
    [
        pytest.param("a,b,c", id="too few fields"),
        pytest.param("a,b,c,1,2", id="too many fields"),
        pytest.param(" ", id="white space"),
        pytest.param('a,"b"x,c,1', id="text behind a closing quote"),
        pytest.param('a,"b,c,1', id="a quote that never closes"),
        pytest.param('"', id="a quote alone"),
        pytest.param("a,b\rx,c,1", id="a carriage return inside"),
    ],
)
@pytest.mark.parametrize("line_break", ["\n", "\r\n"])
def test_a_bad_line_is_kept_whole_and_costs_no_other_row(
    tmp_path: Path, bad_line: str, line_break: str
) -> None:
    good = f"d,e,f,1{line_break}"
    assert landed_clicks(tmp_path, good + bad_line + line_break + good + good) == [
        (2, "d", "e", "f", "1", None),
        (3, None, None, None, None, bad_line),
        (4, "d", "e", "f", "1", None),
        (5, "d", "e", "f", "1", None),
    ]


def test_two_stray_quotes_do_not_swallow_the_rows_between_them(
    tmp_path: Path,
) -> None:
    text = 'a,b,"c,1\nd,e,f,2\ng,h",i,3\nj,k,l,4\n'
    assert landed_clicks(tmp_path, text) == [
        (2, None, None, None, None, 'a,b,"c,1'),
        (3, "d", "e", "f", "2", None),
        (4, "g", 'h"', "i", "3", None),
        (5, "j", "k", "l", "4", None),
    ]


def test_a_quote_inside_an_unquoted_value_is_a_character(tmp_path: Path) -> None:
    assert landed_clicks(tmp_path, 'a,5" tv,c"",1\n') == [
        (2, "a", '5" tv', 'c""', "1", None)
    ]


def test_a_nul_makes_a_line_malformed_and_is_shown_by_a_symbol(
    tmp_path: Path,
) -> None:
    assert landed_clicks(tmp_path, 'a,b\0,c,1\nd,"e\n\0",f,2\ng,h,i,3\n') == [
        (2, None, None, None, None, "a,b\N{SYMBOL FOR NULL},c,1"),
        (3, None, None, None, None, 'd,"e'),
        (4, None, None, None, None, '\N{SYMBOL FOR NULL}",f,2'),
        (5, "g", "h", "i", "3", None),
    ]


def test_a_line_of_a_megabyte_loads_whole(tmp_path: Path) -> None:
    long = "x" * (1 << 20)
    rows = landed_clicks(tmp_path, f'{long},b,c,1\n"{long}",b,c,1\n{long}\na,b,c,1\n')
    assert rows == [
        (2, long, "b", "c", "1", None),
        (3, long, "b", "c", "1", None),
        (4, None, None, None, None, long),
        (5, "a", "b", "c", "1", None),
    ]


def test_a_record_spans_at_most_a_thousand_lines(tmp_path: Path) -> None:
    most = "\n" * 999
    assert landed_clicks(tmp_path, f'"{most}",b,c,1\n') == [
        (2, most, "b", "c", "1", None)
    ]
    rows = landed(
        tmp_path,
        "search_result_interaction_2.csv",
        CLICK_HEADER + f'"{most}\n",b,c,1\nd,e,f,2\n',
    )
    assert rows == [
        (2, None, None, None, None, '"'),
        (1002, None, None, None, None, '",b,c,1'),
        (1003, "d", "e", "f", "2", None),
    ]


def test_a_record_of_several_lines_has_at_most_a_mebibyte(tmp_path: Path) -> None:
    rest = '",b,c,1\n'
    most = "x" * ((1 << 20) - len('"' + "\n" + rest))
    assert landed_clicks(tmp_path, f'"{most}\n{rest}') == [
        (2, most + "\n", "b", "c", "1", None)
    ]
    rows = landed(
        tmp_path,
        "search_result_interaction_2.csv",
        CLICK_HEADER + f'"{most}x\n{rest}',
    )
    assert rows == [
        (2, None, None, None, None, f'"{most}x'),
        (3, None, None, None, None, rest.strip()),
    ]


@pytest.mark.parametrize(
    ("header", "problem"),
    [
        ("a,b,c,1\n", "there is no header"),
        ("\n", "there is no header"),
        ("\nsearch_id,ts,cid,position\n", "there is no header"),
        ("a;b\n", "there is no header"),
        ("search_id,ts\n", "the file has no column cid, position"),
        ("search_id,ts,cid,position, ts \n", "names more than once: ts"),
        ('"search_id,ts,cid,position\na,b,c,1\n', "the header cannot be read"),
    ],
)
def test_a_header_that_is_no_good_is_an_error(
    tmp_path: Path, header: str, problem: str
) -> None:
    with pytest.raises(LoadError) as caught:
        landed(tmp_path, "search_result_interaction.csv", header)
    assert problem in caught.value.problem
    assert caught.value.line == 1
    assert caught.value.file == tmp_path / "search_result_interaction.csv"
    assert caught.value.remedy


def test_a_first_line_that_is_a_row_is_not_shown(tmp_path: Path) -> None:
    with pytest.raises(LoadError) as caught:
        landed(tmp_path, "search_result_interaction.csv", "jane@example.org,b,c,1\n")
    assert "jane" not in str(caught.value)


def test_an_extra_column_may_occur_twice(tmp_path: Path) -> None:
    text = "x,search_id,ts,cid,position,x,,\n1,a,b,c,d,2,3,4\n"
    assert landed(tmp_path, "search_result_interaction.csv", text) == [
        (2, "a", "b", "c", "d", None)
    ]


@pytest.mark.parametrize("data", [b"", b"\xef\xbb\xbf"])
def test_an_empty_file_is_a_log_without_rows(tmp_path: Path, data: bytes) -> None:
    assert landed(tmp_path, "search_result_interaction.csv", data) == []


texts = st.text(
    st.characters(exclude_characters="\0", exclude_categories=["Cs"])
    | st.sampled_from('\n\r,"\u2028\x85\ufeff\x1c'),
    max_size=8,
)


@settings(max_examples=100, deadline=None)
@given(
    records=st.lists(st.tuples(texts, texts, texts, texts), max_size=12),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    block_bytes=st.sampled_from([1, 50, 1 << 18]),
)
def test_what_csv_and_json_write_comes_back_verbatim_with_its_line(
    records: list[tuple[str, ...]], quoting: int, block_bytes: int
) -> None:
    names = ["search_id", "ts", "cid", "position"]
    csv_text = io.StringIO(newline="")
    writer = csv.writer(csv_text, quoting=quoting)  # type: ignore[arg-type]
    writer.writerow(names)
    expected: list[Row] = []
    for record in records:
        line_number = csv_text.getvalue().count("\n") + 1
        expected.append((line_number, *record, None))
        writer.writerow(record)
    json_text = "".join(
        json.dumps(dict(zip(names, record, strict=True)), ensure_ascii=at % 2 == 0)
        + "\n"
        for at, record in enumerate(records)
    )
    with (
        tempfile.TemporaryDirectory() as folder,
        mock.patch.object(content, "BLOCK_BYTES", block_bytes),
    ):
        for name in (
            "search_result_interaction.csv",
            "search_result_interaction.csv.gz",
        ):
            assert landed(Path(folder), name, csv_text.getvalue()) == expected
        if records:
            name = "search_result_interaction.jsonl"
            assert landed(Path(folder), name, json_text) == [
                (line_number, *record, None)
                for line_number, record in enumerate(records, 1)
            ]


def reference_record(text: str) -> tuple[list[str], int] | None:
    """RFC 4180, one character at a time: the fields and length of the first record.

    As in the loader, a quote inside an unquoted field is an ordinary character.
    """
    fields: list[str] = []
    field, state = "", "start"
    for at, character in enumerate(text + "\n"):
        if character == "\0":
            return None
        if state == "quoted":
            state = "quote" if character == '"' else state
            field += character if state == "quoted" else ""
        elif state == "start" and character == '"':
            state = "quoted"
        elif state == "quote" and character == '"':
            field, state = field + '"', "quoted"
        elif character == "," and state != "return":
            fields, field, state = [*fields, field], "", "start"
        elif character == "\r":
            state = "return"
        elif character == "\n":
            return [*fields, field], min(at + 1, len(text))
        elif state in ("quote", "return"):
            return None
        else:
            field, state = field + character, "plain"
    return None


def reference_rows(text: str, max_lines: int, max_characters: int) -> Iterator[Row]:
    """A second, naive implementation of the rule for stray quotes."""
    lines = re.findall(r"[^\n]*\n|[^\n]+", text)
    at = 0
    while at < len(lines):
        bare = lines[at].removesuffix("\n").removesuffix("\r")
        if not lines[at].strip("\r\n"):
            at += 1
            continue
        found = reference_record("".join(lines[at:]))
        span = found and "".join(lines[at:])[: found[1]].count("\n")
        if found and not "".join(lines[at:])[: found[1]].endswith("\n"):
            span = len(lines) - at
        if (
            found
            and span
            and len(found[0]) == 4
            and span <= max_lines
            and (span == 1 or found[1] <= max_characters)
        ):
            yield (at + 2, *found[0], None)
            at += span
        else:
            symbol = bare.replace("\0", "\N{SYMBOL FOR NULL}")
            yield (at + 2, None, None, None, None, symbol)
            at += 1


good_fields = ["a", "", "é", '"q"', '"q""r"', '"x\ny"', '"x,\r\n"', '"\n\n\n\n"']
bad_fields = [
    '"',
    '""',
    '"""',
    'a"b',
    '"a"b',
    "\0",
    "a\rb",
    '"open',
    'shut"',
    "\r",
    "\n",
]
pieces = st.sampled_from([*good_fields, *bad_fields])
broken_lines = st.lists(
    st.tuples(
        st.lists(pieces, min_size=3, max_size=5).map(",".join),
        st.sampled_from(["\n", "\n", "\r\n", "\n\n", ""]),
    ).map("".join),
    max_size=25,
).map("".join)


@settings(max_examples=300, deadline=None)
@given(
    text=broken_lines,
    block_bytes=st.sampled_from([1, 40, 200, 1 << 18]),
    max_lines=st.sampled_from([2, 4, 1000]),
    max_characters=st.sampled_from([12, 30, 1 << 20]),
)
def test_every_line_of_a_file_full_of_stray_quotes_is_accounted_for(
    text: str, block_bytes: int, max_lines: int, max_characters: int
) -> None:
    with (
        tempfile.TemporaryDirectory() as folder,
        mock.patch.object(content, "BLOCK_BYTES", block_bytes),
        mock.patch.object(csv_spans, "MAX_RECORD_LINES", max_lines),
        mock.patch.object(csv_spans, "MAX_RECORD_CHARACTERS", max_characters),
    ):
        rows = landed_clicks(Path(folder), text)
    assert rows == list(reference_rows(text, max_lines, max_characters))


@pytest.mark.parametrize(
    "line",
    [
        pytest.param('x",""",\n', id="each line opens a quote"),
        pytest.param('x",""",\n' * 200 + '"\n', id="some hundred do, one closes it"),
        pytest.param('a,"b,c,1\n', id="each line toggles a quote"),
        pytest.param('"' + "\n" * 5, id="quotes far apart"),
        pytest.param("a,b\n", id="each line is ragged"),
        pytest.param('x",y,"z\n', id="each line closes a quote and opens one"),
    ],
)
@pytest.mark.parametrize("extra_columns", [0, 3_000])
def test_no_file_makes_the_reader_look_at_lines_again_and_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: str, extra_columns: int
) -> None:
    looked_at = 0
    scan_line, reader = csv_spans.scan_line, csv.reader

    def counting_scan(*arguments: Any, **options: bool) -> object:
        nonlocal looked_at
        looked_at += 1
        return scan_line(*arguments, **options)

    def counted(lines: Iterable[str]) -> Iterator[str]:
        nonlocal looked_at
        for text in lines:
            looked_at += 1
            yield text

    monkeypatch.setattr(csv_spans, "scan_line", counting_scan)
    monkeypatch.setattr(csv, "reader", lambda lines, *how: reader(counted(lines), *how))
    text = line * (20_000 // line.count("\n"))
    extra = "".join(f",x{at}" for at in range(extra_columns))
    header = CLICK_HEADER.strip() + extra + "\n"
    landed(tmp_path, "search_result_interaction.csv", header + text)
    assert 0 < looked_at <= 8 * text.count("\n")


def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    def peak_bytes(row_count: int) -> int:
        text = "".join(f"id{at},2020,{at},1\n" for at in range(row_count))
        path = tmp_path / f"search_result_interaction_{row_count}.csv"
        path.write_text(CLICK_HEADER + text, encoding="utf-8")
        del text
        tracemalloc.start()
        load([path], tmp_path / f"{row_count}.db")
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return peak

    peak_bytes(10)  # Memory for one-time imports and caches does not count.
    assert peak_bytes(120_000) < 1.2 * peak_bytes(30_000)
