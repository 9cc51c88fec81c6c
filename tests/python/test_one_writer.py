"""One process writes to a warehouse at a time, for its whole run, and others wait."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from conftest import ROOT, NewWarehouse
from dbt_common.exceptions import DbtRuntimeError
from typer.testing import CliRunner

from clip_search.cli import app
from clip_search.engines.one_writer import lock_path
from lab.warehouse import Warehouse

HEADER = "search_id,search_query,ts,cuid,total"
SEARCHES = (
    "s1,jaws,2020-03-10T13:24:31Z,u1,3",
    "s2,short film,2020-03-10T13:25:31Z,u2,12",
)
# A second log has the repeat of a search of the first one, and a search of its own.
MORE_SEARCHES = (
    "s2,short film,2020-03-10T13:25:32Z,u2,14",
    "s3,alien,2020-03-11T08:00:00Z,u3,x",
)
# Writes to a warehouse until its input ends.
HOLDER = """
import sys
from pathlib import Path
from clip_search.engines import writing
sys.argv[0] = "/usr/bin/holder"
with writing(Path(sys.argv[2]), print):
    print("writing", flush=True)
    sys.stdin.read()
"""
HOLDER_NAMED = r"\(holder run, process {}, since 20\d\d-\d\d-\d\d \d\d:\d\d:\d\d UTC\)"


@pytest.fixture(scope="module")
def logs(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Two folders of logs."""
    folders = []
    for rows in (SEARCHES, MORE_SEARCHES):
        folder = tmp_path_factory.mktemp("logs")
        (folder / "search_request.csv").write_text("\n".join([HEADER, *rows, ""]))
        folders.append(folder)
    return folders


@contextmanager
def held(database: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that writes to a warehouse, as a run does."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, "run", str(database)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "writing\n"
        try:
            yield holder
        finally:
            holder.kill()


def run_together(
    new: Warehouse, logs: list[Path]
) -> list[subprocess.CompletedProcess[str]]:
    """Starts `make run` at the same time for each folder of logs; waits for all.

    Their umask is 0, so that what they write is private only because they see to it.
    """
    running = [
        subprocess.Popen(
            ["make", "run", f"LOGS={folder}"],
            cwd=ROOT,
            env={**new.environment, "CLIP_SEARCH_WAIT_SECONDS": "600"},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            umask=0,
        )
        for folder in logs
    ]
    return [
        subprocess.CompletedProcess(one.args, one.wait(), *said)
        for one, said in [(one, one.communicate()) for one in running]
    ]


def check_pair(new: Warehouse, logs: list[Path], at_once: Warehouse) -> None:
    """Checks that both runs of a pair ended well, and what they left."""
    ended = run_together(new, logs)
    for run in ended:
        assert run.returncode == 0, run.stdout + run.stderr
    for file in ("", ".lock"):
        written = new.database.with_name(f"{new.database.name}{file}")
        assert written.stat().st_mode & 0o077 == 0
    waited = [
        run.stderr
        for run in ended
        if run.stderr.startswith("waiting for another run (clip-search run, process ")
    ]
    assert len(waited) == 1, ended
    # Which one was first decides about file ids, and about nothing else.
    assert new.results() == at_once.results()


@pytest.fixture(scope="module")
def at_once(new_warehouse: NewWarehouse, logs: list[Path]) -> Warehouse:
    """A warehouse with both logs, after one build."""
    warehouse = new_warehouse("at_once")
    warehouse.load(*logs)
    warehouse.build_clean_layer()
    return warehouse


@pytest.mark.long
def test_two_runs_on_a_new_database_take_turns(
    logs: list[Path], at_once: Warehouse, new_warehouse: NewWarehouse, tmp_path: Path
) -> None:
    # dbt has parsed the project already.
    target = new_warehouse("parsed").target
    check_pair(Warehouse(tmp_path / "clip_search.db", target), logs, at_once)


@pytest.mark.long
def test_twenty_pairs_of_runs_take_turns(
    logs: list[Path], at_once: Warehouse, tmp_path: Path
) -> None:
    """Forty runs: seven minutes."""
    for number in range(20):
        folder = tmp_path / str(number)
        folder.mkdir()
        check_pair(Warehouse(folder / "clip_search.db"), logs, at_once)


@pytest.mark.parametrize(
    ("engine", "command"),
    [
        *(("sqlite", command) for command in ("load", "run", "unload")),
        *(("duckdb", "run"), ("spark", "load")),
    ],
)
def test_a_writer_waits_for_the_run_of_another_and_names_it(
    engine: str, command: str, logs: list[Path], tmp_path: Path
) -> None:
    database = tmp_path / "warehouse"
    if command == "unload":
        database.touch()
    with held(database) as holder:
        told = CliRunner().invoke(
            app,
            [command, str(logs[0])],
            env={
                "CLIP_SEARCH_DATABASE": str(database),
                "CLIP_SEARCH_TARGET": engine,
                "CLIP_SEARCH_WAIT_SECONDS": "0.7",
            },
        )
    assert (told.exit_code, told.stdout) == (1, "")
    named = HOLDER_NAMED.format(holder.pid)
    first, *error = told.stderr.splitlines()
    assert re.fullmatch(
        f"waiting for another run {named} to finish writing {database}, up to 0.7 s",
        first,
    )
    problem = f"another process is writing to the database {named}, and did not end"
    assert re.search(problem, "\n".join(error))
    assert "export CLIP_SEARCH_WAIT_SECONDS=600" in error[-1]


def test_dbt_itself_waits_as_well_if_it_writes(
    new_warehouse: NewWarehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLIP_SEARCH_TARGET", "sqlite")
    monkeypatch.setenv("CLIP_SEARCH_WAIT_SECONDS", "0.7")
    warehouse = new_warehouse("dbt")
    with held(warehouse.database):
        with pytest.raises(DbtRuntimeError, match=r"database is locked: .*holder run"):
            warehouse.dbt("seed", "--select", "reject_rule")
        # What only reads does not wait.
        warehouse.dbt("compile", "--select", "log_day")
    warehouse.dbt("seed", "--select", "reject_rule")
    # The process that ran dbt writes no longer.
    with held(warehouse.database):
        pass


def test_a_writer_that_is_killed_holds_nobody_up(tmp_path: Path) -> None:
    database = tmp_path / "clip_search.db"
    with held(database) as holder:
        os.kill(holder.pid, signal.SIGKILL)
        holder.wait()
        # What it wrote about itself is still there.
        assert "holder run" in lock_path(database).read_text()
        with held(database) as other:
            assert f"process {other.pid}," in lock_path(database).read_text()


def test_whoever_may_write_to_the_warehouse_may_lock_it(tmp_path: Path) -> None:
    shared, private = tmp_path / "shared.db", tmp_path / "private.db"
    shared.touch()
    shared.chmod(0o660)
    for database, mode in ((shared, 0o660), (private, 0o600)):
        with held(database):
            assert lock_path(database).stat().st_mode & 0o777 == mode


def test_a_lock_file_that_leads_elsewhere_is_not_followed(
    logs: list[Path], tmp_path: Path
) -> None:
    database, target = tmp_path / "clip_search.db", tmp_path / "somebody's file"
    target.write_text("kept")
    lock_path(database).symlink_to(target)
    told = Warehouse(database).run("clip-search", "load", str(logs[0]))
    assert told.returncode == 1
    assert str(lock_path(database)) in told.stderr
    assert target.read_text() == "kept"
