"""`clip-search score`: each planted rule has a score, and it is right."""

import json
import sqlite3
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from conftest import REJECT_RULES, ROOT, NewWarehouse

from lab.score.rule_scores import Score, score_warehouse
from lab.score.score_error import ScoreError
from lab.score.score_table import lines, markdown_table, put_into
from lab.score.tally import Tally
from lab.simulate import SAMPLE_SEED, Destination, Plan, simulate
from lab.simulate.answer_key import read_answers
from lab.warehouse import Warehouse

KEY = ROOT / "tests" / "answer_key" / "sample.jsonl"
DETERMINISTIC = (
    "rejected requests",
    "rejected clicks",
    "folded rows",
    "clean values",
    "redactions",
    "query_kind",
    "disputed times",
    "disputed totals",
    "automated searches",
)


@pytest.fixture(scope="module")
def score(sample_warehouse: Warehouse) -> Score:
    return score_warehouse(sample_warehouse.database, KEY, None)


def answers() -> list[dict[str, Any]]:
    return list(read_answers(KEY))


def test_every_rule_is_planted_and_has_a_score(score: Score) -> None:
    planted = {
        (answer["log"], answer["reject_reason"])
        for answer in answers()
        if answer["reject_reason"]
    }
    scored = {each for each, tally in score.rejects.items() if tally.planted}
    assert planted == REJECT_RULES
    assert scored == REJECT_RULES


def test_the_sample_is_cleaned_without_a_fault(score: Score) -> None:
    faulty = [line for line in lines(score) if line.tally.missed or line.tally.wrong]
    assert faulty == []
    assert {line.group for line in lines(score)} == set(DETERMINISTIC)
    assert all(line.tally.planted >= 3 for line in lines(score))


@pytest.mark.long
def test_a_hundred_thousand_searches_are_cleaned_as_the_page_says(
    new_warehouse: NewWarehouse, tmp_path: Path
) -> None:
    """The default world: rules without errors, automated users within the goals."""
    simulate(Plan(SAMPLE_SEED), Destination.in_folder(tmp_path))
    warehouse = new_warehouse("quality")
    warehouse.load(tmp_path)
    warehouse.build()
    key, truth = tmp_path / "answer_key.jsonl", tmp_path / "truth"
    score = score_warehouse(warehouse.database, key, truth)
    for line in lines(score):
        if line.group in DETERMINISTIC:
            assert (line.tally.missed, line.tally.wrong) == (0, 0), line
    people = score.automated_people
    assert people is not None
    assert (people.precision or 0) >= 0.99 and (people.recall or 0) >= 0.95
    page = (ROOT / "docs" / "cleaning-quality.md").read_text("utf-8")
    assert markdown_table(score) in page


def test_planted_rows_are_counted_as_the_key_has_them(score: Score) -> None:
    key = answers()
    for (log, rule), tally in score.rejects.items():
        assert tally.planted == sum(
            (each["log"], each["reject_reason"]) == (log, rule) for each in key
        )
    for log, tally in score.folds.items():
        assert tally.planted == sum(
            (each["log"], each["outcome"]) == (log, "folded") for each in key
        )


def test_the_page_shows_the_score_of_the_sample(score: Score) -> None:
    page = (ROOT / "docs" / "cleaning-quality.md").read_text("utf-8")
    assert markdown_table(score) in page


@pytest.mark.parametrize(
    ("change", "group", "name"),
    [
        (
            {"outcome": "rejected", "reject_reason": "orphan_click"},
            "clicks",
            "orphan_click",
        ),
        ({"outcome": "folded", "reject_reason": None}, "folded rows", "clicks"),
    ],
)
def test_a_wrong_outcome_costs_the_rule_its_precision(
    change: dict[str, Any],
    group: str,
    name: str,
    score: Score,
    sample_warehouse: Warehouse,
    tmp_path: Path,
) -> None:
    """The key is changed at one clean click, so that the build is wrong there."""
    changed = tmp_path / "key.jsonl"
    is_changed = False
    with changed.open("w", encoding="utf-8") as file:
        for answer in answers():
            if (
                not is_changed
                and answer["log"] == "search_result_interaction"
                and answer["outcome"] == "clean"
            ):
                answer |= change
                del answer["clean"]
                is_changed = True
            file.write(json.dumps(answer) + "\n")
    other = score_warehouse(sample_warehouse.database, changed, None)
    before = {(line.group, line.name): line.tally for line in lines(score)}
    after = {(line.group, line.name): line.tally for line in lines(other)}
    key = next(each for each in before if group in each[0] and each[1] == name)
    assert after[key].missed == 1 and after[key].found == before[key].found
    values = ("clean values", "clicks")
    assert after[values].wrong == 1
    assert after[values].found == before[values].found - 1


def test_logs_of_another_key_are_not_scored(
    sample_warehouse: Warehouse, tmp_path: Path
) -> None:
    other = tmp_path / "key.jsonl"
    other.write_text("".join(KEY.read_text("utf-8").splitlines(keepends=True)[:100]))
    with pytest.raises(ScoreError, match="are not those of"):
        score_warehouse(sample_warehouse.database, other, None)


def test_the_samples_key_does_not_score_loaded_logs(
    sample_warehouse: Warehouse, tmp_path: Path
) -> None:
    """It does not say on which lines the rows are, so nothing could be compared."""
    loaded = sample_warehouse.copy(tmp_path / "loaded")
    with sqlite3.connect(loaded.database) as connection:
        connection.execute(
            "insert into load_record"
            " values (1, 'search_request', 'a.csv', 'abc', 1, 1, '2020-03-10', null)"
        )
    with pytest.raises(ScoreError, match="only for the sample"):
        score_warehouse(loaded.database, KEY, None)


def test_the_command_shows_every_line(
    score: Score, sample_warehouse: Warehouse
) -> None:
    printed = sample_warehouse.run("clip-search", "score")
    assert printed.returncode == 0, printed.stderr
    for line in lines(score):
        assert line.name in printed.stdout


def test_without_a_database_the_command_says_what_to_do(
    sample_warehouse: Warehouse, tmp_path: Path
) -> None:
    nowhere = Warehouse(tmp_path / "none.db", tmp_path)
    printed = nowhere.run("clip-search", "score")
    assert printed.returncode == 1
    assert "Build it: clip-search run" in printed.stderr


# --- the measures -------------------------------------------------------------


def test_shares_are_of_what_was_planted_and_of_what_was_hit() -> None:
    tally = Tally(found=8, missed=2, wrong=1)
    assert (tally.planted, tally.recall, tally.precision) == (10, 0.8, 8 / 9)
    assert replace(tally, found=0, wrong=0).precision is None


def test_a_page_without_the_section_is_left_alone(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# Page\n")
    with pytest.raises(ScoreError, match="has no section"):
        put_into(page, "sample", "text")
    assert page.read_text() == "# Page\n"
