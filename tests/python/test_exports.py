"""What all exports share: nothing private leaves, and every row is counted."""

import json
import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Any

import duckdb
import pytest
from export_warehouse import PRIVATE_TEXTS, fill, small_warehouse
from hostile_queries import hostile_pairs
from typer.testing import CliRunner, Result

from clip_search import private_files
from clip_search.cli import app
from clip_search.export.export_error import ExportError
from clip_search.export.formats import FORMATS
from clip_search.export.sources import (
    CLICKS,
    EQUIVALENTS,
    JUDGMENTS,
    QUERIES,
    REWRITES,
    SEARCHES,
)
from clip_search.export.whole_export import Wanted, export
from lab.warehouse import Warehouse


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The small warehouse, in a folder next to what a test writes."""
    folder = tmp_path / "warehouse"
    monkeypatch.setenv("DBT_TARGET_PATH", str(folder))
    monkeypatch.setenv("CLIP_SEARCH_TARGET", "sqlite")
    return small_warehouse(folder)


def command(database: Path, *arguments: object) -> Result:
    return CliRunner().invoke(
        app,
        ["export", *map(str, arguments)],
        env={"CLIP_SEARCH_DATABASE": str(database)},
    )


def counted(database: Path, name: str, file: Path, **wanted: Any) -> dict[str, Any]:
    """The ledger of an export of a single mart."""
    export(database, Wanted(FORMATS[name](), file, **wanted))
    document = json.loads(file.with_name(f"{file.name}.ledger.json").read_text())
    (ledger,) = document["marts"]
    return dict(ledger)


def test_a_row_is_written_only_if_it_may_leave_the_warehouse(
    small: Path, tmp_path: Path
) -> None:
    file = tmp_path / "rewrites.jsonl"
    assert counted(small, "lookup-jsonl", file) == {
        "mart": "query_rewrite",
        "row_count": 6,
        "written": 2,
        "private": {"not_publishable": 1, "personal_data": 1, "blocked": 1},
        "below_tier": 1,
        "not_expressible": {},
    }
    assert file.read_text() == (
        '{"query_text":"=formula","rewritten_text":"a formula","tier":"auto",'
        '"score":0.9877,"rule":"split"}\n'
        '{"query_text":"portraitof laurie","rewritten_text":"portrait of laurie",'
        '"tier":"auto","score":0.9877,"rule":"split"}\n'
    )


def test_suggested_rewrites_are_written_on_request(small: Path, tmp_path: Path) -> None:
    ledger = counted(small, "lookup-csv", tmp_path / "a.csv", tier="suggest")
    assert ledger["below_tier"] == 0
    assert ledger["not_expressible"] == {"a spreadsheet would run it as a formula": 1}
    assert (tmp_path / "a.csv").read_text() == (
        "query_text,rewritten_text,tier,score,rule\n"
        "maybe,may be,suggest,0.9877,split\n"
        "portraitof laurie,portrait of laurie,auto,0.9877,split\n"
    )


def test_an_equivalent_is_exported_both_ways_and_counted(
    small: Path, tmp_path: Path
) -> None:
    """Of five pairs, two may leave."""
    ledger = counted(small, "solr-equivalents", tmp_path / "equivalents.txt")
    assert ledger == {
        "mart": "equivalent_query",
        "row_count": 5,
        "written": 2,
        "private": {"not_publishable": 1, "personal_data": 1, "blocked": 1},
        "below_tier": 0,
        "not_expressible": {},
    }
    _, *lines = (tmp_path / "equivalents.txt").read_text().splitlines()
    assert lines == ["=formula, = formula", "timelapse, time lapse"]
    # Rewrites know nothing of them.
    export(small, Wanted(FORMATS["solr-synonyms"](), tmp_path / "a", tier="suggest"))
    assert "timelapse" not in (tmp_path / "a").read_text()


def test_a_query_of_the_log_needs_enough_users(small: Path, tmp_path: Path) -> None:
    expected = {"not_publishable": 1, "personal_data": 1, "blocked": 1}
    for name, mart in (
        ("ubi-queries", "clean_search_request"),
        ("ubi-events", "clean_search_result_interaction"),
        ("queries-csv", "query_frequency"),
    ):
        ledger = counted(small, name, tmp_path / name)
        unknown = int(name == "ubi-queries")
        assert ledger["mart"] == mart
        assert ledger["private"] == {**expected, "not_publishable": 1 + unknown}, name


def test_a_judgment_needs_a_grade(small: Path, tmp_path: Path) -> None:
    file = tmp_path / "qrels"
    ledger = counted(small, "trec-qrels", file)
    assert ledger["private"] == {
        "not_publishable": 1,
        "personal_data": 1,
        "blocked": 1,
    }
    assert ledger["not_expressible"] == {"no grade: one_click": 1}
    query, zero, cid, grade = file.read_text().split()
    assert (zero, cid, grade) == ("0", "c17", "3")
    assert query.startswith("q-")


@pytest.mark.parametrize("name", FORMATS)
def test_each_row_of_a_mart_is_in_exactly_one_count(
    name: str, small: Path, tmp_path: Path
) -> None:
    done = export(small, Wanted(FORMATS[name](), tmp_path / "out"))
    with closing(sqlite3.connect(small)) as connection:
        for ledger in done.ledgers:
            sql = f"select count(*) from {ledger.mart}"
            ((row_count,),) = connection.execute(sql)
            assert ledger.row_count == row_count
            document: Any = ledger.document()
            assert row_count == (
                document["written"]
                + sum(document["private"].values())
                + document["below_tier"]
                + sum(document["not_expressible"].values())
            )
    assert [ledger.mart for ledger in done.ledgers] == [
        source.mart for source in FORMATS[name].sources
    ]


@pytest.mark.parametrize("name", FORMATS)
def test_no_file_holds_what_is_private(name: str, small: Path, tmp_path: Path) -> None:
    done = export(small, Wanted(FORMATS[name](), tmp_path / "out", tier="suggest"))
    assert done.ledgers[0].written > 0
    for file in (done.file, *done.others):
        content = file.read_bytes().decode("utf-8", errors="replace").lower()
        assert [text for text in PRIVATE_TEXTS if text in content] == [], file


@pytest.mark.parametrize("name", FORMATS)
def test_the_same_warehouse_gives_the_same_bytes(
    name: str, small: Path, tmp_path: Path
) -> None:
    found = []
    for folder in (tmp_path / "a", tmp_path / "b"):
        folder.mkdir()
        export(small, Wanted(FORMATS[name](), folder / "out"))
        found.append({file.name: file.read_bytes() for file in folder.iterdir()})
    assert found[0] == found[1]
    assert {"out", "out.ledger.json"} <= set(found[0])


def test_duckdb_gives_the_same_bytes(
    small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "clip_search.duckdb"
    with duckdb.connect(str(other)) as connection:
        fill(connection)
    for name in FORMATS:
        found = []
        for engine, database in (("sqlite", small), ("duckdb", other)):
            monkeypatch.setenv("CLIP_SEARCH_TARGET", engine)
            file = tmp_path / f"{name}-{engine}"
            export(database, Wanted(FORMATS[name](), file))
            found.append(file.read_bytes())
        assert found[0] == found[1], name


def test_each_row_of_the_sample_is_counted(
    sample_warehouse: Warehouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for variable, value in sample_warehouse.variables.items():
        monkeypatch.setenv(variable, value)
    for name, form in FORMATS.items():
        if form.sources[0].mart == "judgment":
            continue
        done = export(sample_warehouse.database, Wanted(form(), tmp_path / name))
        for ledger in done.ledgers:
            sql = f"select count(*) from {ledger.mart}"
            assert sample_warehouse.query(sql) == [(ledger.accounted,)], name
        # Few queries of the sample have two forms that are both in use.
        if form.sources != (EQUIVALENTS,):
            assert done.ledgers[0].written > 50, name
    described = json.loads((tmp_path / "datasette.metadata.json").read_text())
    tables = described["databases"]["datasette"]["tables"]
    # Every column of every table has its description from dbt.
    for source in FORMATS["datasette"].sources:
        columns = tables[source.mart]["columns"]
        assert tuple(columns) == source.columns
        assert all(columns.values())
        assert tables[source.mart]["description"]


def test_10000_hostile_queries_are_each_counted_once(
    small: Path, tmp_path: Path
) -> None:
    # SQLite has no text that is not Unicode.
    pairs = [
        (query, rewritten)
        for query, rewritten in hostile_pairs(10_000)
        if "\ud800" not in query + rewritten
    ]
    with closing(sqlite3.connect(small)) as connection:
        connection.execute("delete from query_rewrite")
        connection.executemany(
            "insert into query_rewrite"
            " values (?, ?, 'auto', 'split', 1, 1, 1, 1, 1, 1)",
            pairs,
        )
        connection.commit()
    ledger = counted(small, "lookup-jsonl", tmp_path / "a.jsonl")
    refused = ledger["not_expressible"]
    assert set(refused) == {"control characters, or text that is not Unicode"}
    private = ledger["private"]
    held_back = sum([*refused.values(), *private.values()])
    assert ledger["row_count"] == len(pairs) == ledger["written"] + held_back
    # A few look like an address by chance.
    assert private["personal_data"] < 10
    found = [
        (row["query_text"], row["rewritten_text"])
        for row in map(json.loads, (tmp_path / "a.jsonl").read_bytes().splitlines())
    ]
    assert set(found) <= set(pairs)
    assert len(found) == ledger["written"] > 4_000


def test_the_tables_of_datasette_hold_publishable_rows(
    small: Path, tmp_path: Path
) -> None:
    file = tmp_path / "log.db"
    export(small, Wanted(FORMATS["datasette"](), file))
    with closing(sqlite3.connect(file)) as connection:
        rows = connection.execute("select query_text, user_count from query_frequency")
        assert rows.fetchall() == [("=formula", 4), ("portraitof laurie", 3)]
        related = connection.execute("select related_text from related_query")
        assert related.fetchall() == [("secret film",)]
    described = json.loads((tmp_path / "log.db.metadata.json").read_text())
    assert described["databases"]["log"]["tables"]["query_rewrite"] == {
        "description": "One row per query_text with a rewrite.",
        "columns": {"tier": "`auto` or `suggest`."},
    }


# The command


def test_the_command_prints_where_the_rows_ended_up(
    small: Path, tmp_path: Path
) -> None:
    file = tmp_path / "synonyms.txt"
    told = command(small, "solr-synonyms", "--out", file)
    assert told.exit_code == 0
    assert told.stdout.splitlines() == [
        "           6  rows of query_rewrite",
        "           2  - written",
        "           1  - private: not publishable, as too few users typed it",
        "           1  - private: the rules find personal data",
        "           1  - private: contains a term of export_blocklist",
        "           1  - below the tier",
        f"export: wrote {file}",
        f"export: wrote {file}.ledger.json",
    ]


def test_a_dry_run_counts_and_writes_nothing(small: Path, tmp_path: Path) -> None:
    told = command(small, "lookup-csv", "--out", tmp_path / "a.csv", "--dry-run")
    assert told.exit_code == 0
    assert "           1  - written\n" in told.stdout
    assert told.stdout.endswith("export: wrote nothing, as this is a dry run\n")
    assert [path.name for path in tmp_path.iterdir()] == ["warehouse"]


def test_the_formats_are_listed_one_per_line(small: Path) -> None:
    told = command(small, "--list")
    assert told.exit_code == 0
    assert told.stdout.splitlines() == list(FORMATS)


def test_names_and_sources_of_formats_are_consistent() -> None:
    names = Counter(form.name for form in FORMATS.values())
    assert set(names) == set(FORMATS)
    for form in FORMATS.values():
        assert form.about
        assert form.ending.startswith(".")
        for source in form.sources:
            assert {*source.texts, *source.ids} <= {
                *source.sql.replace(",", " ").replace(".", " ").split()
            }
    assert {REWRITES, QUERIES, SEARCHES, CLICKS, JUDGMENTS} <= {
        source for form in FORMATS.values() for source in form.sources
    }


def refused(told: Result, problem: str, remedy: str) -> None:
    """Checks that one clear error was printed, and nothing else."""
    assert (told.exit_code, told.stdout) == (1, "")
    assert told.stderr.startswith(f"error: {problem}")
    assert f"  remedy:  {remedy}" in told.stderr


def test_an_unknown_format_or_tier_is_named(small: Path, tmp_path: Path) -> None:
    out = ("--out", tmp_path / "a")
    refused(
        command(small, "solr", *out), "there is no format solr", "Choose one of these:"
    )
    told = command(small, "lookup-csv", *out, "--tier", "all")
    refused(told, "there is no tier all", "Choose auto or suggest.")


def test_the_place_must_be_a_file_in_a_folder(small: Path, tmp_path: Path) -> None:
    told = command(small, "lookup-csv", "--out", tmp_path / "none" / "a.csv")
    refused(told, "the folder of the file does not exist", "Create it, or name")
    told = command(small, "lookup-csv", "--out", tmp_path)
    refused(told, "this is a folder", "Name a file in it.")


def test_only_an_untouched_export_is_replaced(small: Path, tmp_path: Path) -> None:
    file = tmp_path / "synonyms.txt"
    file.write_text("by hand => by hand\n")
    arguments = ("solr-synonyms", "--out", file)
    problem = "the file exists, and is not as an export left it"
    refused(command(small, *arguments), problem, "Name another one, or add --replace.")
    assert file.read_text() == "by hand => by hand\n"
    assert command(small, *arguments, "--replace").exit_code == 0
    exported = file.read_bytes()
    assert command(small, *arguments).exit_code == 0
    assert file.read_bytes() == exported
    file.write_bytes(exported + b"one => more\n")
    refused(command(small, *arguments), problem, "Name another one")


def test_without_the_table_the_command_that_builds_it_is_named(
    small: Path, tmp_path: Path
) -> None:
    with closing(sqlite3.connect(small)) as connection:
        connection.execute("drop table judgment")
    told = command(small, "trec-qrels", "--out", tmp_path / "a.qrels")
    refused(told, "the warehouse lacks what is exported: no such table", "Build it")
    assert "clip-search run" in told.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["warehouse"]


def test_a_new_file_has_the_mode_that_the_umask_asks_for(
    small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(private_files, "_umask_of_user", 0o022)
    file = tmp_path / "a.jsonl"
    export(small, Wanted(FORMATS["lookup-jsonl"](), file))
    assert file.stat().st_mode & 0o777 == 0o644
    file.chmod(0o600)
    export(small, Wanted(FORMATS["lookup-jsonl"](), file))
    assert file.stat().st_mode & 0o777 == 0o600


def test_rows_that_do_not_add_up_are_an_error(small: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(small)) as connection:
        # Another row for the query of a search, which its key forbids.
        connection.execute(
            "insert into query_frequency select * from query_frequency"
            " where query_text = '=formula'"
        )
        connection.commit()
    with pytest.raises(ExportError, match="7 of 6 rows of clean_search_request"):
        export(small, Wanted(FORMATS["ubi-queries"](), tmp_path / "a"))
    assert [path.name for path in tmp_path.iterdir()] == ["warehouse"]
