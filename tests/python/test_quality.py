"""Rewrites measured on queries whose meaning is known."""

from pathlib import Path

import pytest

from clip_search.export.export_error import ExportError
from lab.evaluate.corrections import Judged
from lab.evaluate.new_queries import rewrites_of
from lab.quality import simulated_logs
from lab.quality.lucene_suggester import suggested
from lab.quality.quality_table import Tally, right_rows, tallies, typo_rows
from lab.quality.query_sets import QuerySetError, read_sets
from lab.warehouse import Warehouse

# Builds a simulated log with all models.
pytestmark = pytest.mark.slow

QUERIES = """set,query,meant,kind
films,Jaws,jaws,clean
films,jaws,jaws,clean
films,jwas,jaws|jawas,one edit
films,jawz,jaws,one edit
films,heta,heat,one edit
films,alien,alien,clean
names,gojira,gojira,clean
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "queries.csv"
    path.write_text(text, "utf-8")
    return path


def test_each_query_counts_once_in_its_set_and_kind(tmp_path: Path) -> None:
    """Of three typos, two are changed, one of them rightly; and one right query."""
    changes = {"jwas": "jawas", "jawz": "jazz", "gojira": "go jira"}
    found = tallies(read_sets(written(tmp_path, QUERIES)), changes.get)
    assert found == {
        ("films", "right"): Tally(2, 0, 0),
        ("films", "one edit"): Tally(3, 2, 1),
        ("names", "right"): Tally(1, 1, 0),
    }
    assert [row[:5] for row in typo_rows(found)] == [
        ("films", "one edit", "3", "0.500", "0.333")
    ]
    assert [row[:4] for row in right_rows(found)] == [
        ("films", "2", "0", "0.00 %"),
        ("names", "1", "1", "100.00 %"),
    ]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("set,query\n", "lacks the columns kind, meant"),
        ("set,query,meant,kind\n", "has no queries"),
    ],
)
def test_a_file_that_is_no_set_says_why(
    tmp_path: Path, text: str, problem: str
) -> None:
    with pytest.raises(QuerySetError, match=problem):
        read_sets(written(tmp_path, text))


def test_lucene_suggests_what_is_near_and_more_frequent_or_breaks_words() -> None:
    words = {"music": 500, "muses": 300, "musical": 450, "video": 500, "flim": 200}
    queries = ["musci video", "musicvideo", "muse", "flim", "zzzzz 8k"]
    try:
        found = suggested(queries, words)
    except ExportError as error:
        pytest.skip(f"{error.problem}: {error.remedy}")
    # `muses` is at distance 1 of `muse`, the more frequent `music` at distance 2.
    assert found == {
        "musci video": "music video",
        "musicvideo": "music video",
        "muse": "muses",
    }


def test_a_new_query_is_judged_by_what_the_log_taught(
    sample_warehouse: Warehouse, tmp_path: Path
) -> None:
    """The README's example, as a query that nobody typed, and one without a typo."""
    before = sample_warehouse.query("select count(*) from int_log_query")
    rewrites = rewrites_of(
        ["musicvideo", "music video"], sample_warehouse.database, tmp_path
    )
    assert rewrites["musicvideo"].rewritten_text == "music video"
    assert "music video" not in rewrites
    assert sample_warehouse.query("select count(*) from int_log_query") == before


# Simulates and builds a log of its own.
@pytest.mark.long
def test_the_rewrites_of_a_simulated_log_are_judged_by_its_truth(
    tmp_path: Path,
) -> None:
    sets = {"words": [Judged("documentry", frozenset({"documentary"}), "1 edit")]}
    log = simulated_logs.SimulatedLog(3000, tolerates_typos=True)
    measured = simulated_logs.measure(log, sets, tmp_path / "log")
    found = measured.of_weights["text_and_users"]
    assert found.clean > found.typos > found.right > 20
    assert found.precision > 0.9
    rewrites = [counts[0] for counts in measured.of_evidence.values()]
    assert sum(rewrites) == found.rewritten
    assert measured.others["words", "1 edit"].right == 1
    (without, with_outcomes) = simulated_logs.rows([measured])
    assert without[:2] == ("3,000, tolerant engine", "without")
    assert with_outcomes[1] == "with"
