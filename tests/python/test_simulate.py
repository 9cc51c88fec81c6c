"""Guarantees of `clip-search simulate`: reproducible, complete, realistically messy."""

import csv
import io
import json
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from conftest import REJECT_RULES
from typer.testing import CliRunner

from clip_search.cli import app
from clip_search.project import PROJECT_ROOT
from lab.simulate import (
    SAMPLE_SEED,
    Destination,
    Plan,
    ids,
    sample_destination,
    sample_plan,
    simulate,
)
from lab.simulate.answer_key import read_answers
from lab.simulate.behaviour import Behaviour
from lab.simulate.chance import Chance, Deck
from lab.simulate.faults import Desk, Mess, planted, selected
from lab.simulate.rows import LogRow
from lab.simulate.settings import SAMPLE_WORLD, Settings, read_settings
from lab.simulate.stamps import instant_of, new_york_offset
from lab.simulate.typos import NAMES as TYPOS
from lab.simulate.world import World
from lab.simulate.writer import in_order_of_arrival

REQUESTS = "search_request"
CLICKS = "search_result_interaction"


def records(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def answers(path: Path) -> list[dict[str, Any]]:
    return list(read_answers(path))


def all_logs(destination: Destination) -> list[bytes]:
    return [
        destination.search_request.read_bytes(),
        destination.search_result_interaction.read_bytes(),
    ]


def all_bytes(destination: Destination) -> list[bytes]:
    assert destination.answer_key is not None
    return [*all_logs(destination), destination.answer_key.read_bytes()]


def read(folder: Path, name: str) -> list[dict[str, str]]:
    return records(folder / "truth" / f"{name}.csv")


@pytest.fixture(scope="module")
def numbered(tmp_path_factory: pytest.TempPathFactory) -> Destination:
    """The logs of the sample, with a key that says where each row is."""
    written = Destination.in_folder(tmp_path_factory.mktemp("numbered"))
    simulate(sample_plan(), written)
    return written


@pytest.fixture(scope="module")
def sample() -> dict[str, Any]:
    """The sample that comes with the project, as other programs read it."""
    where = sample_destination()
    assert where.answer_key is not None
    key = answers(where.answer_key)
    return {
        REQUESTS: records(where.search_request),
        CLICKS: records(where.search_result_interaction),
        "key": key,
        "clean_requests": [
            each["clean"] for each in key if each["log"] == REQUESTS and "clean" in each
        ],
        "clean_clicks": [
            each["clean"] for each in key if each["log"] == CLICKS and "clean" in each
        ],
    }


# --- the same seed, the same bytes --------------------------------------------


def test_the_sample_is_what_the_command_writes(tmp_path: Path) -> None:
    written = replace(Destination.in_folder(tmp_path), with_numbers=False)
    simulate(sample_plan(), written)
    assert all_bytes(written) == all_bytes(sample_destination())


def test_neither_hashing_nor_locale_changes_a_byte(
    numbered: Destination, tmp_path: Path
) -> None:
    command = [
        *(sys.executable, "-m", "typer", "clip_search.cli", "run", "simulate"),
        *("--seed", str(SAMPLE_SEED), "--world", str(SAMPLE_WORLD)),
        *("--out", str(tmp_path)),
    ]
    environment = {
        **os.environ,
        "PYTHONHASHSEED": "12345",
        "LC_ALL": "C",
        "PYTHONUTF8": "0",
    }
    subprocess.run(
        command, check=True, env=environment, cwd=PROJECT_ROOT, capture_output=True
    )
    assert all_bytes(Destination.in_folder(tmp_path)) == all_bytes(numbered)
    assert all_logs(numbered) == all_logs(sample_destination())


def test_another_seed_gives_other_logs(tmp_path: Path) -> None:
    first = Destination.in_folder(tmp_path / "first")
    second = Destination.in_folder(tmp_path / "second")
    simulate(Plan(1, 200, SAMPLE_WORLD), first)
    simulate(Plan(2, 200, SAMPLE_WORLD), second)
    pairs = zip(all_bytes(first), all_bytes(second), strict=True)
    assert all(one != other for one, other in pairs)


def test_without_a_key_the_logs_are_the_same(tmp_path: Path) -> None:
    with_key = Destination.in_folder(tmp_path / "with")
    without = Destination.in_folder(tmp_path / "without", with_key=False)
    plan = Plan(3, 300, SAMPLE_WORLD)
    assert simulate(plan, with_key) == simulate(plan, without)
    assert with_key.search_request.read_bytes() == without.search_request.read_bytes()
    assert sorted(path.name for path in (tmp_path / "without").iterdir()) == [
        "search_request.csv",
        "search_result_interaction.csv",
    ]


# --- the files ----------------------------------------------------------------


@pytest.mark.parametrize("log", [REQUESTS, CLICKS])
def test_files_are_written_as_the_csv_module_would(log: str, tmp_path: Path) -> None:
    path = sample_destination().search_request.with_name(f"{log}.csv")
    again = tmp_path / "again.csv"
    with (
        path.open(encoding="utf-8", newline="") as file,
        again.open("w", encoding="utf-8", newline="") as copy,
    ):
        writer = csv.writer(copy, lineterminator="\n", quoting=csv.QUOTE_MINIMAL)
        writer.writerows(csv.reader(file, strict=True))
    assert again.read_bytes() == path.read_bytes()
    assert b"\r" not in path.read_bytes()


def test_the_sample_holds_nothing_that_a_dbt_seed_changes(
    sample: dict[str, Any],
) -> None:
    assert list(sample[REQUESTS][0]) == [
        *("search_id", "search_query", "ts", "cuid", "total")
    ]
    assert list(sample[CLICKS][0]) == ["search_id", "ts", "cid", "position"]
    for row in sample[REQUESTS] + sample[CLICKS]:
        for value in row.values():
            assert value.strip().lower() != "null"
            # A value of only other white space is empty only for the seed's reader.
            assert value.strip() or not value.strip(" \t\n\v\f\r")


def test_rows_stand_nearly_in_the_order_of_time(sample: dict[str, Any]) -> None:
    times = [each["ts"] for each in sample["clean_requests"]]
    late = sum(before > after for before, after in pairwise(times))
    assert 0 < late < len(times) * 0.10


def test_rows_are_not_held_back() -> None:
    """Memory: there are never more than a few hundred rows in transit."""
    world = World(read_settings(SAMPLE_WORLD), Chance(5))
    behaviour = Behaviour(world)
    mess = Mess(Desk(world, behaviour), False, False)
    made = 0

    def batches() -> Iterator[tuple[int, list[LogRow]]]:
        nonlocal made
        for search in behaviour.searches(20_000):
            instant = search.instant
            rows = mess.rows(search)
            made += len(rows)
            yield instant, rows

    held = [
        made - written
        for written, _ in enumerate(in_order_of_arrival(batches()), start=1)
    ]
    assert len(held) == made > 30_000
    assert max(held) < 500


# --- the answer key -----------------------------------------------------------


@pytest.mark.parametrize("log", [REQUESTS, CLICKS])
def test_the_key_has_every_row_once(log: str, sample: dict[str, Any]) -> None:
    numbers = [each["row_number"] for each in sample["key"] if each["log"] == log]
    assert numbers == list(range(1, len(sample[log]) + 1))


@pytest.mark.parametrize("log", [REQUESTS, CLICKS])
def test_the_key_knows_where_each_record_begins(
    log: str, numbered: Destination
) -> None:
    assert numbered.answer_key is not None
    path = numbered.search_request.with_name(f"{log}.csv")
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.reader(file)
        ends = [reader.line_num for _ in reader]
    begins = [end + 1 for end in ends[:-1]]
    with numbered.answer_key.open(encoding="utf-8") as file:
        key = [each for line in file if (each := json.loads(line))["log"] == log]
    assert [each["row_number"] for each in key] == list(range(1, len(key) + 1))
    told = [each["line_number"] for each in key]
    assert told == begins
    assert (log == CLICKS) == (told == list(range(2, len(told) + 2)))


def test_outcomes_go_with_what_they_tell(sample: dict[str, Any]) -> None:
    for each in sample["key"]:
        assert each["outcome"] in ("clean", "folded", "rejected")
        assert (each["reject_reason"] is not None) == (each["outcome"] == "rejected")
        assert ("clean" in each) == (each["outcome"] == "clean")
        assert ("folded_into" in each) == (each["outcome"] == "folded")


def test_folded_rows_name_a_clean_row_that_counts_them(sample: dict[str, Any]) -> None:
    folded: Counter[tuple[str, ...]] = Counter(
        tuple(each["folded_into"].values())
        for each in sample["key"]
        if each["outcome"] == "folded"
    )
    counted = Counter(
        {
            (row["search_id"],): row["raw_row_count"] - 1
            for row in sample["clean_requests"]
        }
        | {
            (row["search_id"], row["cid"]): row["raw_row_count"] - 1
            for row in sample["clean_clicks"]
        }
    )
    assert folded == +counted


# --- every fault, at the right rate -------------------------------------------


def test_every_fault_is_planted_at_least_three_times(sample: dict[str, Any]) -> None:
    planted = Counter(each["fault"] for each in sample["key"])
    names = set(selected(False, False)) | set(TYPOS)
    names |= {"exact_copy", "click_of_rejected_request"}
    assert {name: planted[name] for name in names if planted[name] < 3} == {}
    assert set(planted) - {None} == names


def test_every_reject_rule_meets_at_least_three_rows(sample: dict[str, Any]) -> None:
    met = Counter((each["log"], each["reject_reason"]) for each in sample["key"])
    assert {rule for rule in REJECT_RULES if met[rule] < 3} == set()
    assert set(met) - REJECT_RULES == {(REQUESTS, None), (CLICKS, None)}


@pytest.mark.parametrize(
    "fault",
    ["email", "nothing_found", "reused_id_undecided", "request_without_cuid",
     "clicked_again_later", "request_not_logged"],
)  # fmt: skip
def test_a_new_fault_changes_only_the_rows_of_its_own_searches(fault: str) -> None:
    """A new fault is dealt last."""
    settings = read_settings(SAMPLE_WORLD)
    others = {name: n for name, n in planted(settings).items() if name != fault}
    before, after = (
        rows_by_search(replace(settings, faults=others | {fault: count}))
        for count in (0, settings.faults[fault])
    )
    assert before.keys() == after.keys()
    changed = {number for number, rows in before.items() if rows != after[number]}
    with_fault = {
        number
        for number, rows in after.items()
        if any(row.fault == fault for row in rows)
    }
    assert changed == with_fault and len(with_fault) >= settings.faults[fault]


def test_a_fault_without_a_setting_has_the_count_of_its_definition() -> None:
    settings = read_settings(SAMPLE_WORLD)
    others = {name: 0 for name in settings.faults if name != "plus_kept"}
    unset = replace(settings, faults=others)
    assert list(planted(unset))[: len(others)] == list(others)
    assert planted(unset)["plus_kept"] == 4
    rows = rows_by_search(unset).values()
    assert sum(any(row.fault == "plus_kept" for row in each) for each in rows) >= 4
    set_to_two = replace(settings, faults=others | {"plus_kept": 2})
    assert planted(set_to_two)["plus_kept"] == 2


def rows_by_search(settings: Settings) -> dict[int, list[LogRow]]:
    """The rows of 2,500 searches, by the number of the search."""
    world = World(settings, Chance(5))
    behaviour = Behaviour(world)
    mess = Mess(Desk(world, behaviour), False, False)
    return {search.number: mess.rows(search) for search in behaviour.searches(2_500)}


def share(part: int, whole: int) -> float:
    return part / whole


@pytest.mark.parametrize(
    ("faults", "log", "real"),
    [
        # Of 2,594 requests and 2,225 clicks of the real sample.
        ({"email", "email_in_text"}, REQUESTS, 33 / 2594),
        ({"url"}, REQUESTS, 55 / 2594),
        ({"ipv4", "ipv4_in_text"}, REQUESTS, 12 / 2594),
        ({"everyday_words"}, REQUESTS, 50 / 2594),
        ({"run_together"}, REQUESTS, 100 / 2594),
        ({"misspelling"}, REQUESTS, 94 / 2594),
        ({"disputed_time_settled"}, REQUESTS, 80 / 2594),
        ({"disputed_time_undecided"}, REQUESTS, 20 / 2594),
        ({"exact_copy"}, CLICKS, 444 / 2225),
        ({"clicked_again_later"}, CLICKS, 5 / 2225),
    ],
)
def test_measured_faults_have_like_rates(
    faults: set[str], log: str, real: float, sample: dict[str, Any]
) -> None:
    rows = [each for each in sample["key"] if each["log"] == log]
    automated = sum(row["is_automated"] for row in sample["clean_requests"])
    of_people = len(rows) - automated * (log == REQUESTS)
    made, like = sum(each["fault"] in faults for each in rows), real * of_people
    # The last deck, which is not dealt to its end, may hold two more of a rare fault.
    spare = 2 if like < 10 else 0
    assert like * 0.75 < made < like * 1.35 + spare


def test_orphans_have_a_like_rate(sample: dict[str, Any]) -> None:
    reasons = Counter(each["reject_reason"] for each in sample["key"])
    made = share(reasons["orphan_click"], len(sample[CLICKS]))
    assert 0.06 < made < 0.09  # 168 of 2,225


def test_two_forms_of_timestamps_prevail_and_25_offsets_occur(
    sample: dict[str, Any],
) -> None:
    forms = Counter(re.sub("[0-9]", "9", row["ts"]) for row in sample[REQUESTS])
    server = forms["9999-99-99 99:99:99.999 -9999"]
    browser = forms["9999-99-99 99:99:99-99:99"] + forms["9999-99-99 99:99:99+99:99"]
    assert share(server + browser, len(sample[REQUESTS])) > 0.85
    assert 0.15 < share(browser, server + browser) < 0.30  # 301 of 1,277
    offsets = {row["utc_offset_minutes"] for row in sample["clean_requests"]}
    assert len(offsets - {None}) >= 25
    assert {345, 840, -540, 270} <= offsets


def test_searches_that_find_nothing_have_a_like_rate(sample: dict[str, Any]) -> None:
    of_people = [row for row in sample["clean_requests"] if not row["is_automated"]]
    made = share(sum(row["total"] == 0 for row in of_people), len(of_people))
    # 141 of 2,594, which had no hostile queries, and less personal data.
    assert 0.05 < made < 0.12


def test_clicks_come_as_soon_and_as_far_down_as_measured(
    sample: dict[str, Any],
) -> None:
    delays = sorted(
        row["seconds_after_search"]
        for row in sample["clean_clicks"]
        if row["seconds_after_search"] < 80_000  # planted at the limit of a day
    )
    assert 5 <= delays[len(delays) // 2] <= 9
    assert 28 <= delays[len(delays) * 95 // 100] <= 48
    assert delays[-1] <= 23_400
    positions = sorted(row["position"] for row in sample["clean_clicks"])
    assert positions[len(positions) // 2] == 3
    assert 12 <= positions[len(positions) * 9 // 10] <= 20
    at = Counter(positions)
    assert at[4] > at[3] and at[4] > at[5]
    assert (
        at[1] > 3 * at[2] and sum(at[each] for each in range(1, 19)) > 0.85 * at.total()
    )


def test_queries_have_a_head_and_a_tail(sample: dict[str, Any]) -> None:
    queries = Counter(
        row["query_text"] for row in sample["clean_requests"] if not row["is_automated"]
    )
    assert 0.60 < share(len(queries), queries.total()) < 0.80  # 1,945 of 2,594
    assert queries.most_common(1)[0][1] >= 10


def test_one_crawler_is_past_the_limit_and_a_busy_person_is_not(
    sample: dict[str, Any],
) -> None:
    by_day = Counter(
        (row["cuid"], row["ts"][:10], row["is_automated"])
        for row in sample["clean_requests"]
    )
    (crawler, busy), *_ = [by_day.most_common(2)]
    assert crawler[0][2] == 1 and 500 < crawler[1] <= 530
    assert busy[0][2] == 0 and 90 <= busy[1] <= 130
    flags = {
        row["is_automated"]
        for row in sample["clean_requests"]
        if row["cuid"] == crawler[0][0]
    }
    assert flags == {1}
    assert sum(row["is_automated"] for row in sample["clean_requests"]) > crawler[1]


def test_the_mistaken_queries_know_what_was_meant(sample: dict[str, Any]) -> None:
    mistaken = [each for each in sample["key"] if "meant" in each]
    assert {each["fault"] for each in mistaken} == set(TYPOS)
    for each in mistaken:
        typed = sample[REQUESTS][each["row_number"] - 1]["search_query"]
        meant = each["meant"]
        assert typed != meant
        if each["fault"] != "misspelling":
            assert typed.replace(" ", "") == meant.replace(" ", "")


# --- what a dbt seed cannot hold ----------------------------------------------


def test_an_index_column_counts_records_and_null_is_a_word(tmp_path: Path) -> None:
    written = Destination.in_folder(tmp_path)
    simulate(Plan(4, world=SAMPLE_WORLD, with_index=True), written)
    rows = records(written.search_request)
    assert next(iter(rows[0])) == ""
    assert [int(row[""]) for row in rows] == list(range(1, len(rows) + 1))
    assert written.answer_key is not None
    nulls = [
        each for each in answers(written.answer_key) if each["fault"] == "word_null"
    ]
    assert len(nulls) >= 3
    assert {each["clean"]["query_text"] for each in nulls} == {"null"}
    assert {rows[each["row_number"] - 1]["search_query"] for each in nulls} == {"null"}


def test_malformed_lines_are_the_only_ones_that_are_no_records(tmp_path: Path) -> None:
    written = Destination.in_folder(tmp_path)
    simulate(Plan(6, world=SAMPLE_WORLD, with_malformed_lines=True), written)
    assert written.answer_key is not None
    key = answers(written.answer_key)
    widths = {REQUESTS: 5, CLICKS: 4}
    for log, width in widths.items():
        lines = (tmp_path / f"{log}.csv").read_text("utf-8").split("\n")
        rows = [each for each in key if each["log"] == log]
        begins = [each["line_number"] for each in rows]
        assert begins[0] == 2
        planted = 0
        for each, end in zip(rows, [*begins[1:], len(lines)], strict=True):
            text = "\n".join(lines[each["line_number"] - 1 : end - 1])
            malformed = str(each["fault"]).startswith("malformed_")
            assert is_record(text, width) != malformed, text
            planted += malformed
            assert not malformed or each["reject_reason"] == "malformed_line"
        assert planted >= 5


def is_record(text: str, width: int) -> bool:
    if "\0" in text:
        return False
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error:
        return False
    return [len(row) for row in rows] == [width]


# --- the parts ----------------------------------------------------------------


def test_a_deck_deals_each_card_once_before_it_deals_one_again() -> None:
    deck = Deck(Chance(1), [3, 0, 2])
    for _ in range(4):
        assert sorted(deck.deal() for _ in range(5)) == [0, 0, 0, 2, 2]


def test_ids_never_meet() -> None:
    steps = (*range(1, 20_001), *range(100_000_001, 100_020_001))
    numbers = {ids.scrambled(step) for step in steps}
    assert len(numbers) == 40_000
    assert {len(number) for number in numbers} == {8, 9}
    assert re.fullmatch("[A-Za-z0-9]{20}", ids.search_id(Chance(1)))


@pytest.mark.parametrize(
    ("instant", "offset"),
    [
        # Clocks went forward on 2020-03-08 at 07:00Z and back on 2020-11-01 at 06:00Z.
        (instant_of(2020, 3, 8) + 7 * 3_600_000 - 1, -300),
        (instant_of(2020, 3, 8) + 7 * 3_600_000, -240),
        (instant_of(2020, 11, 1) + 6 * 3_600_000 - 1, -240),
        (instant_of(2020, 11, 1) + 6 * 3_600_000, -300),
        # And on 2019-03-10 and 2019-11-03.
        (instant_of(2019, 3, 10), -300),
        (instant_of(2019, 3, 11), -240),
        (instant_of(2019, 11, 3), -240),
        (instant_of(2019, 11, 4), -300),
    ],
)
def test_servers_keep_new_york_time(instant: int, offset: int) -> None:
    assert new_york_offset(instant) == offset


# --- the command --------------------------------------------------------------


def test_the_command_says_what_it_wrote(tmp_path: Path) -> None:
    result = CliRunner().invoke(
        app, ["simulate", "--seed", "5", "--requests", "100", "--out", str(tmp_path)]
    )
    assert result.exit_code == 0, result.output
    rows = len(records(tmp_path / "search_request.csv"))
    assert f"search_request  {rows} rows" in result.output
    assert (tmp_path / "answer_key.jsonl").exists()


@pytest.mark.parametrize(
    "options",
    [
        [],
        ["--sample", "--out", "elsewhere"],
        ["--sample", "--seed", "8"],
        ["--sample", "--no-key"],
        ["--out", "elsewhere", "--requests", "0"],
    ],
)
def test_options_that_contradict_each_other_are_refused(
    options: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(app, ["simulate", *options])
    assert result.exit_code == 2
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_cannot_be_written_is_one_clear_error(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    result = CliRunner().invoke(app, ["simulate", "--out", str(blocked)])
    assert result.exit_code == 1
    assert "could not be written" in result.stderr
    assert str(blocked) in result.stderr
    assert isinstance(result.exception, SystemExit)
