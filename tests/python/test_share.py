"""A copy for others: what it answers, what it leaves out, and when it is refused."""

import json
import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import duckdb
import pytest
from typer.testing import CliRunner

from clip_search.cli import app
from clip_search.share import SHARED_TABLES, ShareError, share
from lab.parity import build_on, column_names
from lab.warehouse import Row, Warehouse
from tests.python.conftest import ROOT, NewWarehouse

SQL = re.compile(r"^```sql\n(.*?)^```\n", re.MULTILINE | re.DOTALL)
Ask = Callable[[str], list[Row]]


def documented_queries() -> list[str]:
    """Every query that a page shows and any SQL tool can run."""
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]
    found = [query for page in pages for query in SQL.findall(page.read_text())]
    # The page says that a few need a function of the project.
    queries = [query for query in found if "percent_interval(" not in query]
    assert len(queries) >= 18
    return queries


@pytest.fixture(scope="module")
def copies(
    sample_warehouse: Warehouse, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Path]:
    """Copies of the sample, by the program that opens them."""
    folder = tmp_path_factory.mktemp("shared")
    files = {"sqlite3": folder / "copy.db", "duckdb": folder / "copy.duckdb"}
    for file in files.values():
        share(sample_warehouse.database, file)
    return files


@pytest.fixture(scope="module", params=["sqlite3", "duckdb"])
def ask(request: pytest.FixtureRequest, copies: dict[str, Path]) -> Iterator[Ask]:
    """Asks a copy, opened without any of our code."""
    file = copies[request.param]
    connection: Any
    if request.param == "sqlite3":
        connection = sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True)
    else:
        connection = duckdb.connect(str(file), read_only=True)
    with closing(connection):
        yield lambda sql: connection.execute(sql).fetchall()


@pytest.mark.parametrize("query", documented_queries(), ids=lambda text: text[:40])
def test_a_copy_answers_each_documented_query_as_the_warehouse_does(
    query: str, ask: Ask, sample_warehouse: Warehouse
) -> None:
    expected = sample_warehouse.query(query)
    if "lower(" in query:
        # The page says so: the engines lower different letters.
        ((count,),) = ask(query)
        assert 0 < int(str(count)) <= int(str(expected[0][0]))
        return

    def comparable(rows: list[Row]) -> list[Row]:
        return [
            tuple(round(cell, 9) if isinstance(cell, float) else cell for cell in row)
            for row in rows
        ]

    found, expected = comparable(ask(query)), comparable(expected)
    if "order by" not in query:
        found, expected = sorted(found, key=repr), sorted(expected, key=repr)
    assert found == expected


def test_a_copy_has_the_tables_that_the_graph_of_the_docs_shows(
    copies: dict[str, Path], sample_warehouse: Warehouse
) -> None:
    manifest = json.loads((sample_warehouse.target / "manifest.json").read_text())
    shown = {
        node["name"]
        for node in manifest["nodes"].values()
        if node["resource_type"] == "model"
        and node["config"]["docs"]["show"]
        # Public words do not come from a log.
        and node["schema"] == "main"
    }
    with closing(sqlite3.connect(copies["sqlite3"])) as connection:
        rows = connection.execute("select name, sql from sqlite_master").fetchall()
    assert dict(rows).keys() == shown | {"reject_rule", "load_record"}
    assert set(dict(rows)) == set(SHARED_TABLES)
    assert all(sql.endswith("strict") for _, sql in rows)


# It builds the sample on each engine. That engines build the same is tested elsewhere.
@pytest.mark.long
def test_the_copies_of_all_engines_are_equal(
    sample_warehouse: Warehouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = build_on("duckdb", tmp_path, None)
    share(sample_warehouse.database, tmp_path / "a.db")
    monkeypatch.setenv("CLIP_SEARCH_TARGET", "duckdb")
    share(other, tmp_path / "b.db")
    for table in set(SHARED_TABLES) - {"load_record"}:
        found = []
        for name in ("a.db", "b.db"):
            with closing(sqlite3.connect(tmp_path / name)) as connection:
                columns = ", ".join(column_names(connection, table))
                rows = connection.execute(f"select {columns} from {table}")
                found.append(sorted(rows.fetchall(), key=repr))
        assert found[0] == found[1], table


def test_the_name_of_a_loaded_file_is_redacted(
    new_warehouse: NewWarehouse, tmp_path: Path
) -> None:
    warehouse = new_warehouse("named")
    log = tmp_path / "search_request of anna@example.com.csv"
    log.write_text("search_id,search_query,ts,cuid,total\n")
    warehouse.load(log)
    warehouse.build()
    copy = tmp_path / "copy.db"
    share(warehouse.database, copy)
    assert b"anna@" not in copy.read_bytes()
    with closing(sqlite3.connect(copy)) as connection:
        ((path,),) = connection.execute("select file_path from load_record")
    assert path.endswith("[email]")


def test_an_existing_file_is_replaced_only_on_request(
    sample_warehouse: Warehouse, tmp_path: Path
) -> None:
    file = tmp_path / "copy.db"
    file.write_text("mine")
    with pytest.raises(ShareError, match="the file exists"):
        share(sample_warehouse.database, file)
    assert file.read_text() == "mine"
    share(sample_warehouse.database, file, is_replaced=True)
    assert file.read_bytes().startswith(b"SQLite format 3")
    assert list(tmp_path.iterdir()) == [file]


@pytest.mark.parametrize("name", ["copy.db", "copy.duckdb", "none/copy.db"])
def test_a_copy_that_fails_leaves_no_file(name: str, tmp_path: Path) -> None:
    database = tmp_path / "clip_search.db"
    sqlite3.connect(database).execute("create table other (a)")
    told = CliRunner().invoke(
        app,
        ["share", str(tmp_path / name)],
        env={"CLIP_SEARCH_DATABASE": str(database), "CLIP_SEARCH_TARGET": "sqlite"},
    )
    assert told.exit_code == 1
    assert told.stderr.startswith("error: ")
    assert "  remedy:  " in told.stderr
    assert list(tmp_path.iterdir()) == [database]
