"""Lucene itself reads the exported synonyms: each rule does what the table says."""

import csv
import re
import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest
from hostile_queries import hostile_pairs
from typer.testing import CliRunner

from clip_search.cli import app
from clip_search.export.export_error import ExportError
from clip_search.export.formats import FORMATS
from clip_search.export.lucene_check import (
    check_equivalents,
    check_rules,
    class_path,
    java_command,
    through_lucene,
)
from clip_search.export.sources import REWRITES, Row
from clip_search.export.whole_export import Wanted, export, why_refused
from lab.simulate import Destination, Plan, simulate
from lab.warehouse import Warehouse
from tests.python.conftest import NewWarehouse

SIMULATED_SEARCHES = 100_000


@pytest.fixture(scope="module", autouse=True)
def lucene() -> None:
    """`.ci/run` installs Java and Lucene."""
    try:
        java_command()
        class_path()
    except ExportError as error:
        pytest.skip(f"{error.problem}: {error.remedy}")


def rows_of(*pairs: tuple[str, str]) -> list[Row]:
    return [
        {"query_text": query, "rewritten_text": rewritten} for query, rewritten in pairs
    ]


def write_rules(file: Path, rows: list[Row]) -> None:
    FORMATS["solr-synonyms"]().write(file, {"query_rewrite": iter(rows)})


def test_lucene_takes_10000_hostile_queries_and_rewrites_them(tmp_path: Path) -> None:
    form = FORMATS["solr-synonyms"]()
    rows = [
        row
        for row in rows_of(*hostile_pairs(10_000))
        if why_refused(REWRITES, row, form) is None
    ]
    assert len(rows) > 1_000
    file = tmp_path / "synonyms.txt"
    write_rules(file, rows)
    texts = [row[side] for row in rows for side in ("query_text", "rewritten_text")]
    found = list(through_lucene(file, texts))
    pairs = list(zip(found[::2], found[1::2], strict=True))
    # No tokenizer keeps all signs apart: queries with the same tokens are one rule.
    count_of = Counter(query.plain for query, _ in pairs)
    alone = [(query, target) for query, target in pairs if count_of[query.plain] == 1]
    assert len(alone) > 1_000
    assert [query for query, target in alone if query.rewritten != target.plain] == []


def test_a_query_that_a_rule_changes_by_accident_is_listed(tmp_path: Path) -> None:
    file = tmp_path / "synonyms.txt"
    rows = rows_of(("musicvideo", "music video"), ("ac, dc", "acdc"))
    write_rules(file, rows)
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute("create table export_blocklist (term text)")
        connection.execute("create table query_frequency (query_text, user_count)")
        connection.execute("create table clean_search_request (query_text)")
        connection.executemany(
            "insert into query_frequency values (?, ?)",
            [("best musicvideo", 3), ("my musicvideo", 2), ("musicvideo", 9)],
        )
        connection.executemany(
            "insert into clean_search_request values (?)",
            [
                *[("best musicvideo",)] * 4,
                *[("musicvideo",), ("my musicvideo",), ("unchanged",), ("",)],
            ],
        )
        fidelity = check_rules(connection, file, rows)
    assert fidelity.lines() == [
        "           2  of 2 rules do in Lucene what the table says",
        "           2  of 3 other queries are changed by a rule; 1 may not be listed",
    ]
    assert (tmp_path / "synonyms.txt.collateral.csv").read_text() == (
        "query_text,expected_tokens,tokens,rules,search_count\n"
        "best musicvideo,best musicvideo,best music video,musicvideo,4\n"
    )


def test_lucene_searches_for_both_forms_whichever_is_typed(tmp_path: Path) -> None:
    file = tmp_path / "equivalents.txt"
    rows = [
        {"query_text": "timelapse", "equivalent_text": "time lapse"},
        {"query_text": "ac, dc", "equivalent_text": "acdc"},
    ]
    FORMATS["solr-equivalents"]().write(file, {"equivalent_query": iter(rows)})
    typed = ["timelapse", "time lapse", "acdc", "best timelapse", "time"]
    found = [set(each.rewritten.split()) for each in through_lucene(file, typed)]
    both = {"time", "lapse", "timelapse"}
    assert [{word.removeprefix("|") for word in words} for words in found] == [
        both,
        both,
        {"ac", "dc", "acdc"},
        {"best", *both},
        {"time"},
    ]
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute("create table query_frequency (query_text, user_count)")
        connection.execute("create table clean_search_request (query_text)")
        connection.executemany(
            "insert into clean_search_request values (?)",
            [("timelapse",), ("best timelapse",), ("time",)],
        )
        assert check_equivalents(connection, file, rows) == [
            "           4  of 4 forms lead to both in Lucene",
            "           1  of 2 other queries contain a form, and are searched for with"
            " both",
        ]


def test_lucene_refuses_what_exports_refuse(tmp_path: Path) -> None:
    file = tmp_path / "synonyms.txt"
    # The tokenizer keeps nothing of the first side.
    file.write_text("-- => x\n")
    with pytest.raises(ExportError, match="Lucene does not take the rules"):
        list(through_lucene(file, ["a"]))


def check_fidelity(
    warehouse: Warehouse, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> tuple[int, int]:
    """Checks that each rule of an export does what the table says.

    Returns:
        How many rules there are, and how many other queries.
    """
    for variable, value in warehouse.variables.items():
        monkeypatch.setenv(variable, value)
    file = folder / "synonyms.txt"
    form = FORMATS["solr-synonyms"]()
    done = export(warehouse.database, Wanted(form, file, is_checked=True))
    (written,) = (ledger.written for ledger in done.ledgers)
    rules, others = done.checked
    assert rules.split() == (
        f"{written:,} of {written:,} rules do in Lucene what the table says".split()
    )
    numbers = [int(each.replace(",", "")) for each in re.findall("[0-9,]+", others)]
    collateral_count, other_count, unlisted_count = numbers
    # docs/exports.md says so.
    assert collateral_count < 0.01 * other_count
    with (folder / "synonyms.txt.collateral.csv").open() as listed:
        assert len(list(csv.DictReader(listed))) == collateral_count - unlisted_count
    return written, other_count


def test_each_rule_of_the_sample_does_what_the_table_says(
    sample_warehouse: Warehouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rule_count, other_count = check_fidelity(sample_warehouse, tmp_path, monkeypatch)
    assert rule_count > 100
    assert other_count > 1_000


# It simulates and builds a hundred thousand searches.
@pytest.mark.long
def test_each_rule_of_100000_simulated_searches_does_what_the_table_says(
    new_warehouse: NewWarehouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    logs = tmp_path / "logs"
    logs.mkdir()
    simulate(Plan(28, SIMULATED_SEARCHES), Destination.in_folder(logs))
    warehouse = new_warehouse("simulated")
    warehouse.load(logs)
    warehouse.build()
    rule_count, other_count = check_fidelity(warehouse, tmp_path, monkeypatch)
    assert rule_count > 0.002 * SIMULATED_SEARCHES
    assert other_count > 0.1 * SIMULATED_SEARCHES


def test_only_synonyms_can_be_checked(
    sample_warehouse: Warehouse, tmp_path: Path
) -> None:
    told = CliRunner().invoke(
        app,
        ["export", "algolia", "--out", str(tmp_path / "a.json"), "--check"],
        env={**sample_warehouse.variables},
    )
    assert told.exit_code == 1
    assert told.stderr.startswith("error: there is no check of algolia\n")
    assert list(tmp_path.iterdir()) == []
