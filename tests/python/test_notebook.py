"""The notebook works on any log, and each of its numbers is computed by a cell."""

import csv
import html
import json
import re
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from clip_search.explore.calendar import course
from clip_search.explore.values import percentile
from lab.warehouse import Warehouse
from tests.python.conftest import ROOT, NewWarehouse

# Runs the notebook, or parts of it, in a kernel.
pytestmark = pytest.mark.slow

NOTEBOOK = ROOT / "analyses" / "exploration.ipynb"
# No personal data, and no tables that a build may leave incomplete.
READ_BY_NOTEBOOK = {
    "clean_search_request",
    "clean_search_result_interaction",
    "int_enrichable_search",
    "int_search_request_checked",
    "log_ledger",
    "log_day",
    "load_record",
    "query_frequency",
    "reject_rule",
}
HOSTILE = (
    "<script>alert(1)</script>",
    "=cmd|' /C calc'!A0",
    "<img src=x onerror=alert(1)>",
    "$\\frac{1}{0}$ {{ 7 * 7 }}",
)


def cells(notebook: Path, kind: str) -> list[dict[str, Any]]:
    """The cells of a kind, in order."""
    document = json.loads(notebook.read_text("utf-8"))
    return [cell for cell in document["cells"] if cell["cell_type"] == kind]


def shown(notebook: Path) -> dict[str, list[dict[str, Any]]]:
    """The output of each code cell, by the cell's id."""
    return {cell["id"]: cell["outputs"] for cell in cells(notebook, "code")}


def said(notebook: Path) -> str:
    """All sentences and tables in the output of the cells, as one text."""
    data = [
        output["data"] for outputs in shown(notebook).values() for output in outputs
    ]
    return "\n".join("".join(each["text/plain"]) for each in data)


def executed(warehouse: Warehouse, tmp_path: Path) -> Path:
    notebook = tmp_path / "executed.ipynb"
    finished = warehouse.run("clip-search", "notebook", "--out", str(notebook))
    assert finished.returncode == 0, finished.stderr
    return notebook


def test_the_notebook_is_kept_with_what_it_shows_of_the_sample(
    sample_warehouse: Warehouse, tmp_path: Path
) -> None:
    """`make renew` updates it."""
    notebook = executed(sample_warehouse, tmp_path)
    assert said(notebook) == said(NOTEBOOK)
    assert shown(notebook).keys() == shown(NOTEBOOK).keys()


def test_the_story_around_the_cells_states_no_number() -> None:
    for cell in cells(NOTEBOOK, "markdown"):
        assert not re.search(r"\d", "".join(cell["source"])), cell["id"]


def test_each_number_of_the_first_sentences_is_that_of_the_logs() -> None:
    story = said(NOTEBOOK)
    counts = {
        log: len(list(csv.reader((ROOT / "seeds/sample" / f"{log}.csv").open()))) - 1
        for log in ("search_request", "search_result_interaction")
    }
    searches, clicks = counts.values()
    assert f"{searches:,} search requests and {clicks:,} clicks were logged" in story
    assert f"search_request | {searches:,} |" in story


def test_only_tables_that_are_public_are_read() -> None:
    above = ("session", "learned", "marts")
    marts = {
        path.stem
        for folder in above
        for path in (ROOT / "models" / folder).glob("[!i]*.sql")
    }
    code = "\n".join("".join(cell["source"]) for cell in cells(NOTEBOOK, "code"))
    sql = "\n".join(re.findall(r'"""(.*?)"""', code, re.DOTALL))
    tables = set(re.findall(r"\b(?:from|join) (\w+)", sql))
    assert tables <= READ_BY_NOTEBOOK | marts, tables
    assert len(tables) > len(READ_BY_NOTEBOOK)


def written(folder: Path, requests: list[list[str]], clicks: list[list[str]]) -> Path:
    """Logs with these rows."""
    folder.mkdir()
    for name, rows in (
        ("search_request", [["search_id", "search_query", "ts", "cuid", "total"]]),
        ("search_result_interaction", [["search_id", "ts", "cid", "position"]]),
    ):
        rows += requests if name == "search_request" else clicks
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(rows)
    return folder


def page_of(warehouse: Warehouse, tmp_path: Path) -> str:
    page = tmp_path / "report.html"
    finished = warehouse.run("clip-search", "report", "--out", str(page))
    assert finished.returncode == 0, finished.stderr
    return page.read_text("utf-8")


def test_what_somebody_typed_is_text_on_the_page_even_if_it_is_code(
    new_warehouse: NewWarehouse, tmp_path: Path
) -> None:
    """Also in a log without clicks: cells that need clicks say that there are none."""
    warehouse = new_warehouse("hostile")
    requests = [
        [f"s{number}-{user}", query, "2020-03-10T10:00:00Z", f"u{user}", "0"]
        for number, query in enumerate(HOSTILE)
        for user in range(4)
    ]
    warehouse.load(written(tmp_path / "logs", requests, []))
    warehouse.build()

    page = page_of(warehouse, tmp_path)

    for query in HOSTILE:
        # Shown in its normal form, in lower case.
        assert html.escape(query.lower(), quote=False) in page, query
    assert "<script" not in page
    assert "<img src=x" not in page
    assert "Nobody clicked" in page
    assert "<strong>16 search requests and 0 clicks were logged.</strong>" in page


def test_a_warehouse_that_was_never_built_is_no_error(tmp_path: Path) -> None:
    page = page_of(Warehouse(tmp_path / "unbuilt.db"), tmp_path)
    assert "There is nothing here yet." in page
    assert "Traceback" not in page


def test_a_cell_that_fails_is_told_with_what_to_do(
    tmp_path_factory: pytest.TempPathFactory, tmp_path: Path
) -> None:
    warehouse = Warehouse(tmp_path_factory.mktemp("broken") / "clip_search.db")
    with sqlite3.connect(warehouse.database) as connection:
        connection.execute("create table log_ledger (log text)")
    finished = warehouse.run("clip-search", "report", "--out", str(tmp_path / "r.html"))
    assert finished.returncode == 1
    assert "no such column" in finished.stderr
    assert "\x1b" not in finished.stderr
    assert "remedy:  Build it again: clip-search run --full-refresh" in finished.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("at", "expected"), [(0.0, 1), (0.5, 2), (0.75, 2), (0.76, 9), (1.0, 9)]
)
def test_a_percentile_is_the_smallest_value_that_reaches_its_share(
    at: float, expected: int
) -> None:
    assert percentile([(9, 1), (1, 1), (2, 2)], at) == expected


def test_of_nothing_there_is_no_percentile() -> None:
    assert percentile([], 0.5) is None


def test_a_course_has_each_period_and_leaves_out_clocks_that_are_years_wrong() -> None:
    days = [("2020-01-30", "a", 500), ("2020-02-02", "b", 500), ("1999-01-01", "a", 1)]
    drawn = course(days)
    assert drawn.period == "day"
    assert drawn.names == ["2020-01-30", "2020-01-31", "2020-02-01", "2020-02-02"]
    assert drawn.series == {"a": [500, 0, 0, 0], "b": [0, 0, 0, 500]}
    assert drawn.outside_count == 1


def test_a_long_course_is_told_in_months() -> None:
    drawn = course([("2020-01-30", "a", 1), ("2020-12-02", "a", 2)])
    assert (drawn.period, len(drawn.names)) == ("month", 12)
    assert drawn.series == {"a": [1, *[0] * 10, 2]}
