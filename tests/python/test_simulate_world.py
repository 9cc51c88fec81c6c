"""The synthetic world matches docs/simulator.md, judged only from its files."""

import csv
import json
import re
from collections import Counter, defaultdict
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from lab.simulate import Destination, Plan, SettingsError, simulate
from lab.simulate.chance import Chance
from lab.simulate.engine import Engine, tokens
from lab.simulate.settings import SAMPLE_WORLD, WORLD, read_settings
from lab.simulate.typos import NAMES as TYPOS
from lab.simulate.world import World

ROOT = Path(__file__).resolve().parents[2]


class Files:
    """The files of one simulation."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def truth(self, name: str) -> list[dict[str, str]]:
        return self._rows(self.folder / "truth" / f"{name}.csv")

    def log(self, name: str) -> list[dict[str, str]]:
        return self._rows(self.folder / f"{name}.csv")

    def clean(self, log: str) -> list[dict[str, Any]]:
        lines = (self.folder / "answer_key.jsonl").read_text("utf-8").splitlines()
        answers = [json.loads(line) for line in lines]
        return [a["clean"] for a in answers if a["log"] == log and "clean" in a]

    @staticmethod
    def _rows(path: Path) -> list[dict[str, str]]:
        with path.open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Files:
    folder = tmp_path_factory.mktemp("world")
    simulate(Plan(20, 12_000, SAMPLE_WORLD), Destination.in_folder(folder))
    return Files(folder)


@pytest.fixture(scope="module")
def clips(files: Files) -> dict[str, dict[str, str]]:
    return {clip["cid"]: clip for clip in files.truth("clip")}


def words(clip: dict[str, str]) -> set[str]:
    fields = ("name", "description", "tags", "categories", "user_name")
    return {word for field in fields for word in tokens(clip[field])}


# --- what is true -------------------------------------------------------------


def test_the_most_relevant_clips_mostly_say_so(
    files: Files, clips: dict[str, dict[str, str]]
) -> None:
    """Relevance is not derived from the metadata, but the metadata reflects it."""
    texts = {each["intent_id"]: each["query"] for each in files.truth("intent")}
    says_all: Counter[str] = Counter()
    rows: Counter[str] = Counter()
    for row in files.truth("relevance"):
        wanted = set(tokens(texts[row["intent_id"]]))
        rows[row["grade"]] += 1
        says_all[row["grade"]] += wanted <= words(clips[row["cid"]])
    assert set(rows) == {"1", "2", "3"}
    assert 0.5 < says_all["3"] / rows["3"] < 0.95
    assert says_all["1"] / rows["1"] < 0.2


def test_each_search_is_told_of_once_and_each_logged_one_is_among_them(
    files: Files,
) -> None:
    told = [row["search_id"] for row in files.truth("search")]
    assert len(told) == len(set(told))
    clean = {row["search_id"] for row in files.clean("search_request")}
    assert clean < set(told)


def test_queries_count_the_searches_of_people(files: Files) -> None:
    crawlers = {row["cuid"] for row in files.truth("automated_user")}
    names = ("query", "intended_query", "corruption", "intent_id")
    searches = Counter(
        tuple(row[name] for name in names)
        for row in files.truth("search")
        if row["cuid"] not in crawlers
    )
    told = {
        tuple(row[name] for name in names): int(row["search_count"])
        for row in files.truth("query")
    }
    assert told == searches


def test_typos_change_the_query_as_their_names_say(files: Files) -> None:
    met = Counter()
    for row in files.truth("query"):
        typed, meant = row["query"], row["intended_query"]
        met[row["corruption"]] += 1
        if row["corruption"] == "none":
            assert typed == meant
        elif row["corruption"] == "misspelling":
            assert typed.count(" ") == meant.count(" ")
            assert distance(typed, meant) == 1
        elif row["corruption"] in ("run_together", "split_word"):
            assert typed != meant
            assert typed.replace(" ", "") == meant.replace(" ", "")
            if row["corruption"] == "split_word":
                assert typed.count(" ") == meant.count(" ") + 1
        else:
            assert row["intent_id"] == ""
    assert min(met[name] for name in TYPOS) > 20
    # About 37 of 1,000 searches each, as in the real log.
    searches = Counter[str]()
    for row in files.truth("query"):
        searches[row["corruption"]] += int(row["search_count"])
    for name in ("misspelling", "run_together"):
        assert 0.025 < searches[name] / searches.total() < 0.05


def distance(one: str, other: str) -> int:
    """Damerau's distance (optimal string alignment), by its definition."""
    rows = [list(range(len(other) + 1))]
    for i, first in enumerate(one, 1):
        row = [i]
        for j, second in enumerate(other, 1):
            costs = [rows[-1][j] + 1, row[-1] + 1, rows[-1][j - 1] + (first != second)]
            if i > 1 and j > 1 and first == other[j - 2] and one[i - 2] == second:
                costs.append(rows[-2][j - 2] + 1)
            row.append(min(costs))
        rows.append(row)
    return rows[-1][-1]


# --- what is found ------------------------------------------------------------


@pytest.fixture(scope="module")
def world() -> World:
    return World(read_settings(SAMPLE_WORLD), Chance(20))


def test_the_engine_finds_what_a_scan_of_the_clips_finds(world: World) -> None:
    held = [
        {
            word
            for text in (
                clip.name,
                clip.description,
                " ".join(clip.tags),
                " ".join(clip.categories),
                clip.user_name,
            )
            for word in tokens(text)
        }
        for clip in world.catalogue.clips
    ]
    for intent in world.intents.all[::40]:
        wanted = set(tokens(intent.text))
        scanned = {number for number, has in enumerate(held) if wanted <= has}
        found = world.find(intent.text)
        if scanned:
            assert found.total == len(scanned)
            assert set(found.clips) <= scanned
            assert len(found.clips) == min(found.total, 90)


def test_a_clip_that_says_it_in_its_name_comes_before_one_that_says_it_aside() -> None:
    from lab.simulate.catalogue import Clip

    settings = read_settings().engine
    clips = [
        Clip("1", "Quiet River", "A film about whales and rivers and more."),
        Clip("2", "Whales", "A film about rivers and rivers and more."),
        Clip("3", "Other", "Nothing to do with it, in as many words."),
    ]
    found = Engine(clips, settings).find("whales")
    assert (found.total, list(found.clips)) == (2, [1, 0])


def test_unknown_words_are_left_out_and_alone_find_nothing(world: World) -> None:
    genre = "documentary"
    assert world.find("zzqx").total == 0
    assert world.find(f"zzqx {genre}") == world.find(genre)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("whales", [0, 1]),
        # A letter missing, doubled, replaced, swapped: `whales` has more clips than
        # `whiles`, which is as near.
        *[(typo, [0, 1]) for typo in ("whles", "whhales", "whalez", "wahles")],
        # Two typos, and a word that is too short.
        ("wahlez", []),
        ("forl", []),
    ],
)
def test_a_tolerant_engine_finds_what_is_one_typo_away(
    typed: str, found: list[int]
) -> None:
    from lab.simulate.catalogue import Clip

    settings = replace(read_settings().engine, tolerates_typos=True)
    clips = [
        Clip("1", "Whales", "A fork."),
        Clip("2", "Gray whales", "Far away."),
        Clip("3", "Whiles", "Another while."),
    ]
    assert sorted(Engine(clips, settings).find(typed).clips) == found


# --- what is clicked ----------------------------------------------------------


def test_clicks_follow_the_examination_curve_and_the_relevance(files: Files) -> None:
    """Click rates by position and grade, against the specified product."""
    settings = read_settings(SAMPLE_WORLD)
    world = World(settings, Chance(20))
    seen = [float(row["probability"]) for row in files.truth("examination")]
    shown: Counter[tuple[int, int]] = Counter()
    clicked: Counter[tuple[int, int]] = Counter()
    for _ in range(60_000):
        intent = world.intents.draw()
        grades = world.intents.relevant(intent.number)
        listed = world.find(intent.text).clips[:9]
        positions = world.clicking.positions(intent.text, intent.number)
        for place, clip in enumerate(listed, 1):
            shown[place, grades.get(clip, 0)] += 1
            clicked[place, grades.get(clip, 0)] += place in positions
    compared = 0
    for (place, grade), count in shown.items():
        expected = seen[place - 1] * settings.clicks.attraction[grade]
        spread = (expected * (1 - expected) / count) ** 0.5
        if count > 500:
            compared += 1
            assert abs(clicked[place, grade] / count - expected) < 4.5 * spread
    assert compared > 15


def test_the_cascade_stops_after_a_click_more_often_than_not(tmp_path: Path) -> None:
    override = tmp_path / "cascade.toml"
    text = SAMPLE_WORLD.read_text("utf-8") + '\n[clicks]\nmodel = "cascade"\n'
    override.write_text(text, "utf-8")
    world = World(read_settings(override), Chance(20))
    counts: Counter[int] = Counter()
    first: Counter[int] = Counter()
    for _ in range(5_000):
        intent = world.intents.draw()
        positions = world.clicking.positions(intent.text, intent.number)
        counts[len(positions)] += 1
        first.update(positions[:1])
    assert counts[1] > 4 * sum(counts[each] for each in counts if each > 1)
    assert first[1] > first[2] > first[4] > first[8]


def test_after_a_typo_people_correct_themselves(files: Files) -> None:
    sessions = defaultdict(list)
    for row in files.truth("search"):
        sessions[row["session_id"]].append(row)
    after_typo = corrected = 0
    for rows in sessions.values():
        for one, other in pairwise(rows):
            if one["corruption"] in TYPOS and one["cuid"] == other["cuid"]:
                after_typo += 1
                corrected += other["query"] == one["intended_query"]
    assert corrected > 60
    assert corrected / after_typo > 0.6


# --- what can be set ----------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("[clips]\ncuont = 5\n", r"\[clips\] has no cuont"),
        ("[clip]\ncount = 5\n", r"no section \[clip\]"),
        ("[clips]\ncount = 5\n", "too few"),
        ("[clicks]\nmodel = 'random'\n", "neither grid nor cascade"),
        ("[clicks]\nexamination = [0.5]\n", "one number per position"),
        ("[faults]\nno_such_fault = 1\n", r"\[faults\] has no no_such_fault"),
        ("[faults]\nemail = 9000\n", "of 2500 searches"),
        ("[engine.weights]\ntitle = 1\n", "a clip has no title"),
        ("[engine]\nrankings = 0\n", "must be at least 1"),
        ("[engine]\nreshuffle = 1.5\n", "reshuffle is not a share"),
        ("[engine]\ndemotion = 1\n", "demotion is not a share"),
        ("not toml", "cannot be read"),
    ],
)
def test_settings_that_make_no_sense_are_refused_by_name(
    text: str, complaint: str, tmp_path: Path
) -> None:
    override = tmp_path / "my.toml"
    override.write_text(text, "utf-8")
    with pytest.raises(SettingsError, match=complaint):
        simulate(Plan(1, 100, override), Destination.in_folder(tmp_path / "out"))


def test_every_setting_is_explained() -> None:
    """There is a comment above each name, or group of names, in world.toml."""
    lines = WORLD.read_text("utf-8").splitlines()
    body = lines[: lines.index("[faults]")]
    names = [line for line in body if re.match(r"[a-z_]+ = ", line)]
    comments = [line for line in body if line.startswith("#")]
    assert len(names) > 50 and len(comments) > 50


def test_the_sample_brings_its_clips(files: Files) -> None:
    with (ROOT / "seeds" / "sample" / "clip.csv").open(encoding="utf-8") as file:
        sample = list(csv.DictReader(file))
    with (ROOT / "seeds/sample/search_result_interaction.csv").open() as file:
        clicked = [row["cid"].strip() for row in csv.DictReader(file)]
    known = {row["cid"] for row in sample}
    assert len(known) == len(sample) == 1_200
    assert list(sample[0]) == list(files.truth("clip")[0])
    # The others are faults: missing ids, ids like card numbers.
    assert sum(cid in known for cid in clicked) > 0.98 * len(clicked)
