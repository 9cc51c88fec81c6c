"""The closed loop: what is published must survive that it works."""

import csv
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import ir_measures
import pytest
from ir_measures import nDCG
from typer.testing import CliRunner

from clip_search.cli import app
from clip_search.experiment_plan import Rates, shares_sample, todays_rates
from clip_search.plan_command import planned
from lab.loop import POOR_RANKING
from lab.loop.closed_loop import (
    LoopPlan,
    Round,
    build,
    closed_loop,
    warehouse_published,
    write_rounds,
)
from lab.loop.compare_systems import Other, comparisons
from lab.loop.loop_page import write_page
from lab.loop.paired_systems import team_draft
from lab.loop.published import Published
from lab.loop.round_measures import ndcg
from lab.simulate.chance import Chance
from lab.simulate.settings import WORLD
from lab.warehouse import Warehouse
from tests.python.conftest import NewWarehouse

PLAN = LoopPlan(rounds=2, requests=1_500, seed=301)
ATTACK, TARGET = "zorblat festival", "999999999"


def attack(folder: Path) -> Path:
    """The logs of 50 searches by 3 users, each with a click on one clip."""
    folder.mkdir()
    with (folder / "search_request.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("search_id", "search_query", "ts", "cuid", "total"))
        for number in range(50):
            # Each types the misspelled text now and then, and corrects it.
            text = "zorblta festival" if number % 10 == 0 else ATTACK
            at = f"2019-03-{number // 3 + 1:02d}T10:{number:02d}:00Z"
            writer.writerow((f"{number:032x}", text, at, f"77000000{number % 3}", 9))
    with (folder / "search_result_interaction.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("search_id", "ts", "cid", "position"))
        for number in range(50):
            at = f"2019-03-{number // 3 + 1:02d}T10:{number:02d}:09Z"
            writer.writerow((f"{number:032x}", at, TARGET, 4))
    return folder


class Loop:
    """A small loop, and what its warehouse would publish next.

    Before the last build, three users search 50 times, and a rewrite is withdrawn.
    """

    def __init__(self, warehouse: Warehouse) -> None:
        self.warehouse = warehouse
        self.folder = warehouse.database.parent
        self.rounds = list(closed_loop(PLAN, self.folder, warehouse=warehouse))
        self.used = self.published()
        # The rewrites with evidence that they would lose: what was typed found nothing.
        self.before = self.dead_ends()
        self.withdrawn = max(self.used.rewrites)
        with closing(sqlite3.connect(warehouse.database)) as connection:
            connection.execute(
                "insert into published_rewrite values (?, ?, ?, ?)",
                (
                    *(self.withdrawn, self.used.rewrites[self.withdrawn]),
                    *("2034-01-01T00:00:00.000Z", "2034-01-02T00:00:00.000Z"),
                ),
            )
            connection.commit()
        self.learn(self.folder / "round-2", attack(self.folder / "attack"))
        self.after = self.dead_ends()
        self.next = self.published()

    def learn(self, *folders: Path) -> None:
        self.warehouse.load(
            *(
                folder / f"{log}.csv"
                for folder in folders
                for log in ("search_request", "search_result_interaction")
            )
        )
        build(self.warehouse)

    def published(self) -> Published:
        return warehouse_published(self.warehouse, self.folder, PLAN)

    def dead_ends(self) -> dict[str, tuple[int, int]]:
        """By query: searches that count, and those of them without results."""
        return {
            str(query): (int(str(searches)), int(str(dead)))
            for query, searches, dead in self.warehouse.query(
                "select query_text, search_count, zero_result_count"
                " from query_frequency where zero_result_count is not null"
            )
        }

    def rewritten(self) -> list[tuple[str, str, int]]:
        """Rewritten searches as typed, with what was searched for and the total."""
        return [
            (str(query), str(rewritten), int(str(total)))
            for query, rewritten, total in self.warehouse.query(
                "select query_text, applied_rewrite, total from clean_search_request"
                " where applied_rewrite is not null"
            )
        ]


@pytest.fixture(scope="module")
def loop(new_warehouse: NewWarehouse) -> Loop:
    return Loop(new_warehouse("loop"))


@pytest.mark.slow
def test_what_was_published_is_used_and_measured(loop: Loop) -> None:
    first, second = loop.rounds
    assert (first.rewrites, first.boosts, first.auto_precision) == (0, 0, None)
    assert first.ndcg_at_10 == first.raw_ndcg_at_10
    assert second.rewrites == second.rewrites_gained == len(loop.used.rewrites) > 50
    assert second.boosts > 10
    assert second.dead_end_share < second.raw_dead_end_share
    assert second.raw_ndcg_at_10 < second.ndcg_at_10 < second.best_ndcg_at_10
    assert 0 < second.coverage <= 1


def test_a_rewritten_search_is_logged_as_typed_with_what_was_found(loop: Loop) -> None:
    rewritten = loop.rewritten()
    assert len(rewritten) >= 5
    for query, applied, total in rewritten:
        assert loop.used.rewrites[query] == applied
        assert total > 0


def test_a_rewrite_does_not_erase_its_own_evidence(loop: Loop) -> None:
    found = {query for query, _, total in loop.rewritten() if total > 0}
    known = found & loop.before.keys()
    # Of searches that nobody undid, none was learned from.
    undone = {
        str(query)
        for (query,) in loop.warehouse.query(
            "select query_text from rewrite_outcome where undone_user_count > 0"
        )
    }
    kept = known - undone
    assert kept
    assert {query: loop.after[query] for query in kept} == {
        query: loop.before[query] for query in kept
    }
    # With the searches that were rewritten, the same queries would seem to find things.
    naive = dict(
        loop.warehouse.query(
            "select query_text, sum(case when total = 0 then 1 else 0 end) * 1.0"
            " / count(*) from clean_search_request group by query_text"
        )
    )
    dead = [query for query in kept if loop.before[query][1]]
    assert all(float(str(naive[query])) < 1 for query in dead)


def test_no_rewrite_is_lost_because_it_worked(loop: Loop) -> None:
    applied = {query for query, *_ in loop.rewritten()} - {loop.withdrawn}
    lost = {
        query
        for query in applied
        if loop.next.rewrites.get(query) != loop.used.rewrites[query]
    }
    demoted = {
        str(query)
        for (query,) in loop.warehouse.query(
            "select query_text from rewrite_outcome where is_demoted = 1"
        )
    }
    assert lost <= demoted


def test_fifty_searches_by_three_users_publish_nothing(loop: Loop) -> None:
    # They are clean and learned from, and enough users for min_users.
    assert loop.warehouse.query(
        "select search_count, user_count from query_frequency"
        f" where query_text = '{ATTACK}'"
    ) == [(45, 3)]
    assert loop.warehouse.query(
        "select refusal, is_publishable from judgment"
        f" where query_text = '{ATTACK}' and cid = '{TARGET}'"
    ) == [("few_users", 0)]
    assert ATTACK not in loop.next.boosts
    assert ATTACK not in loop.next.rewrites.values()


def test_a_withdrawn_rewrite_is_gone_after_one_build(loop: Loop) -> None:
    assert loop.withdrawn not in loop.next.rewrites
    assert len(loop.next.rewrites) > 50


@pytest.mark.slow
# Six builds of up to 25,000 searches: more than a minute.
def test_search_gets_better_and_stays_better(new_warehouse: NewWarehouse) -> None:
    warehouse = new_warehouse("long-loop")
    plan = LoopPlan(rounds=6, requests=5_000, seed=301, world=POOR_RANKING)
    _, second, *later = closed_loop(
        plan, warehouse.database.parent, warehouse=warehouse
    )
    precision = second.auto_precision
    assert precision is not None
    for each in (second, *later):
        assert each.auto_precision is not None
        assert each.auto_precision >= precision - 0.005
        assert each.over_correction_share <= 0.002
        assert each.ndcg_at_10 > each.raw_ndcg_at_10
        assert each.dead_end_share < each.raw_dead_end_share
    last = later[-1]
    gains = [each.ndcg_at_10 - each.raw_ndcg_at_10 for each in (second, last)]
    assert gains[1] > gains[0] > 0.05
    assert last.rewrites_lost < 0.01 * last.rewrites


# Measures


def test_ndcg_is_that_of_ir_measures() -> None:
    relevant = {1: 3, 2: 2, 3: 1, 4: 1, 9: 3}
    shown = [2, 7, 1, 8, 4, 5, 6, 10, 11, 12, 9]
    qrels = [
        ir_measures.Qrel("q", str(clip), grade) for clip, grade in relevant.items()
    ]
    run = [
        ir_measures.ScoredDoc("q", str(clip), -place)
        for place, clip in enumerate(shown)
    ]
    (found,) = ir_measures.iter_calc([nDCG @ 10], qrels, run)
    assert ndcg(shown, relevant) == pytest.approx(found.value)
    assert ndcg([], relevant) == 0
    assert ndcg(shown, {}) == 0


def rounds() -> Iterator[Round]:
    for turn in (1, 2):
        is_first = turn == 1
        yield Round(
            301,
            turn,
            0.7,
            0.06,
            None if is_first else 0.97,
            *(0.001, 0.9, 5, 5, 1, 1, 9, 0.7, 0.9, 0.06, 0.02),
            None if is_first else 0.1,
            100,
        )


def test_the_files_of_a_loop_hold_each_round(tmp_path: Path) -> None:
    write_rounds(tmp_path / "rounds.csv", rounds())
    with (tmp_path / "rounds.csv").open(newline="") as file:
        first, second = csv.DictReader(file)
    assert list(first)[:2] == ["seed", "round"]
    assert (first["auto_precision"], second["auto_precision"]) == ("", "0.970000")
    write_page(tmp_path / "index.html", list(rounds()))
    page = (tmp_path / "index.html").read_text("utf-8")
    assert page.count("<svg") == 6
    assert "nan" not in page


# Comparing two systems


def test_a_team_draft_is_the_worked_example() -> None:
    # First turn: 1 and 2, in either order. Second: the first system adds 3 and the
    # second 4, or the other way round. Both then add 5 and 6 in the same order.
    first, second = [1, 2, 3, 5, 6], [2, 4, 1, 5, 6]
    pages = {tuple(team_draft(first, second, 6, Chance(seed))) for seed in range(40)}
    assert pages == {
        (*one, *two, (5, 0), (6, 0))
        for one in (((1, -1), (2, 1)), ((2, 1), (1, -1)))
        for two in (((3, -1), (4, 1)), ((4, 1), (3, -1)))
    }


def test_equal_systems_are_never_preferred() -> None:
    same = list(range(30))
    page = team_draft(same, same, 18, Chance(1))
    assert page == [(clip, 0) for clip in range(18)]


def test_a_draft_ends_with_the_clips() -> None:
    assert team_draft([], [], 18, Chance(1)) == []
    assert team_draft([1, 2, 3], [], 2, Chance(1)) == [(1, 0), (2, 0)]


def test_interleaving_prefers_what_is_better_and_never_one_of_two_equals() -> None:
    same, better = comparisons(5, 300, "grid", (Other(), Other(demotion=0.01)))
    (worse,) = comparisons(5, 300, "grid", (Other(reshuffle=0.95),), WORLD)
    assert (same.ndcg_difference, same.preference, same.variance) == (0, 0, 0)
    assert same.click_rates[0] == same.click_rates[1]
    assert worse.ndcg_difference < 0
    assert worse.click_rates[1] < worse.click_rates[0]
    assert worse.preference < 0 < worse.preference_error
    assert better.ndcg_difference > 0 < better.preference


def test_samples_are_those_of_the_textbook() -> None:
    # (1.95996 + 0.84162)^2 * (0.1 * 0.9 + 0.12 * 0.88) / 0.02^2 = 3,838.
    assert round(shares_sample(0.10, 0.12)) == 3_838


def test_a_plan_counts_whole_weeks_and_repeated_users() -> None:
    rates = Rates(28, 28_000, 9_000, 2_800, spread=2.0)
    # A/B: twice 3,838 searches, and twice as many for users who come back: 15,352. At
    # 1,000 a day these are 16 days, so three weeks. Interleaving: 7.8489 * 2 *
    # (0.1 - 0.02^2) / 0.02^2 = 3,909: one week.
    assert planned(rates, 0.02, 0.02) == [
        ("ab_test", 15_352, 21),
        ("interleaving", 3_909, 7),
    ]


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """Two users: u1 clicks in 3 of 4 searches, u2 in none of 2; others do not count."""
    path = tmp_path / "clip_search.db"
    searches = [
        *(
            (f"s{number}", "u1", f"2020-03-0{number}", 0, "text", 5)
            for number in range(1, 5)
        ),
        *(
            (f"t{number}", "u2", f"2020-03-0{number}", 0, "text", None)
            for number in (1, 2)
        ),
        ("dead", "u3", "2020-03-01", 0, "text", 0),
        ("robot", "u4", "2020-03-01", 1, "text", 5),
        ("mail", "u5", "2020-03-01", 0, "email", 5),
    ]
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(
            "create table clean_search_request (search_id, cuid, ts, is_automated,"
            " query_kind, total, is_ts_disputed)"
        )
        connection.executemany(
            "insert into clean_search_request values (?, ?, ?, ?, ?, ?, 0)", searches
        )
        connection.execute("create table clean_search_result_interaction (search_id)")
        connection.executemany(
            "insert into clean_search_result_interaction values (?)",
            [("s1",), ("s1",), ("s2",), ("s3",), ("robot",)],
        )
        connection.commit()
    return path


def test_rates_are_those_of_people_with_results(log: Path) -> None:
    with closing(sqlite3.connect(log)) as connection:
        rates = todays_rates(connection)
    # u1 has 3 - 4 / 2 = 1 click more than usual, u2 has 1 less: 1 + 1 = 2, where
    # independent searches have 6 * 0.5 * 0.5 = 1.5.
    assert rates == Rates(4, 6, 2, 3, spread=pytest.approx(2 / 1.5))
    assert rates is not None
    assert (rates.click_rate, rates.searches_a_day) == (0.5, 1.5)


def test_the_command_prints_both_ways(
    log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLIP_SEARCH_DATABASE", str(log))
    monkeypatch.setenv("CLIP_SEARCH_TARGET", "sqlite")
    told = CliRunner().invoke(app, ["plan", "--difference", "0.1"])
    assert told.exit_code == 0, told.stderr
    assert "A/B test" in told.stdout
    assert "interleaving" in told.stdout
    told = CliRunner().invoke(app, ["plan", "--difference", "0.5"])
    assert told.exit_code == 2
