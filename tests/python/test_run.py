"""`clip-search run`: what it prints, and when it builds nothing."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import NewWarehouse

from clip_search.build import LastRun
from clip_search.engines import reading
from clip_search.engines.public_words import public_words_path
from lab.warehouse import Warehouse

ROOT = Path(__file__).resolve().parents[2]
SEARCHES = """search_id,search_query,ts,cuid,total
s1,jaws,2020-03-10T13:24:31Z,u1,3
s2,short film,2020-03-10T13:25:31Z,u2,x
"""
CLICKS = """search_id,ts,cid,position
s1,2020-03-10T13:24:40Z,c1,2
"""


@pytest.fixture(scope="module")
def logs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    # The kind of name that a shell, or make, would run.
    folder = tmp_path_factory.mktemp("logs") / "a `touch b` \"$(touch c)\" $$d 'e'; $"
    folder.mkdir()
    (folder / "search_request.csv").write_text(SEARCHES)
    (folder / "search_result_interaction.csv").write_text(CLICKS)
    return folder


@pytest.fixture(scope="module")
def run_once(new_warehouse: NewWarehouse, logs: Path) -> tuple[Warehouse, str]:
    """A warehouse after one run, and what the run printed."""
    warehouse = new_warehouse("run")
    finished = warehouse.run("make", "run", f"LOGS={logs}")
    assert finished.returncode == 0, finished.stdout + finished.stderr
    return warehouse, finished.stdout


def test_a_run_prints_its_layers_the_ledger_and_what_is_next(
    run_once: tuple[Warehouse, str],
) -> None:
    _, printed = run_once
    lines = printed.splitlines()
    assert len(lines) <= 40, printed
    # A path is as long as it is.
    assert max(len(line) for line in lines if "/" not in line) <= 100, printed
    assert "\x1b" not in printed
    begins = [line.split()[0] for line in lines if line.startswith("  ")]
    layers = (
        "seeds",
        "staging",
        "clean",
        "session",
        "judgment",
        "learned",
        "rewrite",
        "marts",
    )
    assert {*layers, "tests"} <= set(begins)
    assert "invalid_total" in printed
    assert "Next: clip-search enrich" in printed


def test_a_run_of_the_sample_fits_on_one_screen(sample_warehouse: Warehouse) -> None:
    lines = sample_warehouse.database.with_name("printed").read_text("utf-8")
    # Setup prints two more lines in a fresh clone. Each reject rule and layer has one.
    assert len(lines.splitlines()) <= 40, lines
    assert max(len(line) for line in lines.splitlines() if "/" not in line) <= 100


def test_a_run_with_nothing_new_builds_nothing_and_shows_the_ledger(
    run_once: tuple[Warehouse, str],
) -> None:
    warehouse, _ = run_once
    before = warehouse.database.read_bytes()
    finished = warehouse.run("clip-search", "run")
    assert finished.stdout.startswith("Nothing new since 20")
    assert "Where every raw row ended" in finished.stdout
    assert warehouse.database.read_bytes() == before


@pytest.mark.slow
def test_a_page_is_made_without_a_build_when_nothing_is_new(
    run_once: tuple[Warehouse, str],
) -> None:
    warehouse, _ = run_once
    finished = warehouse.run("make", "notebook")
    assert finished.returncode == 0, finished.stdout + finished.stderr
    unchanged, written = finished.stdout.splitlines()
    assert unchanged.startswith("Nothing new since 20")
    assert written == f"notebook: wrote {warehouse.target / 'exploration.ipynb'}"


@pytest.mark.parametrize("target", ["report", "notebook", "docs"])
def test_the_targets_for_pages_build_with_the_same_command(target: str) -> None:
    asked = subprocess.run(
        ["make", "--dry-run", target], cwd=ROOT, capture_output=True, text=True
    )
    assert ".venv/bin/clip-search run --no-summary" in asked.stdout
    assert "dbt build" not in asked.stdout


@pytest.fixture
def copy(run_once: tuple[Warehouse, str], tmp_path: Path) -> Warehouse:
    return run_once[0].copy(tmp_path / "copy")


def test_a_file_that_was_unloaded_is_never_skipped(copy: Warehouse, logs: Path) -> None:
    copy.unload(logs / "search_request.csv")
    assert LastRun(copy.database).unchanged_since() is None


def test_deleted_public_words_are_built_again_and_change_nothing_else(
    copy: Warehouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    recorded = LastRun(copy.database)
    assert recorded.unchanged_since() is not None
    monkeypatch.setenv("CLIP_SEARCH_CACHE", str(tmp_path / "cache"))
    # What the next run records is what the run after it must find.
    missing = LastRun(copy.database)
    assert missing.unchanged_since() is None
    assert missing.fingerprint == recorded.fingerprint
    # Any dbt command that reads creates the file, without the words.
    copy.dbt("compile", "--select", "log_ledger")
    assert public_words_path(copy.database).exists()
    assert LastRun(copy.database).unchanged_since() is None


def test_what_another_dbt_command_built_is_never_skipped(copy: Warehouse) -> None:
    copy.dbt("run", "--quiet", "--select", "late_arrival")
    assert LastRun(copy.database).unchanged_since() is None


CHANGED = {
    "a model": "models/marts/log_day.sql",
    "a macro": "macros/rules/clean_id.sql",
    "a seed": "seeds/reference/reject_rule.csv",
    "a var": "dbt_project.yml",
    "a test": "tests/dbt/assert_ledger_balances.sql",
    "a description": "models/marts/_marts.yml",
    "a profile": "profiles.yml",
}


def check_that_no_change_is_skipped(warehouse: Warehouse, folder: Path) -> None:
    """Changes each kind of file of the project, and then the loads."""
    for name in CHANGED.values():
        project = folder / name.replace("/", "_")
        for part in ("models", "macros", "seeds", "tests/dbt"):
            shutil.copytree(ROOT / part, project / part)
        for part in ("dbt_project.yml", "profiles.yml"):
            shutil.copy(ROOT / part, project)
        assert LastRun(warehouse.database, project).unchanged_since() is not None
        with (project / name).open("a") as file:
            file.write("\n")
        assert LastRun(warehouse.database, project).unchanged_since() is None, name
        shutil.rmtree(project)
    log = folder / "search_request_9.csv"
    log.write_text(SEARCHES.replace("s1", "s9"))
    warehouse.load(log)
    assert LastRun(warehouse.database).unchanged_since() is None


def test_no_change_is_skipped_on_sqlite(copy: Warehouse, tmp_path: Path) -> None:
    check_that_no_change_is_skipped(copy, tmp_path)


def test_another_engine_is_never_skipped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Without a file the engine is the only difference.
    database = tmp_path / "none.db"
    before = LastRun(database).fingerprint
    assert LastRun(database).fingerprint == before
    monkeypatch.setenv("CLIP_SEARCH_TARGET", "duckdb")
    assert LastRun(database).fingerprint != before


def test_a_file_that_dbt_could_not_open_needs_no_closing() -> None:
    command = "from clip_search.engines import engine; engine('duckdb').release_dbt()"
    subprocess.run([sys.executable, "-c", command], cwd=ROOT, check=True)


@pytest.mark.long
def test_a_run_on_duckdb_is_recorded_and_no_change_is_skipped(
    tmp_path: Path, logs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLIP_SEARCH_TARGET", "duckdb")
    warehouse = Warehouse(tmp_path / "clip_search.duckdb", engine="duckdb")
    first = warehouse.run("clip-search", "run", str(logs))
    assert first.returncode == 0, first.stdout + first.stderr
    assert "Where every raw row ended" in first.stdout
    second = warehouse.run("clip-search", "run")
    assert second.stdout.startswith("Nothing new since 20")
    erased = warehouse.run("clip-search", "unload", "--erase")
    assert erased.returncode == 0, erased.stderr
    assert erased.stdout.startswith("Nothing new since 20")
    assert f"erase: rewritten: {warehouse.database}" in erased.stdout
    check_that_no_change_is_skipped(warehouse, tmp_path)


@pytest.mark.long
def test_a_run_on_spark_is_recorded_and_no_change_is_skipped(
    tmp_path: Path, logs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Spark builds and tests every table, which takes minutes."""
    monkeypatch.setenv("CLIP_SEARCH_TARGET", "spark")
    warehouse = Warehouse(tmp_path / "spark", tmp_path / "target", engine="spark")
    first = warehouse.run("clip-search", "run", str(logs))
    assert first.returncode == 0, first.stdout + first.stderr
    second = warehouse.run("clip-search", "run", "--no-summary")
    assert second.stdout.startswith("Nothing new since 20")
    # Spark stops with the last connection.
    with reading(warehouse.database):
        check_that_no_change_is_skipped(warehouse, tmp_path)


@pytest.mark.slow
def test_a_failed_run_is_never_taken_for_a_finished_one(
    copy: Warehouse, tmp_path: Path
) -> None:
    path = tmp_path / "search_request_3.csv"
    rows = [f"t{number},jaws,2020-03-10T13:24:31Z,u1,no" for number in range(300)]
    path.write_text("\n".join([SEARCHES.splitlines()[0], *rows, ""]))
    finished = copy.run("clip-search", "run", str(path))
    assert finished.returncode == 1
    assert "FAILURE: " in finished.stdout
    assert LastRun(copy.database).unchanged_since() is None


# It builds everything twice.
@pytest.mark.long
def test_a_full_refresh_builds_all_even_if_its_reader_leaves(copy: Warehouse) -> None:
    assert LastRun(copy.database).unchanged_since() is not None
    command = "clip-search run --full-refresh | head -1"
    finished = subprocess.run(
        ["bash", "-c", command],
        env=copy.environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert finished.stdout.startswith("Building with dbt on sqlite")
    assert LastRun(copy.database).unchanged_since() is not None
