"""Any input: the loader accepts it or says why not, and each row is counted."""

import gzip
import random
import re
from pathlib import Path

import pytest
from conftest import NewWarehouse
from typer.testing import CliRunner

from clip_search.cli import app
from clip_search.load import LoadError, load
from clip_search.text_rules import normalize_query_text, redact_text
from lab.warehouse import TESTED_BUILD, Warehouse

# Builds everything of 150 damaged files, which takes a minute. Single damaged
# files of each kind have tests that always run.
pytestmark = pytest.mark.long

HEADERS = {
    "search_request": "search_id,search_query,ts,cuid,total",
    "search_result_interaction": "search_id,ts,cid,position",
}
HOSTILE = (
    "'; drop table clean_search_request; --",
    "' or '1'='1",
    "{{ 7*7 }}",
    "{% set x = run_query('drop table log_ledger') %}",
    "{{ var('no_such_var') }}",
    "${HOME} $(touch /tmp/pwned) `touch /tmp/pwned`",
    "=cmd|' /c calc'!a0",
    '=HYPERLINK("http://evil.example","x")',
    "+1+cmd|' /c calc'!a0",
    "-2+3",
    "@SUM(1)",
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[bold red]not markup[/bold red]",
    "[/]",
    "[link=http://evil.example]x[/link]",
    ":warning: :skull:",
    "\x1b[31mred\x1b[0m",
    "\x1b]0;title\x07",
    "%s %d %n {0} {x}",
    "\\x00 \\u0000 \\",
    "../../etc/passwd",
    "null",
    "None",
    "NaN",
    "\u202eright to left",
    "a" * 3000,
)
CELLS = (
    *HOSTILE,
    *("", " ", "0", "-1", "1e9", "99999999999999999999", "2020-03-10T13:24:31Z", "s1"),
    *('"', '""', '"a', "a\nb", "a\r\nb", "a,b", "\t", "\u00ad", "\ufeff", "😀", "é"),
)


def random_bytes(draw: random.Random, log: str) -> bytes:
    return draw.randbytes(draw.randint(0, 3000))


def bytes_behind_a_header(draw: random.Random, log: str) -> bytes:
    return HEADERS[log].encode() + b"\n" + draw.randbytes(draw.randint(0, 3000))


def ascii_behind_a_header(draw: random.Random, log: str) -> bytes:
    letters = '",\n\r\t;ab1{}[]:\\ \0'
    text = "".join(draw.choice(letters) for _ in range(draw.randint(0, 3000)))
    return f"{HEADERS[log]}\n{text}".encode()


def ragged_rows(draw: random.Random, log: str) -> bytes:
    width = HEADERS[log].count(",") + 1
    lines = [HEADERS[log]]
    for _ in range(draw.randint(1, 60)):
        cells = [
            draw.choice(CELLS) for _ in range(draw.choice((width,) * 6 + (0, 1, 9)))
        ]
        quoted = draw.random() < 0.8
        lines.append(
            ",".join(
                '"' + cell.replace('"', '""') + '"' if quoted else cell
                for cell in cells
            )
        )
    return draw.choice(("\n", "\r\n")).join(lines).encode()


def odd_json_lines(draw: random.Random, log: str) -> bytes:
    lines = (
        *("{}", "[]", "null", "1", '"x"', "{", '{"search_id":', '{"search_id": {}}'),
        *('{"search_id": "s1", "ts": 1583846671, "cuid": null, "total": 1.5}', ""),
        '{"search_id": "s1", "search_id": "s2", "search_query": "\\ud800"}',
        '{"search_id": "s1", "search_query": "{{ 7*7 }}", "cid": true}',
        "[" * 2000,
    )
    return "\n".join(draw.choice(lines) for _ in range(draw.randint(0, 40))).encode()


def cut_gzip(draw: random.Random, log: str) -> bytes:
    whole = gzip.compress(ragged_rows(draw, log), mtime=0)
    return whole[: draw.randint(0, len(whole))]


CONTROL = re.compile("[\x00-\x1f\x7f-\x9f]")
RAW = {f"{place}{log}" for place in ("", "landed_") for log in HEADERS}

MAKERS = (
    (random_bytes, "csv"),
    (bytes_behind_a_header, "csv"),
    (ascii_behind_a_header, "csv"),
    (ragged_rows, "csv"),
    (ragged_rows, "csv"),
    (ragged_rows, "csv"),
    (odd_json_lines, "jsonl"),
    (random_bytes, "jsonl"),
    (cut_gzip, "csv.gz"),
    (random_bytes, "parquet"),
)


def valid_logs(folder: Path) -> None:
    """Each hostile text as the query of an otherwise valid search."""
    rows = [
        f's{turn},"{text.replace(chr(34), chr(34) * 2)}",2020-03-10T13:24:31Z,u{turn},9'
        for turn, text in enumerate(HOSTILE)
    ]
    lines = [HEADERS["search_request"], *rows]
    (folder / "search_request.csv").write_text("\n".join(lines) + "\n", "utf-8")
    (folder / "search_result_interaction.csv").write_text(
        HEADERS["search_result_interaction"] + "\n"
    )


@pytest.fixture(scope="module")
def fuzzed(
    new_warehouse: NewWarehouse,
    tmp_path_factory: pytest.TempPathFactory,
) -> tuple[Warehouse, int, int, str]:
    """A build of what the loader accepted of 150 odd files, and of hostile texts."""
    folder = tmp_path_factory.mktemp("fuzz")
    warehouse = new_warehouse("fuzz")
    valid_logs(folder)
    warehouse.load(folder)
    draw = random.Random(13)
    taken = refused = 0
    for turn in range(150):
        make, ending = MAKERS[turn % len(MAKERS)]
        log = draw.choice(list(HEADERS))
        path = folder / f"{log}_{turn}.{ending}"
        path.write_bytes(make(draw, log))
        try:
            load([path], warehouse.database)
            taken += 1
        except LoadError as error:
            refused += 1
            assert path.name in str(error)
    # Most of it is malformed, so a normal run would correctly stop.
    numbers = "{reject_share_fail: 1.0}"
    printed = [warehouse.dbt(*TESTED_BUILD, "--vars", numbers)]
    for command in (["clip-search", "status"], ["dbt", "docs", "generate", "--static"]):
        finished = warehouse.run(*command)
        assert finished.returncode == 0, finished.stderr
        printed.append(finished.stdout)
    return warehouse, taken, refused, "\n".join(printed)


def test_odd_files_are_taken_or_refused_and_never_crash(
    fuzzed: tuple[Warehouse, int, int, str],
) -> None:
    _, taken, refused, _ = fuzzed
    assert taken > 40 and refused > 30


def test_every_landed_row_has_one_outcome(
    fuzzed: tuple[Warehouse, int, int, str],
) -> None:
    warehouse, *_ = fuzzed
    for log in HEADERS:
        landed = warehouse.query(f"select count(*) from landed_{log}")
        judged = warehouse.query(
            f"select count(*), count(distinct file_id || ':' || line_number)"
            f" from int_{log}_checked where outcome in ('clean', 'folded', 'rejected')"
        )
        ledger = warehouse.query(
            "select sum(case when outcome = 'raw' then row_count end),"
            " sum(case when outcome <> 'raw' then row_count end)"
            f" from log_ledger where log = '{log}'"
        )
        assert judged == [landed[0] * 2]
        assert ledger == [landed[0] * 2]


def test_no_table_but_the_raw_ones_can_control_a_terminal(
    fuzzed: tuple[Warehouse, int, int, str],
) -> None:
    warehouse, *_ = fuzzed
    landed = repr(warehouse.sorted_rows("landed_search_request"))
    assert all(escape in landed for escape in ("\\x1b", "\\x07", "\\n", "\\t"))
    names = {*warehouse.tables(), *warehouse.tables("view")} - RAW
    assert {"clean_search_request", "rejected_search_request"} < names
    for name in names:
        for row in warehouse.sorted_rows(name):
            assert not any(CONTROL.search(str(value)) for value in row), (name, row)


def test_hostile_text_stays_the_text_that_it_is(
    fuzzed: tuple[Warehouse, int, int, str],
) -> None:
    warehouse, *_ = fuzzed
    found = dict(
        warehouse.query(
            "select search_id, search_query from clean_search_request"
            " where cuid like 'u%' and total = 9"
        )
    )
    for turn, text in enumerate(HOSTILE):
        if len(text) <= 2048:
            shown = text.replace("\x1b", "").replace("\x07", "")
            assert found[f"s{turn}"] == shown
    assert not Path("/tmp/pwned").exists()  # noqa: S108


@pytest.mark.parametrize("text", [text for text in HOSTILE if len(text) < 100])
def test_hostile_text_is_shown_on_a_terminal_and_not_obeyed(
    fuzzed: tuple[Warehouse, int, int, str],
    text: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    warehouse, *_ = fuzzed
    for name, value in {**warehouse.variables, "COLUMNS": "300"}.items():
        monkeypatch.setenv(name, value)
    for command, before in (("enrich", ""), ("search", "raw: ")):
        shown = CliRunner().invoke(app, [command, "--", text])
        assert shown.exit_code == 0
        assert before + normalize_query_text(redact_text(text)) in shown.stdout
        assert "\x1b" not in shown.stdout


def test_hostile_text_reaches_no_page_and_no_line_of_a_run(
    fuzzed: tuple[Warehouse, int, int, str],
) -> None:
    warehouse, *_, printed = fuzzed
    target = Path(warehouse.environment["DBT_TARGET_PATH"])
    page = (target / "static_index.html").read_text("utf-8")
    for text in HOSTILE:
        if len(text) > 8:
            assert text not in printed
            assert text not in page
    assert "\x1b]0;" not in printed
