"""Guarantees of `make bench`: results are stored, growth is shown, nothing is lost."""

import json
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from lab.benchmarks import compare, page, results, simulated
from lab.benchmarks.results import Growth, Size
from lab.benchmarks.runners import RUNNERS, Cost, measured, why_left_out

DUCKDB = "clip-search on duckdb"
SQLITE = "clip-search on sqlite"


def size(
    requests: int, costs: Mapping[str, Cost], commit: str = "abc1234", rounds: int = 3
) -> Size:
    """For a log with twice as many rows as requests."""
    starts = {
        name: Cost(3.0, 4.0, 100.0) for name in costs if name.startswith("clip-search")
    }
    rows = 2 * requests
    return Size(requests, rows, rounds, commit, "2 cores, x86_64", costs, starts)


# Ten times the rows cost ten times as much, then, at 10 ** 1.3, twenty times.
SMALL = size(
    100_000,
    {
        SQLITE: Cost(20.0, 25.0, 140.0, {"a": 4.0}),
        "sqlite.sql": Cost(16.0, 18.0, 30.0),
        DUCKDB: Cost(1.0, 1.0, 300.0, {"a": 0.5, "b": 0.5}),
        "duckdb.sql": Cost(1.0, 1.0, 300.0),
        "polars": Cost(2.0, 2.0, 400.0),
    },
)
MIDDLE = size(
    1_000_000,
    {
        SQLITE: Cost(210.0, 260.0, 160.0, {"a": 40.0}),
        "sqlite.sql": Cost(160.0, 180.0, 30.0),
        DUCKDB: Cost(10.0, 9.0, 1_000.0, {"a": 5.0, "b": 5.0}),
        "duckdb.sql": Cost(10.0, 9.0, 900.0),
        "polars": Cost(9.0, 8.0, 1_500.0),
    },
)
LARGE = size(
    10_000_000,
    {
        DUCKDB: Cost(200.0, 150.0, 8_500.0, {"a": 50.0, "b": 158.1, "c": 1.0}),
        "duckdb.sql": Cost(100.0, 80.0, 4_000.0),
        "polars": Cost(90.0, 80.0, 9_000.0),
    },
    rounds=1,
)


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The files that a benchmark writes, separate from the project's own."""
    monkeypatch.setattr(page, "PAGE", tmp_path / "benchmarks.md")
    monkeypatch.setattr(page, "PLOT", tmp_path / "benchmarks.svg")
    return tmp_path


# --- growth -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sizes", "costs", "expected"),
    [
        ((1_000, 10_000), (2.0, 20.0), 1.0),
        ((1_000, 10_000), (2.0, 2.0), 0.0),
        ((1_000, 10_000), (2.0, 200.0), 2.0),
        ((1_000, 2_000), (1.0, 2.828427), 1.5),
    ],
)
def test_the_exponent_is_the_power_of_the_size(
    sizes: tuple[int, int], costs: tuple[float, float], expected: float
) -> None:
    assert results.exponent(sizes, costs) == pytest.approx(expected, abs=1e-6)


def test_growth_goes_from_each_size_of_a_runner_to_its_next() -> None:
    sizes = [SMALL, MIDDLE, LARGE]
    first, second = results.growth(sizes, DUCKDB)
    assert first == Growth(200_000, 2_000_000, pytest.approx(1.0))
    assert second == Growth(2_000_000, 20_000_000, pytest.approx(1.30103))
    (only,) = results.growth(sizes, SQLITE)
    assert (only.since, only.until) == (200_000, 2_000_000)
    assert results.growth(sizes, "somebody else") == []


def test_growth_in_all_goes_from_the_smallest_size_to_the_largest() -> None:
    """A hundred times the rows, two hundred times the seconds."""
    grown = results.growth_in_all([SMALL, MIDDLE, LARGE], DUCKDB)
    assert grown == Growth(200_000, 20_000_000, pytest.approx(1.15051, abs=1e-5))
    assert results.growth_in_all([SMALL], DUCKDB) is None


def test_where_nothing_is_left_of_a_cost_there_is_no_growth() -> None:
    nothing = size(1_000, {DUCKDB: Cost(-0.1, 0.2, 300.0)})
    assert len(results.growth([nothing, SMALL, MIDDLE], DUCKDB)) == 1


def test_models_tell_which_of_them_grows_too_fast() -> None:
    grown = results.growth_of_models([SMALL, MIDDLE, LARGE], DUCKDB)
    assert grown["a"].exponent == pytest.approx(1.0)
    assert grown["b"].exponent == pytest.approx(1.5, abs=0.001)
    # At the middle size, this model did not exist.
    assert "c" not in grown
    assert results.growth_of_models([LARGE], DUCKDB) == {}


# --- what is kept -------------------------------------------------------------


def test_runners_take_the_place_of_the_same_at_their_size_and_leave_the_others(
    tmp_path: Path,
) -> None:
    path = tmp_path / "results.json"
    assert results.read(path) == []
    assert results.keep([SMALL, MIDDLE], path) == [SMALL, MIDDLE]
    assert results.keep([LARGE], path) == [SMALL, MIDDLE, LARGE]
    again = size(100_000, {DUCKDB: Cost(1.1, 1.0, 310.0, {"a": 0.6})}, "def5678")
    left, *others = results.keep([again], path)
    assert list(left.costs) == [SQLITE, "sqlite.sql", "duckdb.sql", "polars"]
    assert (list(left.starts), left.commit) == ([SQLITE], SMALL.commit)
    assert others == [again, MIDDLE, LARGE]
    assert results.read(path) == [left, *others]
    everything = size(100_000, SMALL.costs, "0123456")
    assert results.keep([everything], path) == [everything, MIDDLE, LARGE]
    assert [entry["rounds"] for entry in json.loads(path.read_text())] == [3, 3, 1]


# --- the page -----------------------------------------------------------------


def table_rows(text: str, heading: str) -> list[list[str]]:
    section = text.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("| ")]
    return [line.strip("| ").split(" | ") for line in lines]


def test_the_page_has_every_size_and_how_costs_grew() -> None:
    text = page.text([SMALL, MIDDLE, LARGE], RUNNERS)
    for heading in ("200,000 rows", "2,000,000 rows", "20,000,000 rows"):
        assert f"### {heading}\n" in text
    assert "medians of 1 rounds at abc1234, on 2 cores, x86_64." in text
    rows = table_rows(text, "Growth")
    assert [DUCKDB, "2,000,000", "20,000,000", "1.30"] in rows
    assert ["polars", "200,000", "2,000,000", "0.65"] in rows
    assert [SQLITE, "200,000", "2,000,000", "1.02"] in rows
    assert len([row for row in rows if row[0] == SQLITE]) == 1


def test_each_goal_is_judged_at_the_largest_size_that_can_tell() -> None:
    rows = table_rows(page.text([SMALL, MIDDLE, LARGE], RUNNERS), "Goals")
    middle, large = "2,000,000", "20,000,000"
    assert [f"{SQLITE} over sqlite.sql, cpu", middle, "1.31", "1.25", "missed"] in rows
    assert [f"{DUCKDB} over duckdb.sql, cpu", large, "2.00", "1.25", "missed"] in rows
    assert [f"{SQLITE}: MB over dbt's own", middle, "60", "50", "missed"] in rows
    assert [f"{DUCKDB}: peak MB", large, "8500", "8000", "missed"] in rows
    since = "growth from 200,000 rows"
    assert [f"{SQLITE}: {since}", middle, "1.02", "1.05", "reached"] in rows
    assert [f"{DUCKDB}: {since}", large, "1.15", "1.05", "missed"] in rows


def test_the_whole_process_is_shown_and_judged_on_the_smallest_logs() -> None:
    text = page.text([SMALL, MIDDLE, LARGE], RUNNERS)
    assert f"| {SQLITE} | 20.0 | 23.0 | 25.0 | 140 |" in text
    assert "| sqlite.sql | 16.0 | 16.0 | 18.0 | 30 |" in text
    rows = table_rows(text, "Goals")
    small, whole = "200,000", "with start-up over"
    assert [
        f"{SQLITE} {whole} sqlite.sql, cpu",
        small,
        "1.44",
        "1.80",
        "reached",
    ] in rows
    assert [
        f"{DUCKDB} {whole} duckdb.sql, cpu",
        small,
        "4.00",
        "2.50",
        "missed",
    ] in rows


def test_models_stand_at_the_largest_size_with_their_growth() -> None:
    rows = table_rows(page.text([SMALL, MIDDLE, LARGE], RUNNERS), "Where the time goes")
    assert [SQLITE, "`a`", "40.0", "100 %", "1.00"] in rows
    assert [DUCKDB, "`b`", "158.1", "76 %", "1.50"] in rows


# --- the command --------------------------------------------------------------


class Pretended:
    """Replaces a run: a runner's cost is the number of its turn."""

    def __init__(self) -> None:
        self.runs: list[tuple[int, list[str]]] = []

    def simulate(self, requests: int, folder: Path) -> Path:
        self.requests = requests
        return folder

    def compare(self, *arguments: object) -> tuple[dict[str, Cost], dict[str, Cost]]:
        names = [runner.name for runner in arguments[3]]  # type: ignore[attr-defined]
        self.runs.append((self.requests, names))
        cost = Cost(self.requests / 1e5, 1.0, 10.0, {"a": 1.0})
        costs = dict.fromkeys(names, cost)
        return costs, {
            name: Cost(1.0, 1.0, 5.0) for name in names if name.startswith("clip")
        }


@pytest.fixture
def pretended(kept: Path, monkeypatch: pytest.MonkeyPatch) -> Pretended:
    """`make bench` without running any runner."""
    stand_in = Pretended()
    monkeypatch.setattr(results, "RESULTS", kept / "results.json")
    monkeypatch.setattr(compare, "simulate", stand_in.simulate)
    monkeypatch.setattr(compare, "row_count", lambda logs: 2 * stand_in.requests)
    monkeypatch.setattr(compare, "compare", stand_in.compare)
    return stand_in


def bench(*options: str) -> str:
    app = typer.Typer()
    app.command()(compare.main)
    result = CliRunner().invoke(app, list(options))
    assert result.exit_code == 0, result.output
    return result.output


def test_a_large_size_is_added_without_the_slow_runners(
    pretended: Pretended, kept: Path
) -> None:
    bench()
    output = bench("--requests", "10000000", "--rounds", "1")
    everybody = [runner.name for runner in RUNNERS if not why_left_out(runner)]
    assert pretended.runs == [
        (100_000, everybody),
        (1_000_000, everybody),
        (10_000_000, [DUCKDB, "duckdb.sql", "polars"]),
    ]
    text = (kept / "benchmarks.md").read_text("utf-8")
    rows = table_rows(text, "Growth")
    assert [SQLITE, "200,000", "2,000,000", "1.00"] in rows
    assert [DUCKDB, "2,000,000", "20,000,000", "1.00"] in rows
    assert "Growth of CPU seconds" in output
    assert (kept / "benchmarks.svg").exists()


def test_what_is_only_looked_at_is_not_kept(pretended: Pretended, kept: Path) -> None:
    bench("--requests", "10000000", "--only", SQLITE, "--no-write")
    assert pretended.runs == [(10_000_000, [SQLITE])]
    assert list(kept.iterdir()) == []


@pytest.mark.parametrize(
    ("requests", "is_bulk"), [(1_000_000, False), (1_000_001, True)]
)
def test_logs_beyond_a_million_are_simulated_in_bulk(
    requests: int, is_bulk: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    commands: list[list[str]] = []
    monkeypatch.setattr(
        simulated.subprocess, "run", lambda command, **_: commands.append(command)
    )
    assert simulated.simulate(requests, tmp_path) == tmp_path / "logs"
    (command,) = commands
    assert ("--bulk" in command) == is_bulk
    assert "--no-key" in command


def test_the_memory_of_a_command_is_its_own() -> None:
    held = bytearray(b"x") * 400_000_000
    own = measured([sys.executable, "-c", "bytearray(b'x') * 60_000_000"]).memory
    assert 60 < own < 150
    assert len(held) == 400_000_000
