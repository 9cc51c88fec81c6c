"""Each error of the surroundings says what, where and what to do, in every command.

The database is missing, read-only, locked or on a full disk; Python is too old; a
library is not installed. Also the output for programs and without colors.
"""

import hashlib
import json
import os
import re
import shlex
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import duckdb
import pytest
from conftest import ROOT
from packaging.specifiers import SpecifierSet
from typer.testing import CliRunner, Result

from clip_search import engines, project
from clip_search.cli import app
from clip_search.engines import check_place
from clip_search.engines.warehouse_error import known_error
from clip_search.findings import examples
from clip_search.orchestration.assets import assets_of
from clip_search.orchestration.dag_settings import Settings
from clip_search.orchestration.failures import LastingFailure, TransientFailure
from clip_search.orchestration.load_data import load_data
from clip_search.project import MissingExtraError, typed_command
from lab import parity_command
from lab.warehouse import Warehouse

ENGINES = ("sqlite", "duckdb")
SEARCHES = "search_id,search_query,ts,cuid,total\ns1,jaws,2020-03-10T13:24:31Z,u1,3\n"
READERS = (
    ["status"],
    ["enrich", "jaws"],
    ["search", "jaws"],
    ["report"],
    ["notebook"],
)
WRITERS = (["load", "LOGS"], ["run"], ["run", "LOGS"], ["unload", "LOGS"])
HOSTILE = "\x1b[2Jred\x07 \u202e</script>{{ 1 }}\n%s"
# What a status needs, with counts that the tests expect.
BUILT = (
    "create table log_ledger"
    " (log text, outcome text, reject_reason text, row_count int)",
    "insert into log_ledger values"
    " ('search_request', 'raw', null, 10), ('search_request', 'clean', null, 7),"
    " ('search_request', 'folded', null, 1),"
    " ('search_request', 'rejected', 'invalid_total', 2),"
    " ('search_result_interaction', 'raw', null, 4),"
    " ('search_result_interaction', 'clean', null, 4)",
    "create table clean_search_request"
    " (is_ts_disputed int, is_automated int, cuid text)",
    "insert into clean_search_request values (1, 0, 'u1'), (0, 1, 'u2'), (0, 1, 'u2')",
    "create table load_record"
    " (log text, file_id int, row_count int, loaded_at text, unloaded_at text,"
    " load_id int, file_path text)",
    "create table built_file (log text, file_id int, model_name text)",
    "create table late_arrival"
    " (click_count int, late_click_count int, late_request_count int,"
    " waiting_click_count int)",
    "insert into late_arrival values (4, 1, 0, 1234)",
    "create table int_search_result_interaction_checked"
    " (file_id int, outcome text, reject_reason text)",
)


@pytest.fixture
def logs(tmp_path: Path) -> Path:
    folder = tmp_path / "logs"
    folder.mkdir()
    (folder / "search_request.csv").write_text(SEARCHES)
    return folder


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Each engine in turn, selected in this process and in those it starts."""
    monkeypatch.setenv("CLIP_SEARCH_TARGET", request.param)
    return str(request.param)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """An empty folder for a database."""
    folder = tmp_path / "place"
    folder.mkdir()
    return folder


def execute(engine: str, database: Path, *statements: str) -> None:
    connect: Callable[[str], Any] = (
        duckdb.connect if engine == "duckdb" else sqlite3.connect
    )
    connection = connect(str(database))
    for statement in statements:
        connection.execute(statement)
    connection.commit()
    connection.close()


def command(database: Path, *arguments: object, **environment: str) -> Result:
    """A command in this process."""
    return CliRunner().invoke(
        app,
        [str(argument) for argument in arguments],
        env={"CLIP_SEARCH_DATABASE": str(database), **environment},
    )


def started(
    database: Path, *arguments: object, **environment: str
) -> subprocess.Popen[str]:
    """A command in another process; `make` is one as well."""
    warehouse = Warehouse(database, engine=os.environ["CLIP_SEARCH_TARGET"])
    return subprocess.Popen(
        [str(argument) for argument in arguments],
        cwd=ROOT,
        env={**warehouse.environment, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def check_error(printed: str, *parts: str) -> str:
    """Checks that one clear error was printed, with these parts; returns the remedy."""
    assert "Traceback" not in printed
    assert printed.count("error: ") == 1, printed
    for part in parts:
        assert part in printed
    (remedy,) = re.findall(r"^  remedy:  (.+)$", printed, re.MULTILINE)
    return str(remedy)


# The folder of the database does not exist


@pytest.mark.parametrize("arguments", [*READERS, *WRITERS], ids=" ".join)
def test_a_missing_folder_is_named_with_the_command_that_creates_it(
    engine: str, arguments: list[str], logs: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "new folder" / "inner"
    told = command(
        folder / "clip_search.db",
        *(logs if argument == "LOGS" else argument for argument in arguments),
    )
    assert (told.exit_code, told.stdout) == (1, "")
    problem = f"the folder of the database does not exist: {folder}"
    remedy = check_error(told.stderr, problem, str(folder / "clip_search.db"))
    assert not folder.parent.exists()
    subprocess.run(shlex.split(remedy.removeprefix("Create it: ")), check=True)
    assert folder.is_dir()


@pytest.mark.parametrize("target", ["run", "report", "notebook"])
def test_make_prints_the_same_error(
    target: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLIP_SEARCH_TARGET", "sqlite")
    making = started(tmp_path / "new" / "clip_search.db", "make", target)
    printed, errors = making.communicate()
    assert making.returncode != 0
    assert printed == ""
    assert check_error(errors, str(tmp_path / "new")).startswith("Create it: mkdir -p")


def run_load_data(engine: str, database: Path, wait: timedelta) -> bool:
    """The DAG's first task, in a run that has just started."""
    settings = Settings("dag", "", engine, database, wait, database.parent)
    now = datetime.now(UTC)
    context = {
        "dag_run": SimpleNamespace(start_date=now, logical_date=now, run_after=now),
        "params": {"day": None, "folder": None, "dry_run": False},
    }
    return load_data(settings, assets_of("dag"), context)


def test_the_dag_reports_the_same_error(engine: str, tmp_path: Path) -> None:
    with pytest.raises(LastingFailure) as failed:
        run_load_data(engine, tmp_path / "new" / "a.db", wait=timedelta(hours=6))
    (finding,) = failed.value.findings
    assert finding.name == "load_data"
    assert finding.remedy == f"Create it: mkdir -p {tmp_path / 'new'}"


def test_only_the_default_folder_is_created(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engines, "WORK_ROOT", tmp_path)
    check_place(tmp_path / "warehouse" / "clip_search.db")
    assert (tmp_path / "warehouse").is_dir()


def test_without_a_database_the_command_that_builds_it_is_named(
    engine: str, place: Path
) -> None:
    told = command(place / "clip_search.db", "status")
    assert told.exit_code == 1
    assert check_error(told.stderr, "nothing is built yet").endswith("clip-search run")


def test_a_database_without_tables_is_not_built_yet(engine: str, place: Path) -> None:
    database = place / "clip_search.db"
    execute(engine, database, "create table other (a int)")
    told = command(database, "status")
    assert told.exit_code == 1
    assert check_error(told.stderr, "nothing is built yet").endswith("clip-search run")
    assert check_error(command(database, "enrich", "a").stderr, "no rewrites")


# The database is read-only


@contextmanager
def mounted(folder: Path, size: str) -> Iterator[None]:
    """A small file system of its own in a folder; needs to be root."""
    if os.geteuid() != 0:
        pytest.skip("only root can mount a file system")
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size}", "clip-search-test"]
    if subprocess.run([*mount, str(folder)], capture_output=True).returncode != 0:
        pytest.skip("this machine does not let root mount a file system")
    try:
        yield
    finally:
        subprocess.run(["umount", str(folder)], check=True)


@contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """Makes a folder with its files read-only; permissions do not stop root."""
    if os.geteuid() == 0:
        subprocess.run(["mount", "-o", "remount,ro", str(folder)], check=True)
        yield
        subprocess.run(["mount", "-o", "remount,rw", str(folder)], check=True)
        return
    for path in (*folder.iterdir(), folder):
        path.chmod(0o555)
    yield
    folder.chmod(0o755)


@pytest.fixture
def writable(place: Path) -> Iterator[Path]:
    """A folder that `read_only` can change."""
    if os.geteuid() != 0:
        yield place
        return
    with mounted(place, "20m"):
        yield place


def test_a_read_only_database_is_named_and_still_readable(
    engine: str, writable: Path, logs: Path
) -> None:
    database = writable / "clip_search.db"
    execute(engine, database, *BUILT)
    with read_only(writable):
        for arguments in (["load", logs], ["run"], ["unload", logs]):
            told = command(database, *arguments)
            assert (told.exit_code, told.stdout) == (1, "")
            remedy = check_error(told.stderr, f"the file is read-only: {database}")
            assert "export CLIP_SEARCH_DATABASE=" in remedy
        assert command(database, "status").exit_code == 0
        making = started(database, "make", "run")
        check_error(making.communicate()[1], f"the file is read-only: {database}")
        assert making.returncode != 0


def test_a_read_only_folder_is_named(engine: str, writable: Path, logs: Path) -> None:
    with read_only(writable):
        for arguments in (["load", logs], ["run"]):
            told = command(writable / "new.db", *arguments)
            assert (told.exit_code, told.stdout) == (1, "")
            check_error(told.stderr, f"the folder is read-only: {writable}")


@pytest.mark.parametrize("option", ["notebook", "report"])
def test_a_page_that_cannot_be_written_is_named(
    option: str, writable: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("clip_search.explore.report_commands.html_page", str)
    monkeypatch.setattr(
        "clip_search.explore.report_commands.run_notebook", lambda _: _empty_notebook()
    )
    with read_only(writable):
        told = command(tmp_path / "none.db", option, "--out", writable / "page")
    assert told.exit_code == 1
    check_error(told.stderr[told.stderr.index("error") :], str(writable))


def _empty_notebook() -> Any:
    from nbformat import v4

    return v4.new_notebook()


# The disk is full


def test_a_full_disk_stops_a_load_and_leaves_what_was_there(
    engine: str, place: Path, logs: Path, tmp_path: Path
) -> None:
    row = "s{:0200},jaws,2020-03-10T13:24:31Z,u1,3\n"
    many = tmp_path / "search_request_many.csv"
    # Texts that no engine can compress, five times the size of the disk.
    rows = (row.format(7919**57 * number % 10**199) for number in range(50_000))
    many.write_text(SEARCHES + "".join(rows))
    database = place / "clip_search.db"
    with mounted(place, "2m"):
        assert command(database, "load", logs).exit_code == 0
        told = command(database, "load", many)
        assert (told.exit_code, told.stdout) == (1, "")
        assert f"df -h {place}" in check_error(told.stderr, "full", str(database))
        loaded = command(database, "unload", tmp_path / "other.csv").stderr
    assert str(logs / "search_request.csv") in loaded
    assert str(many) not in loaded


# A disk that fills up in the middle of a build is in test_faults.py.
@pytest.mark.long
def test_a_full_disk_stops_a_run_with_one_error_and_no_escape_codes(
    place: Path,
    tmp_path: Path,
    prepared_warehouse: Warehouse,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("CLIP_SEARCH_TARGET", "sqlite")
    parsed = prepared_warehouse.copy(tmp_path / "prepared").target
    with mounted(place, "6m"):
        running = started(
            *(place / "clip_search.db", "make", "run"),
            DBT_TARGET_PATH=str(parsed),
            DBT_LOG_PATH=str(tmp_path),
            FORCE_COLOR="1",
            NO_COLOR="1",
        )
        printed, errors = running.communicate()
    assert running.returncode != 0
    assert "failed or skipped" in printed
    assert f"df -h {place}" in check_error(printed + errors, "full")
    assert "\x1b" not in printed + errors


@pytest.mark.parametrize("name", ["copy.db", "copy.duckdb"])
def test_a_full_disk_stops_a_copy_and_is_named_as_that_of_the_copy(
    name: str,
    place: Path,
    sample_warehouse: Warehouse,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("CLIP_SEARCH_TARGET", "sqlite")
    with mounted(place, "1m"):
        told = command(sample_warehouse.database, "share", place / name)
        assert (told.exit_code, told.stdout) == (1, "")
        check_error(told.stderr, "full", f"  file:    {place / name}")
        assert list(place.iterdir()) == []


# Another process is writing


LOCK = """
import sys
from importlib import import_module
engine, database, kind = sys.argv[1:]
connection = import_module({"sqlite": "sqlite3"}.get(engine, engine)).connect(database)
if engine == "sqlite":
    connection.isolation_level = None
    connection.execute(f"begin {kind}")
print("locked", flush=True)
sys.stdin.read()
"""


@contextmanager
def locked(
    engine: str, database: Path, kind: str = "exclusive"
) -> Iterator[Callable[[], None]]:
    """Another process writes to a database; yields a function that ends it."""
    other = subprocess.Popen(
        [sys.executable, "-c", LOCK, engine, str(database), kind],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert other.stdout is not None
    assert other.stdout.readline() == "locked\n"

    def end() -> None:
        other.communicate("")

    try:
        yield end
    finally:
        other.kill()
        other.communicate()


@pytest.fixture
def built(engine: str, place: Path) -> Path:
    database = place / "clip_search.db"
    execute(engine, database, *BUILT)
    return database


@pytest.mark.parametrize("arguments", READERS, ids=" ".join)
def test_a_reader_says_that_another_process_is_writing(
    engine: str, built: Path, arguments: list[str]
) -> None:
    with locked(engine, built):
        told = command(built, *arguments, CLIP_SEARCH_WAIT_SECONDS="1")
    assert (told.exit_code, told.stdout) == (1, "")
    remedy = check_error(told.stderr, "another process", str(built))
    assert remedy == "Wait until the other run has ended, then run this again."


def test_a_status_is_shown_while_another_process_prepares_to_write(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLIP_SEARCH_TARGET", "sqlite")
    database = tmp_path / "clip_search.db"
    execute("sqlite", database, *BUILT)
    with locked("sqlite", database, "immediate"):
        assert "Where every raw row ended" in command(database, "status").stdout


@pytest.mark.parametrize("arguments", WRITERS, ids=" ".join)
def test_a_writer_says_that_it_waits_and_then_why_it_gave_up(
    engine: str, built: Path, arguments: list[str], logs: Path
) -> None:
    with locked(engine, built):
        told = command(
            built,
            *(logs if argument == "LOGS" else argument for argument in arguments),
            CLIP_SEARCH_WAIT_SECONDS="1",
        )
    assert (told.exit_code, told.stdout) == (1, "")
    first, *rest = told.stderr.splitlines()
    waiting = f"waiting for another run to finish writing {built}, up to 1 s"
    assert first == waiting
    check_error("\n".join(rest), "another process", "did not end within 1 s")


def test_make_run_says_that_it_waits(engine: str, built: Path) -> None:
    with locked(engine, built):
        making = started(built, "make", "run", CLIP_SEARCH_WAIT_SECONDS="1")
        errors = making.communicate()[1]
    assert making.returncode != 0
    assert errors.startswith("waiting for another run to finish writing")
    check_error(errors, "did not end within 1 s")


def test_a_load_goes_on_when_the_other_process_ends(
    engine: str, place: Path, logs: Path
) -> None:
    database = place / "clip_search.db"
    execute(engine, database, "create table other (a int)")
    with locked(engine, database) as end_other:
        loading = started(database, "clip-search", "load", logs)
        assert loading.stderr is not None
        # The other process ends only after this line, so it came before the wait.
        assert loading.stderr.readline().startswith("waiting for another run")
        end_other()
        printed, _ = loading.communicate()
    assert loading.returncode == 0
    assert "1 rows, new" in printed


def test_the_dag_looks_again_while_another_process_is_writing(
    engine: str, built: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLIP_SEARCH_WAIT_SECONDS", "0.1")
    with locked(engine, built):
        assert not run_load_data(engine, built, wait=timedelta(hours=6))
        with pytest.raises(TransientFailure) as failed:
            run_load_data(engine, built, wait=timedelta(0))
    assert "another process" in failed.value.findings[0].problem
    assert run_load_data(engine, built, wait=timedelta(0))


KILLED = """
import os, signal, sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
# A small cache, so that the file changes before the commit.
connection.execute("pragma cache_size = 1")
connection.execute("begin immediate")
connection.execute("delete from log_ledger")
connection.execute("create table filler (a text)")
for number in range(1000):
    connection.execute("insert into filler values (?)", (str(number) * 1000,))
os.kill(os.getpid(), signal.SIGKILL)
"""


def left_by_a_killed_writer(folder: Path) -> Path:
    """A database, and the journal of a change that was not committed."""
    database = folder / "clip_search.db"
    execute("sqlite", database, *BUILT)
    killed = subprocess.run([sys.executable, "-c", KILLED, str(database)])
    assert killed.returncode == -signal.SIGKILL
    assert database.with_name("clip_search.db-journal").stat().st_size > 0
    return database


def test_a_status_undoes_what_a_killed_writer_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLIP_SEARCH_TARGET", "sqlite")
    database = left_by_a_killed_writer(tmp_path)
    told = command(database, "status", "--json")
    assert json.loads(told.stdout)["row_counts"]["search_request"]["raw"] == 10


def test_what_a_killed_writer_left_in_a_read_only_folder_is_explained(
    writable: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLIP_SEARCH_TARGET", "sqlite")
    database = left_by_a_killed_writer(writable)
    with read_only(writable):
        told = command(database, "status")
        assert (told.exit_code, told.stdout) == (1, "")
        remedy = check_error(told.stderr, "a process was killed while it wrote")
    assert remedy == "Run this once as a user who may write to both."
    assert command(database, "status").exit_code == 0


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_a_load_that_is_killed_stops_no_reader(
    number: signal.Signals, logs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLIP_SEARCH_TARGET", "sqlite")
    database = tmp_path / "clip_search.db"
    assert command(database, "load", logs).exit_code == 0
    journal = database.with_name("clip_search.db-journal")
    row = "s{0},jaws {0},2020-03-10T13:24:31Z,u1,3\n"
    with (logs / "search_request_more.csv").open("w") as file:
        file.write(SEARCHES)
        file.writelines(row.format(number) for number in range(300_000))
    loading = started(database, "clip-search", "load", logs)
    # The first pages are in the file, and the transaction goes on.
    while not (journal.exists() and database.stat().st_size > 3_000_000):
        assert loading.poll() is None
        time.sleep(0.01)
    loading.send_signal(number)
    loading.communicate()
    assert loading.returncode == -number
    assert journal.stat().st_size > 0
    with engines.reading(database) as connection:
        query = "select count(*) from landed_search_request"
        assert connection.execute(query).fetchone() == (1,)


# Other files in place of the database


def test_a_file_that_is_no_database_is_named(engine: str, place: Path) -> None:
    database = place / "clip_search.db"
    database.write_text("this is a letter, not a database\n" * 100)
    for arguments in (["status"], ["run"], ["enrich", "jaws"], ["report"]):
        told = command(database, *arguments)
        assert (told.exit_code, told.stdout) == (1, "")
        remedy = check_error(told.stderr, "not a database", str(database))
        assert "CLIP_SEARCH_TARGET" in remedy


EXPORT = ["export", "lookup-csv", "--out", "LOGS/a.csv"]
COMMANDS = [*READERS, *WRITERS, ["share", "LOGS/copy.db"], EXPORT]


def check_all_commands(database: Path, logs: Path, *parts: str) -> str:
    """Checks that each command ends with the same error; returns its remedy."""
    remedies = set()
    for arguments in COMMANDS:
        typed = [argument.replace("LOGS", str(logs)) for argument in arguments]
        told = command(database, *typed)
        assert (told.exit_code, told.stdout) == (1, ""), told.output
        remedies.add(check_error(told.stderr, *parts))
    (remedy,) = remedies
    return remedy


def test_a_folder_in_place_of_a_database_is_named(
    engine: str, place: Path, logs: Path
) -> None:
    remedy = check_all_commands(
        place, logs, "the path of the database is a folder", str(place)
    )
    assert f"export CLIP_SEARCH_DATABASE={place}/clip_search.db" in remedy
    assert list(place.iterdir()) == []


def test_a_file_in_place_of_sparks_folder_is_named(
    place: Path, logs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLIP_SEARCH_TARGET", "spark")
    file = place / "clip_search.db"
    execute("sqlite", file, *BUILT)
    assert "CLIP_SEARCH_TARGET" in check_all_commands(
        file, logs, "the path of the database is a file; Spark needs a folder"
    )


@pytest.mark.parametrize("is_there", [True, False])
def test_a_database_whose_path_is_not_utf8_is_named(
    engine: str, place: Path, logs: Path, *, is_there: bool
) -> None:
    folder = Path(os.fsdecode(os.fsencode(place) + b"/caf\xe9"))
    folder.mkdir()
    database = folder / "clip_search.db"
    if is_there:
        database.touch()
    remedy = check_all_commands(
        database, logs, "the path of the database is not UTF-8", r"caf\xe9/clip_search"
    )
    assert "export CLIP_SEARCH_DATABASE=" in remedy


@pytest.mark.parametrize(
    "name", ["CLIP_SEARCH_CACHE", "DBT_TARGET_PATH", "DBT_LOG_PATH"]
)
def test_a_folder_for_dbt_that_is_not_utf8_is_named(name: str, place: Path) -> None:
    for arguments in (["run"], ["status"], ["failures"]):
        told = command(
            place / "a.db", *arguments, **{name: os.fsdecode(bytes(place) + b"/\xe9")}
        )
        assert (told.exit_code, told.stdout) == (1, "")
        check_error(told.stderr, f"the path in {name} is not UTF-8", r"/\xe9")


def test_a_copy_for_duckdb_whose_path_is_not_utf8_is_named(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLIP_SEARCH_TARGET", "sqlite")
    database = place / "clip_search.db"
    execute("sqlite", database, *BUILT)
    told = command(database, "share", os.fsdecode(bytes(place) + b"/\xe9.duckdb"))
    assert (told.exit_code, told.stdout) == (1, "")
    check_error(told.stderr, "the path of the file is not UTF-8", r"/\xe9.duckdb")


def test_an_error_in_sql_is_not_taken_for_one_of_the_file(tmp_path: Path) -> None:
    for message in ("no such table: locked", "Binder Error: no column full"):
        assert known_error(message, tmp_path) is None


# Python is too old


def fake_python(folder: Path, name: str, told: str) -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text(f"#!/bin/sh\necho 'Python {told}'\n")
    path.chmod(0o755)
    return path


@pytest.mark.parametrize("name", ["python3", "/no/such/python"])
def test_an_old_python_is_an_error_before_anything_is_installed(
    name: str, tmp_path: Path
) -> None:
    project = tmp_path / "project"
    project.mkdir()
    shutil.copytree(ROOT / ".ci", project / ".ci")
    for part in ("Makefile", "pyproject.toml", "uv.lock"):
        shutil.copy(ROOT / part, project)
    before = sorted(project.iterdir())
    programs = tmp_path / "bin"
    fake_python(programs, "python3", "3.9.18")
    fake_python(programs, "python3.12", "3.12.4")
    made = subprocess.run(
        ["make", "run", f"PYTHON={name}"],
        cwd=project,
        env={"PATH": f"{programs}:/usr/bin:/bin"},
        capture_output=True,
        text=True,
    )
    assert made.returncode != 0
    assert made.stdout == ""
    found = "3.9" if name == "python3" else "/no/such/python"
    remedy = check_error(made.stderr, found, "3.11, 3.12 or 3.13")
    assert remedy == "Use another one: make run PYTHON=python3.12"
    assert sorted(project.iterdir()) == before


@pytest.mark.parametrize("minor", range(8, 16))
def test_make_accepts_the_versions_that_the_package_accepts(
    minor: int, tmp_path: Path
) -> None:
    with (ROOT / "pyproject.toml").open("rb") as file:
        required = tomllib.load(file)["project"]["requires-python"]
    python = fake_python(tmp_path, "python", f"3.{minor}.1")
    checked = subprocess.run([ROOT / ".ci" / "check-python", python])
    assert (checked.returncode == 0) == (f"3.{minor}.1" in SpecifierSet(required))


# Remedies name commands that work as printed


def test_no_message_names_a_program_that_make_does_not_put_on_the_path() -> None:
    naming = [
        path.relative_to(ROOT).as_posix()
        for package in ("clip_search", "lab")
        for path in (ROOT / package).rglob("*.py")
        if re.search(r"\buv (sync|pip|run|add)\b", path.read_text("utf-8"))
    ]
    assert naming == []


def test_a_missing_extra_is_installed_by_the_command_in_its_remedy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    assert MissingExtraError("numpy", "evaluate").remedy == "Install it: make setup"
    monkeypatch.chdir(tmp_path)
    remedy = MissingExtraError("numpy", "evaluate").remedy
    making = shlex.split(remedy.removeprefix("Install it: "))
    assert making == ["make", "-C", str(ROOT), "setup"]
    subprocess.run([*making, "--dry-run"], check=True, capture_output=True)
    # An installed package has the dbt project inside.
    monkeypatch.setattr(project, "_PACKAGED", project.PROJECT_ROOT)
    assert MissingExtraError("numpy", "evaluate").remedy == (
        f"Install it: {sys.executable} -m pip install 'clip-search[evaluate]'"
    )


def test_an_engine_that_is_not_installed_is_one_clear_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLIP_SEARCH_TARGET", "duckdb")
    monkeypatch.delitem(sys.modules, "clip_search.engines.duckdb", raising=False)
    monkeypatch.setitem(sys.modules, "duckdb", None)
    told = command(tmp_path / "clip_search.db", "status")
    assert told.exit_code == 1
    assert "setup" in check_error(told.stderr, "duckdb is not installed")


def test_the_command_is_printed_as_it_can_be_typed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(ROOT)
    programs = Path(sys.executable).parent
    monkeypatch.setenv("PATH", f"{programs}:/usr/bin:/bin")
    assert typed_command() == "clip-search"
    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    assert typed_command() != "clip-search"
    told = subprocess.run(
        [*shlex.split(typed_command()), "--version"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout == f"clip-search {version('clip-search')}\n"


# JSON for programs


def test_the_version_is_one_line(tmp_path: Path) -> None:
    told = command(tmp_path / "none.db", "--version")
    assert told.exit_code == 0
    assert re.fullmatch(r"clip-search \d+\.\d+\.\d+\n", told.stdout)


def test_a_status_as_json(engine: str, built: Path) -> None:
    told = command(built, "status", "--json")
    assert told.exit_code == 0, told.output
    assert json.loads(told.stdout) == {
        "database": str(built),
        "row_counts": {
            "search_request": {
                "raw": 10,
                "clean": 7,
                "folded": 1,
                "waiting": 0,
                "rejected": 2,
                "rejected_as": {"invalid_total": 2},
            },
            "search_result_interaction": {
                "raw": 4,
                "clean": 4,
                "folded": 0,
                "waiting": 0,
                "rejected": 0,
                "rejected_as": {},
            },
        },
        "disputed_search_count": 1,
        "automated_search_count": 2,
        "automated_user_count": 1,
        "loads": None,
    }


def test_a_status_has_what_was_shown_only_where_it_was_logged(
    engine: str, built: Path
) -> None:
    without = command(built, "status", COLUMNS="120").stdout
    assert "shown results" not in without
    execute(
        engine,
        built,
        "insert into log_ledger values"
        " ('search_result_shown', 'raw', null, 8),"
        " ('search_result_shown', 'clean', null, 6),"
        " ('search_result_shown', 'rejected', 'orphan_impression', 2)",
    )
    told = json.loads(command(built, "status", "--json").stdout)
    assert told["row_counts"]["search_result_shown"] == {
        "raw": 8,
        "clean": 6,
        "folded": 0,
        "waiting": 0,
        "rejected": 2,
        "rejected_as": {"orphan_impression": 2},
    }
    lines = command(built, "status", COLUMNS="120").stdout.splitlines()
    cells = {
        line.split("│")[0].strip(): [cell.strip() for cell in line.split("│")[1:]]
        for line in lines
        if "│" in line
    }
    assert "shown results" in lines[0]
    assert cells["clean"] == ["7", "70.00", "4", "100.00", "6", "75.00"]
    assert cells["orphan_impression"] == ["", "", "", "", "2", "25.00"]


def test_a_status_as_json_has_the_loads(engine: str, built: Path) -> None:
    execute(
        engine,
        built,
        "insert into load_record values"
        " ('search_request', 1, 8, '2020-03-11T00:00:00.000Z', null, 1, 'a.csv'),"
        " ('search_request', 2, 2, '2020-03-12T00:00:00.000Z', null, 2, 'b.csv')",
        "create table import_record (load_id int, left_out_count int)",
        "insert into import_record values (2, 31), (3, 7)",
        "insert into built_file values"
        " ('search_request', 1, 'log_ledger'), ('search_request', 3, 'log_ledger')",
    )
    assert json.loads(command(built, "status", "--json").stdout)["loads"] == {
        "load_count": 2,
        "last_loaded_at": "2020-03-12T00:00:00.000Z",
        "loaded_file_count": 2,
        "pending_file_count": 1,
        "pending_row_count": 2,
        "leaving_file_count": 1,
        "click_count": 4,
        "late_click_count": 1,
        "late_request_count": 0,
        "waiting_click_count": 1234,
        "recent_orphan_count": 0,
        "left_out_count": 31,
    }


@pytest.fixture
def rewritten(engine: str, place: Path) -> Path:
    """A database with one rewrite, to a hostile text."""
    database = place / "clip_search.db"
    execute(
        engine,
        database,
        "create table query_frequency (query_text text, user_count int)",
        "insert into query_frequency values ('musicvideo', 2), ('jaws', 1)",
        "create table query_rewrite (query_text text, rewritten_text text,"
        " via_text text, tier text, rule text, score double, is_publishable int,"
        " search_count int, user_count int, zero_result_count int,"
        " rewritten_user_count int, rewritten_clicked_search_count int,"
        " retried_user_count int, shared_clip_count int, supporting_search_ids text)",
        f"insert into query_rewrite values ('musicvideo', '{HOSTILE}', null, 'auto',"
        " 'run_together', 0.5, 1, 3, 2, 1, 9, 6, 4, 5, 's1 s2')",
    )
    return database


def test_a_rewrite_as_json(rewritten: Path) -> None:
    told = command(rewritten, "enrich", "--json", "MusicVideo")
    assert told.exit_code == 0, told.output
    check_harmless(told.stdout)
    assert json.loads(told.stdout) == {
        "query_text": "musicvideo",
        "user_count": 2,
        "rewrite": {
            "query_text": "musicvideo",
            "rewritten_text": HOSTILE,
            "via_text": None,
            "tier": "auto",
            "rule": "run_together",
            "score": 0.5,
            "is_publishable": True,
            "search_count": 3,
            "user_count": 2,
            "zero_result_count": 1,
            "rewritten_user_count": 9,
            "rewritten_clicked_search_count": 6,
            "retried_user_count": 4,
            "shared_clip_count": 5,
            "supporting_search_ids": "s1 s2",
        },
    }
    without = command(rewritten, "enrich", "--json", "jaws")
    assert json.loads(without.stdout) == {
        "query_text": "jaws",
        "user_count": 1,
        "rewrite": None,
    }


def check_harmless(printed: str) -> None:
    """Checks that a document contains nothing that a terminal obeys."""
    assert printed.isascii()
    assert all(character.isprintable() for character in printed.replace("\n", ""))


def test_failures_as_json(place: Path) -> None:
    results = [
        {"unique_id": "model.a.good", "status": "success", "message": None},
        {"unique_id": "model.a.bad", "status": "error", "message": HOSTILE},
    ]
    node = {
        "name": "bad",
        "resource_type": "model",
        "original_file_path": "models/bad.sql",
    }
    (place / "run_results.json").write_text(json.dumps({"results": results}))
    (place / "manifest.json").write_text(json.dumps({"nodes": {"model.a.bad": node}}))
    told = command(place / "a.db", "failures", "--json", DBT_TARGET_PATH=str(place))
    check_harmless(told.stdout)
    (finding,) = json.loads(told.stdout)["findings"]
    assert finding.pop("remedy").startswith("The table keeps the rows of the last good")
    assert finding == {
        "severity": "failure",
        "name": "bad",
        "problem": HOSTILE,
        "place": "models/bad.sql",
        "model": "bad",
        "rule": None,
        "row_count": None,
        "examples": [],
        "is_transient": False,
    }


@pytest.mark.parametrize("kind", ["a folder", "another engine's file"])
def test_a_warehouse_of_another_engine_gives_no_example_rows(
    kind: str, place: Path
) -> None:
    database = place / "warehouse"
    if kind == "a folder":
        database.mkdir()
    else:
        execute("duckdb", database, *BUILT)
    row = {"search_id": "s1"}
    assert examples.Warehouse(database).matching_rows("log_ledger", row) == []


def test_no_failures_as_json(place: Path) -> None:
    told = command(place / "a.db", "failures", "--json", DBT_TARGET_PATH=str(place))
    assert (told.exit_code, json.loads(told.stdout)) == (0, {"findings": []})


def test_parity_as_json(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def build(engine: str, folder: Path, *_: object) -> Path:
        database = place / f"{engine}.db"
        text = "jaws" if engine == "sqlite" else HOSTILE
        execute(
            engine,
            database,
            "create table same (a text)",
            "insert into same values ('x'), ('x')",
            "create table other (a text)",
            f"insert into other values ('{text}')",
        )
        return database

    monkeypatch.setattr(parity_command, "build_on", build)
    monkeypatch.setattr(parity_command, "TABLES", ("same", "other"))
    told = command(place / "a.db", "parity", "--json", "--engines", "sqlite,duckdb")
    assert told.exit_code == 1
    check_harmless(told.stdout)
    document = json.loads(told.stdout)
    assert (document["is_equal"], document["reference"]) == (False, "sqlite")
    same, other = document["tables"]
    row = int.from_bytes(hashlib.sha256(b'["x"]').digest(), "big")
    assert same["sha256_sum"] == f"{2 * row % 2**256:064x}"
    assert (same["name"], same["row_count"], same["differences"]) == ("same", 2, {})
    assert other["differences"] == {
        "duckdb": {
            "only_on_reference": ['["jaws"]'],
            "only_on_engine": [json.dumps([HOSTILE], ensure_ascii=False)],
        }
    }


@pytest.mark.parametrize("name", ["status", "enrich", "failures", "parity"])
def test_the_help_of_a_command_describes_its_document(
    name: str, tmp_path: Path
) -> None:
    told = command(tmp_path / "none.db", name, "--help", COLUMNS="200").stdout
    keys = {
        "status": ("row_counts", "rejected_as", "loads"),
        "enrich": ("query_text", "user_count", "rewrite"),
        "failures": ("findings", "severity", "remedy", "is_transient"),
        "parity": ("is_equal", "reference", "sha256_sum", "differences"),
    }
    for key in ("--json", *keys[name]):
        assert key in told


# Terminals without colors


def printed_by(database: Path, *arguments: object, **environment: str) -> str:
    running = started(
        database,
        *("clip-search", *arguments),
        DBT_TARGET_PATH=str(database.parent),
        TERM="xterm",
        **environment,
    )
    printed = "".join(running.communicate())
    assert running.returncode == 0, printed
    return printed


@pytest.mark.parametrize(
    "arguments",
    [
        ["status"],
        ["load", "LOGS"],
        pytest.param(["notebook"], marks=pytest.mark.long),
        pytest.param(
            ["simulate", "--requests", "40", "--out", "OUT"], marks=pytest.mark.slow
        ),
    ],
    ids=lambda arguments: arguments[0],
)
def test_no_escape_codes_without_a_terminal_or_with_no_color(
    arguments: list[str], tmp_path: Path, logs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLIP_SEARCH_TARGET", "sqlite")
    database = tmp_path / "clip_search.db"
    if arguments == ["status"]:
        execute("sqlite", database, *BUILT)
    named = {"LOGS": logs, "OUT": tmp_path / "out"}
    typed = [named.get(argument, argument) for argument in arguments]
    assert "\x1b" not in printed_by(database, *typed)
    plain = printed_by(database, *typed, FORCE_COLOR="1", NO_COLOR="1")
    assert "\x1b" not in plain
    # With colors forced and allowed, the same check would fail.
    assert "\x1b" in printed_by(database, *typed, FORCE_COLOR="1")
