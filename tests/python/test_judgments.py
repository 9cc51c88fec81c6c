"""Judgments: the page's worked example, the real sample, and how they are measured."""

import csv
import re
from collections import Counter
from math import log2
from pathlib import Path
from typing import Any

import pytest
import yaml
from conftest import ROOT, SHARED
from test_docs import table_headed

from lab.quality.judged_world import Measured, Site, measure, ndcg
from lab.quality.quality_judgments import rows_of, worlds
from lab.simulate import Destination, Plan, simulate
from lab.simulate.settings import SAMPLE_WORLD
from lab.warehouse import Warehouse

PAGE = ROOT / "docs" / "judgments.md"


def worked(model: str) -> dict[str, list[dict[str, Any]]]:
    """The rows of the worked example in a model's unit test: given and expected."""
    path = ROOT / "models" / "judgment" / f"_{model}__unit_tests.yml"
    test = yaml.safe_load(path.read_text("utf-8"))["unit_tests"][0]
    assert "docs/judgments.md" in test["description"] or "worked" in test["name"]
    given = {
        re.findall(r"'(\w+)'", each["input"])[0]: each["rows"] for each in test["given"]
    }
    return {**given, "expected": test["expect"]["rows"]}


# --- the page says what the unit tests check --------------------------------------


def test_the_thirty_searches_of_the_page_are_those_of_the_unit_tests() -> None:
    rows = worked("int_ordered_click")
    clicks: dict[str, list[str]] = {}
    for click in rows["clean_search_result_interaction"]:
        clicks.setdefault(click["search_id"], []).append(
            f"`{click['cid']}` at {click['position']}"
        )
    assert table_headed("search", "user", "total", "clicks", page=PAGE) == [
        [
            str(search["search_number"]),
            search["cuid"],
            str(search["total"]),
            ", ".join(clicks.get(search["search_id"], ())).strip("`"),
        ]
        for search in rows["int_judged_search"]
    ]


def indented(*header: str) -> list[list[str]]:
    """The rows of a table inside a list item of the page."""
    text = re.sub(r"^ +(?=\|)", "", PAGE.read_text("utf-8"), flags=re.MULTILINE)
    start = f"| {' | '.join(header)} |\n"
    lines = text[text.index(start) :].split("\n\n")[0].splitlines()[2:]
    return [[cell.strip(" `") for cell in line[1:-1].split("|")] for line in lines]


def test_the_spells_of_the_page_are_those_of_the_unit_test() -> None:
    columns = (
        *("cid", "position", "first_search_number", "last_search_number"),
        *("inner_click_count", "inner_trial_count"),
    )
    found = indented(
        *("clip", "position", "first click", "last click"),
        *("inner clicks", "inner trials"),
    )
    expected = worked("spell")["expected"]
    assert found == [[str(row[name]) for name in columns] for row in expected]


def test_the_grades_of_the_page_are_those_of_the_unit_tests() -> None:
    counts = {row["cid"]: row for row in worked("int_judged_pair")["expected"]}
    rates = {row["cid"]: row for row in worked("int_judged_rate")["expected"]}
    found = indented(
        *("clip", "clicks", "users", "rate", "from", "to"),
        *("evidence", "grade", "refusal"),
    )
    assert found == [
        [
            "" if value is None else str(value)
            for value in (
                row["cid"],
                counts[row["cid"]]["click_count"],
                counts[row["cid"]]["user_count"],
                rates[row["cid"]]["click_rate"],
                rates[row["cid"]]["click_rate_low"],
                rates[row["cid"]]["click_rate_high"],
                row["evidence"],
                row["grade"],
                row["refusal"],
            )
        ]
        for row in worked("judgment")["expected"]
    ]


def test_the_steps_of_the_example_fit_together() -> None:
    """What one unit test expects, the next one is given."""
    pairs = {row["cid"]: row for row in worked("judgment")["int_judged_pair"]}
    for row in worked("int_judged_pair")["expected"]:
        for name in ("click_count", "user_count", "query_click_count", "position_sum"):
            assert pairs[row["cid"]][name] == row[name]
    given = {
        (row["cid"], row["spell_number"]): row for row in worked("spell")["expected"]
    }
    for row in worked("int_judged_pair")["spell"]:
        spell = given[row["cid"], row["spell_number"]]
        assert row["inner_trial_count"] == spell["inner_trial_count"]
        assert row["inner_click_count"] == spell["inner_click_count"]


# --- logs with few clicks -----------------------------------------------------------


@pytest.mark.skipif(
    not SHARED.is_dir(),
    reason=f"the real sample is not next to this project ({SHARED})",
)
def test_of_the_real_sample_nearly_all_pairs_have_one_click_and_no_grade(
    real_warehouse: Warehouse,
) -> None:
    rows = real_warehouse.query(
        "select evidence, click_count, user_count, click_grade, click_rate"
        " from judgment"
    )
    evidence = Counter(row[0] for row in rows)
    assert evidence["single"] / len(rows) > 0.9
    assert not evidence["firm"]
    for kind, clicks, users, grade, rate in rows:
        assert (kind == "single") == (clicks == 1)
        assert grade is None or (clicks > 1 and users > 1)  # type: ignore[operator]
        assert rate is None or (clicks > 2 and users > 2)  # type: ignore[operator]
    assert sum(rate is not None for *_, rate in rows) < 5
    refusals = real_warehouse.query("select distinct refusal from position_bias")
    assert refusals in ([], [("few_moved_clips",)])
    assert not real_warehouse.query("select 1 from ranking_change where is_change = 1")


# --- sites whose ranking changes ----------------------------------------------------


def rows_in(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def truth_with(engine: str, folder: Path) -> Path:
    """The truth of a small site whose engine has these settings."""
    world = folder / "world.toml"
    changed = f"\n[engine]\n{engine}\n"
    world.write_text(SAMPLE_WORLD.read_text("utf-8") + changed, "utf-8")
    simulate(Plan(20, 2_500, world), Destination.in_folder(folder / "logs"))
    return folder / "logs" / "truth"


def test_clicks_follow_the_ranking_of_their_day_and_person(tmp_path: Path) -> None:
    """Two rankings in a row, each with two at a time: four in all."""
    truth = truth_with("rankings = 2\nconcurrent = 2", tmp_path)
    begun = {row["ranking"]: row["first_day"] for row in rows_in(truth / "ranking.csv")}
    # The world has 791 days from 2018-09-01; the second half begins after 396.
    assert begun == dict.fromkeys("01", "2018-09-01") | dict.fromkeys(
        "23", "2019-10-02"
    )
    used = {
        row["search_id"]: row["ranking"]
        for row in rows_in(truth / "search_ranking.csv")
    }
    searches = {row["search_id"]: row for row in rows_in(truth / "search.csv")}
    assert set(used.values()) == set("0123")
    arms: dict[str, set[int]] = {}
    for search_id, ranking in used.items():
        cuid = searches[search_id]["cuid"]
        arms.setdefault(cuid, set()).add(int(ranking) % 2)
    assert all(len(each) == 1 for each in arms.values())
    shown = {
        (row["ranking"], row["query"], row["position"]): row["cid"]
        for row in rows_in(truth / "shown.csv")
    }
    clicks = rows_in(tmp_path / "logs" / "search_result_interaction.csv")
    agree: Counter[bool] = Counter()
    for click in clicks:
        search = searches.get(click["search_id"])
        if search and search["corruption"] == "none":
            place = (used[click["search_id"]], search["query"], click["position"])
            if place in shown:
                agree[shown[place] == click["cid"]] += 1
    # The others have a planted fault, such as a position beyond the total.
    assert agree[True] > 500
    assert agree[False] < 0.01 * agree[True]
    first, later = (
        {key[1:]: cid for key, cid in shown.items() if key[0] == ranking}
        for ranking in "02"
    )
    both = first.keys() & later.keys()
    assert sum(first[key] != later[key] for key in both) / len(both) > 0.3


def test_clips_that_come_and_go_are_shown_only_while_they_are_there(
    tmp_path: Path,
) -> None:
    truth = truth_with("rankings = 3\nturnover = 0.4\nreshuffle = 0", tmp_path)
    begun = {row["ranking"]: row["first_day"] for row in rows_in(truth / "ranking.csv")}
    days = rows_in(truth / "lifetime.csv")
    clips = {row["cid"]: row for row in rows_in(truth / "clip.csv")}
    assert 0.35 < len(days) / len(clips) < 0.45
    uploaded = {row["cid"]: row["uploaded"] for row in days if row["uploaded"]}
    removed = {row["cid"]: row["removed"] for row in days if row["removed"]}
    # Each comes or goes, at one of two changes.
    assert len(uploaded) + len(removed) == len(days)
    assert 0.8 < len(uploaded) / len(removed) < 1.2
    for changes in (uploaded, removed):
        assert set(changes.values()) == {begun["1"], begun["2"]}
    assert all(clips[cid]["created_at"][:10] == day for cid, day in uploaded.items())
    shown = [
        (begun[row["ranking"]], row["cid"]) for row in rows_in(truth / "shown.csv")
    ]
    assert sum(cid in uploaded for _, cid in shown) > 1_000
    assert all(day >= uploaded.get(cid, day) for day, cid in shown)
    assert all(day < removed.get(cid, "9") for day, cid in shown)


# --- figures with their goals -----------------------------------------------------


@pytest.mark.long
def test_a_world_is_simulated_built_and_compared_with_its_truth(tmp_path: Path) -> None:
    """Long, because it builds a warehouse of its own: about 20 seconds."""
    site = Site(seed=5, requests=3_000, rankings=2, kind="frequent")
    found = measure(tmp_path / "world", site)
    assert found.pair_count > 50
    assert found.covered_share is not None and found.covered_share > 0.7
    assert found.change_count == 1
    assert found.is_refused


def test_the_best_order_has_an_ndcg_of_one_and_a_wrong_one_less() -> None:
    """Grades 1 and 3: gains 1 and 7, the second divided by the logarithm of 3."""
    assert ndcg([3, 1]) == 1.0
    assert ndcg([1, 3]) == pytest.approx((1 + 7 / log2(3)) / (7 + 1 / log2(3)))


def test_each_figure_says_whether_it_reaches_its_goal() -> None:
    found = Measured(
        pair_count=1_000,
        covered_share=0.86,
        examination_error=0.04,
        is_refused=False,
        ndcg={"as published": 0.95, "by clicks": 0.951, "corrected": 0.94},
        ordered_by="user_count",
        change_count=5,
        dated_count=4,
        false_count=0,
        asked_ndcg=None,
        layer_seconds=1.0,
        single_share=0.6,
    )
    reached = {row[0]: row[-1] for row in rows_of("six", 6, 1, found)}
    assert reached == {
        "position bias is refused": "yes",
        "intervals that contain the truth, of 1,000": "no",
        "false changes of the ranking": "yes",
        "changes of the ranking that were dated": "no",
        "mean error of position bias": "yes",
        "nDCG of the order (user_count), and by clicks": "yes",
        "nDCG corrected": "",
        "CPU seconds of the layer, with dbt": "",
        "pairs with one click": "",
    }
    at_once = {row[0]: row[-1] for row in rows_of("two at once", 1, 2, found)}
    assert at_once["position bias is refused"] == "no"
    assert "mean error of position bias" not in at_once


def test_there_is_a_world_for_each_number_of_rankings_and_one_with_two_at_once() -> (
    None
):
    assert worlds(2, (1, 6)) == [
        ("1 in a row", 1, 1, 0),
        ("1 in a row", 1, 1, 1),
        ("6 in a row", 6, 1, 0),
        ("6 in a row", 6, 1, 1),
        ("2 at once", 1, 2, 0),
        ("2 at once", 1, 2, 1),
    ]
