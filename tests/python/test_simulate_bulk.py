"""Guarantees of `clip-search simulate --bulk`: the same faults, in parallel parts."""

import csv
import os
import subprocess
import sys
from collections import Counter, defaultdict
from itertools import pairwise
from pathlib import Path

import pytest
from conftest import REJECT_RULES
from test_simulate import all_logs, answers, records
from test_simulate_truth import JUDGED_RULES, Row, judged
from typer.testing import CliRunner

from clip_search.cli import app
from lab.benchmarks.simulated import faults_beyond
from lab.simulate import Destination, Plan, simulate
from lab.simulate.bulk import parts_of, simulate_in_bulk
from lab.simulate.settings import SAMPLE_WORLD, read_settings

REQUESTS = "search_request"
CLICKS = "search_result_interaction"
PARTS = 7
DECK = 2_500
DAYS = 791
"""From 2018-09-01 to 2020-10-31: seven parts of 113 days."""


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample's world with equal searches per day and a deck of faults per part."""
    settings = tmp_path_factory.mktemp("world") / "even.toml"
    text = SAMPLE_WORLD.read_text("utf-8")
    text = text.replace("[traffic]", "[traffic]\ngrowth = 1.0") + "\n[faults]\n"
    unplanted = [f"{fault} = 0\n" for fault in faults_beyond(JUDGED_RULES)]
    settings.write_text("".join([text, *unplanted]), "utf-8")
    return settings


@pytest.fixture(scope="module")
def bulk(world: Path, tmp_path_factory: pytest.TempPathFactory) -> Destination:
    where = Destination.in_folder(tmp_path_factory.mktemp("bulk"), with_key=False)
    simulate_in_bulk(Plan(11, PARTS * DECK, world), where, requests_in_part=DECK)
    return where


@pytest.fixture(scope="module")
def rows(bulk: Destination) -> dict[str, list[Row]]:
    """The rows of the bulk logs with the outcomes of an independent judge."""
    return judged(bulk)


@pytest.fixture(scope="module")
def whole(world: Path, tmp_path_factory: pytest.TempPathFactory) -> Destination:
    """As many searches of the same world from one process, with their answer key."""
    where = Destination.in_folder(tmp_path_factory.mktemp("whole"))
    simulate(Plan(11, PARTS * DECK, world), where)
    return where


# --- the same seed, the same bytes --------------------------------------------


# Logs in bulk only feed benchmarks.
@pytest.mark.long
def test_neither_processes_nor_hashing_change_a_byte(
    bulk: Destination, world: Path, tmp_path: Path
) -> None:
    script = (
        "import sys; from pathlib import Path;"
        "from lab.simulate import Destination, Plan, bulk;"
        "bulk.MOST_PROCESSES = 1;"
        "bulk.simulate_in_bulk("
        f"    Plan(11, {PARTS * DECK}, Path(sys.argv[1])),"
        f"    Destination.in_folder(Path(sys.argv[2]), False), requests_in_part={DECK})"
    )
    environment = {**os.environ, "PYTHONHASHSEED": "12345", "LC_ALL": "C"}
    command = [sys.executable, "-c", script, str(world), str(tmp_path)]
    subprocess.run(command, check=True, env=environment)
    assert all_logs(Destination.in_folder(tmp_path)) == all_logs(bulk)
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        f"{REQUESTS}.csv",
        f"{CLICKS}.csv",
    ]


def test_another_seed_gives_other_logs(world: Path, tmp_path: Path) -> None:
    first = Destination.in_folder(tmp_path / "first", with_key=False)
    second = Destination.in_folder(tmp_path / "second", with_key=False)
    simulate_in_bulk(Plan(1, 400, world), first, requests_in_part=200)
    simulate_in_bulk(Plan(2, 400, world), second, requests_in_part=200)
    pairs = zip(all_logs(first), all_logs(second), strict=True)
    assert all(one != other for one, other in pairs)


# --- the same defects ---------------------------------------------------------


def reasons(outcomes: list[tuple[str, str, str | None]]) -> Counter[tuple[str, str]]:
    return Counter((log, reason) for log, _, reason in outcomes if reason)


# Logs in bulk only feed benchmarks.
@pytest.mark.long
def test_each_reject_rule_meets_as_many_rows_as_in_one_go(
    rows: dict[str, list[Row]], whole: Destination
) -> None:
    assert whole.answer_key is not None
    found = reasons(
        [(log, row.outcome, row.reason) for log in rows for row in rows[log]]
    )
    expected = reasons(
        [
            (each["log"], each["outcome"], each["reject_reason"])
            for each in answers(whole.answer_key)
        ]
    )
    assert found.keys() == expected.keys()
    assert found.keys() == {rule for rule in REJECT_RULES if rule[1] in JUDGED_RULES}
    # The number of clicks of a rejected search is random; everything else is dealt from
    # decks, of which a part may lack a card.
    orphans = (CLICKS, "orphan_click")
    assert found.pop(orphans) == pytest.approx(expected.pop(orphans), rel=0.1)
    for rule, count in expected.items():
        assert count >= 3 * PARTS
        assert abs(found[rule] - count) <= PARTS, rule


def test_clean_and_folded_rows_have_the_shares_that_they_have_in_one_go(
    rows: dict[str, list[Row]], whole: Destination
) -> None:
    assert whole.answer_key is not None
    key = answers(whole.answer_key)
    for log in (REQUESTS, CLICKS):
        found = Counter(row.outcome for row in rows[log])
        expected = Counter(each["outcome"] for each in key if each["log"] == log)
        for outcome, count in expected.items():
            assert found[outcome] == pytest.approx(count, rel=0.08), (log, outcome)


def test_odd_queries_come_in_each_part(bulk: Destination) -> None:
    """The rarest faults: three or four of each per part, in all variants in turn."""
    typed = Counter(row["search_query"] for row in records(bulk.search_request))
    counts = read_settings().faults
    assert counts["plus_kept"] == counts["percent_escape"] == 4
    for queries in (
        ("c++", "1+1", "p+s lens 35-70", "+drone"),
        ("short%20film", "caf%C3%A9%20noir", "slow%2Dmotion"),
    ):
        # A part may end a search before its deck does, or begin another one.
        assert all(abs(typed[query] - PARTS) <= 1 for query in queries), queries


def test_malformed_lines_are_planted_where_they_are_asked_for(
    world: Path, tmp_path: Path
) -> None:
    where = Destination.in_folder(tmp_path, with_key=False)
    plan = Plan(3, 2 * DECK, world, with_malformed_lines=True)
    simulate_in_bulk(plan, where, requests_in_part=DECK)
    counts = read_settings().faults
    for path, fault in (
        (where.search_request, "malformed_request"),
        (where.search_result_interaction, "malformed_click"),
    ):
        assert counts[fault] == 5
        # One of five variants contains a NUL: in each part the fourth.
        assert path.read_bytes().count(b"\0") == 2


# --- parts --------------------------------------------------------------------


def test_parts_are_all_days_once_and_none_is_shorter_than_a_week() -> None:
    for requests, number in (
        (1, 1),
        (100_000, 1),
        (1_000_000, 10),
        (10_000_000, 100),
        (90_000_000, DAYS // 7),
    ):
        parts = parts_of(requests, read_settings().traffic)
        assert len(parts) == number
        assert [day for part in parts for day in part] == list(range(DAYS))
        assert min(map(len, parts)) >= 7


def test_nobody_and_no_search_is_in_two_parts(rows: dict[str, list[Row]]) -> None:
    first_day = read_settings().traffic.first_day
    parts_of_user = defaultdict(set)
    for row in rows[REQUESTS]:
        day = (row.at.date() - first_day).days
        # A visit may continue after the part's last midnight, a crawler on the next
        # day; wrong times may be anywhere.
        is_sure = row.outcome == "clean" and not row.clean["is_ts_disputed"]
        part, day_of_part = divmod(day, DAYS // PARTS)
        if is_sure and part in range(PARTS) and day_of_part >= 2:
            parts_of_user[row.values["cuid"]].add(part)
    people = {user: parts for user, parts in parts_of_user.items() if len(user) < 10}
    assert len(people) > 10_000
    assert set().union(*people.values()) == set(range(PARTS))
    assert all(len(parts) == 1 for parts in people.values())
    # A repeated search_id would be a conflict: there are exactly as many as planted.
    assert len({row.values["search_id"] for row in rows[REQUESTS]}) > PARTS * DECK * 0.9


def test_as_many_searches_are_made_as_were_asked_for(
    rows: dict[str, list[Row]], whole: Destination
) -> None:
    assert whole.answer_key is not None
    in_one_go = [each for each in answers(whole.answer_key) if each["log"] == REQUESTS]
    assert len(rows[REQUESTS]) == pytest.approx(len(in_one_go), rel=0.005)


def test_the_tail_of_queries_grows_as_in_one_go(
    bulk: Destination, whole: Destination
) -> None:
    found, expected = (
        len({row["search_query"] for row in records(where.search_request)})
        for where in (bulk, whole)
    )
    assert found == pytest.approx(expected, rel=0.05)


def test_rows_stand_nearly_in_the_order_of_time(rows: dict[str, list[Row]]) -> None:
    times = [row.at for row in rows[REQUESTS] if row.outcome == "clean"]
    late = sum(before > after for before, after in pairwise(times))
    assert 0 < late < len(times) * 0.1


# Logs in bulk only feed benchmarks.
@pytest.mark.long
def test_memory_does_not_grow_with_the_logs(world: Path, tmp_path: Path) -> None:
    script = (
        "import resource, sys; from pathlib import Path;"
        "from lab.simulate import Destination, Plan;"
        "from lab.simulate.bulk import simulate_in_bulk;"
        "simulate_in_bulk(Plan(5, int(sys.argv[3]), Path(sys.argv[1])),"
        f" Destination.in_folder(Path(sys.argv[2]), False), requests_in_part={DECK});"
        "print(*(resource.getrusage(who).ru_maxrss for who in"
        " (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)))"
    )
    peaks = []
    for requests in (2 * DECK, 10 * DECK):
        out = tmp_path / str(requests)
        command = [sys.executable, "-c", script, str(world), str(out), str(requests)]
        finished = subprocess.run(
            command, check=True, capture_output=True, text=True
        ).stdout
        peaks.append([int(peak) for peak in finished.split()])
    for few, many in zip(*peaks, strict=True):
        assert many < 1.25 * few


# --- the command --------------------------------------------------------------


def test_the_command_writes_the_logs_alone(tmp_path: Path) -> None:
    result = CliRunner().invoke(
        app, ["simulate", "--bulk", "--requests", "100", "--out", str(tmp_path)]
    )
    assert result.exit_code == 0, result.output
    for log in (REQUESTS, CLICKS):
        path = tmp_path / f"{log}.csv"
        with path.open(encoding="utf-8", newline="") as file:
            count = sum(1 for _ in csv.reader(file)) - 1
        assert f"{log}  {count} rows" in result.output
        path.unlink()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "options",
    [
        ["--sample"],
        ["--out", "elsewhere", "--key"],
        ["--out", "elsewhere", "--index"],
        ["--out", "elsewhere", "--requests", "90000001"],
    ],
)
def test_options_that_contradict_each_other_are_refused(
    options: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(app, ["simulate", "--bulk", *options])
    assert result.exit_code == 2
    assert list(tmp_path.iterdir()) == []


def test_settings_that_cannot_be_used_are_one_clear_error(tmp_path: Path) -> None:
    settings = tmp_path / "my.toml"
    settings.write_text("[faults]\nemail = 2500\n")
    command = ["simulate", "--bulk", "--world", str(settings), "--out", str(tmp_path)]
    result = CliRunner().invoke(app, command)
    assert result.exit_code == 1
    assert "could not be written" in result.stderr
    assert "of 2500 searches" in result.stderr
