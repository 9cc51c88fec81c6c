"""Loading and unloading: which files are found, and what is in the warehouse then."""

import gzip
import hashlib
import itertools
import os
import random
import re
import resource
import signal
import sqlite3
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from clip_search.cli import app
from clip_search.load import LoadError, LoadReport, load, unload
from clip_search.load.load_progress import Silent

REQUESTS, CLICKS = "search_request", "search_result_interaction"
HEADERS = {
    REQUESTS: "search_id,search_query,ts,cuid,total",
    CLICKS: "search_id,ts,cid,position",
}
Rows = list[tuple[int | str | None, ...]]


def csv_text(log: str, *search_ids: str) -> str:
    """A log with a row for each id."""
    header = HEADERS[log]
    rest = "," * header.count(",")
    return "\n".join([header, *(search_id + rest for search_id in search_ids), ""])


def write(path: Path, *search_ids: str) -> Path:
    """A CSV file of the log in its name, compressed if the name ends in .gz."""
    log = REQUESTS if path.name.startswith(REQUESTS) else CLICKS
    data = csv_text(log, *search_ids).encode()
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(gzip.compress(data) if path.suffix == ".gz" else data)
    return path


def query(database: Path, sql: str) -> Rows:
    connection = sqlite3.connect(database)
    rows = connection.execute(sql).fetchall()
    connection.close()
    return rows


def landed_ids(database: Path, log: str = REQUESTS) -> list[str]:
    """All landed search_ids, sorted."""
    rows = query(database, f"select search_id from landed_{log} order by 1")
    return [str(row[0]) for row in rows]


def everything(database: Path) -> list[Rows]:
    """The whole content of the landing tables, except for times of loading."""
    return [
        query(database, f"select * from landed_{REQUESTS} order by 1, 2"),
        query(database, f"select * from landed_{CLICKS} order by 1, 2"),
        query(
            database,
            """
            select load_id, log, file_path, checksum, file_id, row_count,
                loaded_at is null, unloaded_at is null
            from load_record order by 1
            """,
        ),
    ]


def outcomes(report: LoadReport) -> dict[str, str]:
    return {Path(file.path).name: file.outcome for file in report.files}


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "warehouse.db"


@pytest.fixture
def logs(tmp_path: Path) -> Path:
    return tmp_path / "logs"


# Which files are found


def test_a_folder_gives_its_log_files_of_every_ending_and_nothing_else(
    logs: Path, database: Path
) -> None:
    write(logs / "search_request.csv", "a")
    write(logs / "search_request_2020-03.csv.gz", "b")
    write(logs / "search_result_interaction-7.csv", "c")
    (logs / "search_requests.jsonl").write_text(
        '{"search_id":"d","search_query":"","ts":"","cuid":"","total":""}\n'
    )
    write(logs / "my_search_request.csv", "no")
    write(logs / "film.csv", "no")
    (logs / "inner").mkdir()
    write(logs / "inner" / "search_request.csv", "e")
    report = load([logs], database)
    assert landed_ids(database) == ["a", "b", "d", "e"]
    assert landed_ids(database, CLICKS) == ["c"]
    assert [file.row_count for file in report.files] == [1, 1, 1, 1, 1]
    assert report.notes == ()


def test_files_and_folders_may_be_mixed_and_named_twice(
    logs: Path, database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = write(logs / "search_request_1.csv", "a")
    write(logs / "search_request_2.csv", "b")
    link = logs / "search_request_3.csv"
    link.symlink_to(one)
    monkeypatch.chdir(logs.parent)
    report = load([one, logs, Path("logs"), link], database)
    assert landed_ids(database) == ["a", "b"]
    assert [file.path for file in report.files] == [
        str(logs / "search_request_1.csv"),
        str(logs / "search_request_2.csv"),
    ]


def test_nothing_to_load_is_an_error_that_says_what_was_looked_for(
    logs: Path, database: Path
) -> None:
    logs.mkdir()
    with pytest.raises(LoadError) as caught:
        load([logs], database)
    for name in (
        REQUESTS,
        CLICKS,
        ".csv",
        ".csv.gz",
        ".jsonl",
        ".jsonl.gz",
        ".parquet",
    ):
        assert name in caught.value.problem
    assert caught.value.file == logs
    assert not database.exists()


def test_one_log_alone_loads_with_a_note(logs: Path, database: Path) -> None:
    write(logs / "search_request.csv", "a")
    (note,) = load([logs], database).notes
    assert CLICKS in note
    assert landed_ids(database) == ["a"]


def test_what_is_merely_named_like_a_log_is_noted(logs: Path, database: Path) -> None:
    write(logs / "search_request.csv", "a")
    write(logs / "search_result_interaction.csv", "a")
    (logs / "search_request.xlsx").touch()
    (logs / "search_request.parquet").mkdir()
    notes = load([logs], database).notes
    assert [re.findall(r"search_request\.\w+", note) for note in notes] == [
        ["search_request.parquet"],
        ["search_request.xlsx"],
    ]


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("absent", "no such file or folder"),
        ("search_request_absent.csv", "no such file or folder"),
        ("other.csv", "does not say which log"),
        ("search_request.txt", "does not say which log"),
        ("search_request_pipe.csv", "not a regular file"),
    ],
)
def test_a_path_that_is_no_log_file_is_an_error(
    logs: Path, database: Path, name: str, problem: str
) -> None:
    write(logs / "search_request.csv", "a")
    write(logs / "other.csv", "a")
    (logs / "search_request.txt").touch()
    os.mkfifo(logs / "search_request_pipe.csv")
    with pytest.raises(LoadError, match=problem):
        load([logs / "search_request.csv", logs / name], database)
    assert not database.exists()


def test_a_link_that_leads_nowhere_is_an_error(logs: Path, database: Path) -> None:
    write(logs / "search_request.csv", "a")
    (logs / "search_request_2.csv").symlink_to(logs / "gone.csv")
    with pytest.raises(LoadError, match="link to a file that does not exist"):
        load([logs], database)


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="needs Linux's /proc")
def test_a_file_that_cannot_be_read_is_an_error(logs: Path, database: Path) -> None:
    # The memory of a process starts with a hole: a regular file that cannot be read.
    logs.mkdir()
    (logs / "search_request.csv").symlink_to("/proc/self/mem")
    with pytest.raises(LoadError, match="cannot be read: Input/output error"):
        load([logs], database)


def test_a_file_name_of_any_bytes_is_loaded(logs: Path, database: Path) -> None:
    logs.mkdir()
    name = os.fsdecode(b"search_request_\xff\n.csv")
    write(logs / name, "a")
    load([logs], database)
    assert query(database, "select file_path from load_record") == [
        (f"{logs}/search_request_\\xff\n.csv",)
    ]
    assert len(unload(logs / name, database)) == 1


# What is in the warehouse


def test_a_load_records_its_files(logs: Path, database: Path) -> None:
    path = write(logs / "search_request.csv", "a", "b")
    path.write_text(path.read_text() + "ragged\n")
    load([logs], database)
    ((*record, loaded_at),) = query(
        database,
        """
        select load_id, log, file_path, checksum, file_id, row_count, unloaded_at,
            loaded_at
        from load_record
        """,
    )
    checksum = hashlib.sha256(path.read_bytes()).hexdigest()
    assert record == [1, REQUESTS, str(path), checksum, 1, 3, None]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", str(loaded_at))
    columns = f"file_id, line_number, {HEADERS[REQUESTS]}, malformed_line"
    assert query(
        database, f"select {columns} from landed_{REQUESTS} order by line_number"
    ) == [
        (1, 2, "a", "", "", "", "", None),
        (1, 3, "b", "", "", "", "", None),
        (1, 4, None, None, None, None, None, "ragged"),
    ]


@pytest.mark.parametrize("row_count", [0, 1, 49, 50, 51, 20_000])
def test_no_row_is_lost_on_the_way_into_the_database(
    logs: Path, database: Path, row_count: int
) -> None:
    ids = [f"{at:06}" for at in range(row_count)]
    write(logs / "search_request.csv", *ids)
    (report,) = load([logs], database).files
    assert report.row_count == row_count
    assert landed_ids(database) == ids


def test_loading_again_changes_nothing(logs: Path, database: Path) -> None:
    write(logs / "search_request.csv", "a")
    write(logs / "search_result_interaction.csv.gz", "a")
    load([logs], database)
    before = database.read_bytes()
    assert set(outcomes(load([logs], database)).values()) == {"unchanged"}
    assert database.read_bytes() == before


def test_loads_of_several_folders_add_up(tmp_path: Path, database: Path) -> None:
    for day in ("1", "2"):
        write(tmp_path / day / "search_request.csv", f"id{day}")
        load([tmp_path / day], database)
    assert landed_ids(database) == ["id1", "id2"]


def test_a_file_that_is_gone_stays_loaded(logs: Path, database: Path) -> None:
    write(logs / "search_request_1.csv", "a").rename(logs / "search_request_2.csv")
    load([logs], database)
    (logs / "search_request_2.csv").unlink()
    write(logs / "search_request_3.csv", "b")
    load([logs], database)
    assert landed_ids(database) == ["a", "b"]


def test_new_content_at_a_known_path_replaces_its_rows(
    logs: Path, database: Path
) -> None:
    write(logs / "search_request_1.csv", "a")
    write(logs / "search_request_2.csv", "b")
    load([logs], database)
    write(logs / "search_request_1.csv", "c", "d")
    assert outcomes(load([logs], database)) == {
        "search_request_1.csv": "replaced",
        "search_request_2.csv": "unchanged",
    }
    assert landed_ids(database) == ["b", "c", "d"]
    assert query(
        database,
        "select load_id, file_id, unloaded_at is null from load_record order by 1",
    ) == [(1, 1, 0), (2, 2, 1), (3, 3, 1)]


def test_the_same_content_is_landed_once_wherever_it_lies(
    logs: Path, tmp_path: Path, database: Path
) -> None:
    write(logs / "search_request.csv", "a")
    write(logs / "search_request.csv.gz", "a")
    first = load([logs], database)
    later = load([write(tmp_path / "copy" / "search_request_3.csv", "a")], database)
    assert [file.outcome for file in first.files] == ["new", "duplicate"]
    assert [file.row_count for file in first.files] == [1, 1]
    assert later.files[0].outcome == "duplicate"
    assert later.files[0].known_from == str(logs / "search_request.csv")
    assert landed_ids(database) == ["a"]
    assert query(
        database, "select load_id, file_id, row_count from load_record order by 1"
    ) == [(1, 1, 1), (2, 1, 1), (3, 1, 1)]


def test_each_day_may_have_an_empty_file_until_its_rows_come(
    tmp_path: Path, database: Path
) -> None:
    paths = [tmp_path / day / "search_request.csv" for day in ("1", "2", "3")]
    for path in paths:
        path.parent.mkdir()
        path.touch()
        (report,) = load([path], database).files
        assert str(report).startswith(f"{path}: 0 rows, ")
    assert query(database, "select load_id, row_count from load_record") == [
        (1, 0),
        (2, 0),
        (3, 0),
    ]
    # The others are copies of the first one.
    write(paths[0], "a")
    write(paths[2], "c")
    assert [file.outcome for file in load(paths, database).files] == [
        "replaced",
        "unchanged",
        "replaced",
    ]
    unload(paths[1], database)
    assert landed_ids(database) == ["a", "c"]


def test_the_same_content_in_both_logs_is_two_files(logs: Path, database: Path) -> None:
    header = "search_id,search_query,ts,cuid,total,cid,position\n"
    for log in (REQUESTS, CLICKS):
        write(logs / f"{log}.csv").write_text(header + "a,,,,,,\n")
    load([logs], database)
    assert landed_ids(database) == landed_ids(database, CLICKS) == ["a"]
    assert query(database, "select file_id from load_record order by 1") == [(1,), (2,)]


def test_rows_stay_while_another_path_holds_the_same_content(
    logs: Path, database: Path
) -> None:
    for name in ("1", "2", "3"):
        write(logs / f"search_request_{name}.csv", "a")
    load([logs], database)
    write(logs / "search_request_1.csv", "b")
    load([logs], database)
    assert landed_ids(database) == ["a", "b"]
    unload(logs / "search_request_2.csv", database)
    assert landed_ids(database) == ["a", "b"]
    unload(logs / "search_request_3.csv", database)
    assert landed_ids(database) == ["b"]


def test_files_that_exchange_their_content_keep_their_rows(
    logs: Path, database: Path
) -> None:
    one, two = logs / "search_request_1.csv", logs / "search_request_2.csv"
    write(one, "a")
    write(two, "b")
    load([logs], database)
    before = query(database, f"select * from landed_{REQUESTS} order by 1, 2")
    write(one, "b")
    write(two, "a")
    assert set(outcomes(load([logs], database)).values()) == {"replaced"}
    assert query(database, f"select * from landed_{REQUESTS} order by 1, 2") == before


def test_an_unloaded_file_can_be_loaded_again_under_new_ids(
    logs: Path, database: Path
) -> None:
    path = write(logs / "search_request.csv", "a")
    load([logs], database)
    (record,) = unload(path, database)
    assert record.file_path == str(path)
    assert landed_ids(database) == []
    load([logs], database)
    assert landed_ids(database) == ["a"]
    assert query(
        database,
        "select load_id, file_id, unloaded_at is null from load_record order by 1",
    ) == [(1, 1, 0), (2, 2, 1)]


def test_a_file_can_be_unloaded_after_it_is_gone(logs: Path, database: Path) -> None:
    path = write(logs / "search_request.csv", "a")
    load([logs], database)
    path.unlink()
    unload(path, database)
    assert landed_ids(database) == []


def test_unloading_what_is_not_loaded_lists_what_is(logs: Path, database: Path) -> None:
    path = logs / "search_request.csv"
    with pytest.raises(LoadError, match="nothing to unload"):
        unload(path, database)
    assert not database.exists()
    write(path, "a")
    load([logs], database)
    with pytest.raises(LoadError) as caught:
        unload(logs / "other.csv", database)
    assert str(path) in caught.value.remedy
    unload(path, database)
    with pytest.raises(LoadError, match="nothing to unload"):
        unload(path, database)


names = st.sampled_from([f"search_request_{at}.csv" for at in range(3)])
contents = st.sampled_from(["", "a", "b", "c"])
steps = st.one_of(
    st.tuples(st.just("load"), st.dictionaries(names, contents, min_size=1)),
    st.tuples(st.just("unload"), names),
)


@settings(max_examples=40, deadline=None)
@given(st.lists(steps, max_size=6), st.randoms(use_true_random=False))
def test_the_rows_are_those_of_the_files_loaded_whatever_came_before(
    history: list[tuple[str, dict[str, str] | str]], shuffler: random.Random
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        database, shuffled = root / "a.db", root / "b.db"
        loaded: dict[str, str] = {}
        for _, detail in history:
            if isinstance(detail, dict):
                loaded |= detail
                paths = [write(root / name, *text) for name, text in detail.items()]
                load(paths, database)
                shuffler.shuffle(paths)
                load(paths, shuffled)
            elif detail in loaded:
                del loaded[detail]
                unload(root / detail, database)
                unload(root / detail, shuffled)
        if not database.exists():
            return
        assert landed_ids(database) == sorted("".join(set(loaded.values())))
        assert everything(database) == everything(shuffled)
        current = query(
            database, "select file_path from load_record where unloaded_at is null"
        )
        assert Counter(current) == Counter((str(root / name),) for name in loaded)
        assert query(
            database,
            f"""
            select count(*) from (
                select distinct file_id from load_record
                where unloaded_at is null and row_count > 0
            ) where file_id not in (select file_id from landed_{REQUESTS})
            """,
        ) == [(0,)]


# All or nothing


class Interrupting(Silent):
    """Calls a function once, when a step begins."""

    def __init__(self, step: str, act: object) -> None:
        self._step, self._act = step, act

    def begin(self, step: str, total_bytes: int) -> None:
        assert callable(self._act)
        if step == self._step:
            self._act()


@pytest.mark.parametrize(
    "bad",
    [
        b"\n",
        b"a,b\n",
        b"search_id\na\n",
        b"\xff\xfe",
        csv_text(REQUESTS, "\xe9").encode("latin-1"),
    ],
)
def test_one_bad_file_leaves_the_database_as_it_was(
    logs: Path, database: Path, bad: bytes
) -> None:
    write(logs / "search_request_1.csv", "a")
    load([logs], database)
    before = everything(database)
    write(logs / "search_request_1.csv", "b")
    write(logs / "search_request_2.csv", "c")
    (logs / "search_request_3.csv").write_bytes(bad)
    with pytest.raises(LoadError) as caught:
        load([logs], database)
    assert caught.value.file.name == "search_request_3.csv"
    assert everything(database) == before


@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
def test_a_file_that_changes_while_it_is_loaded_is_an_error(
    logs: Path, database: Path, suffix: str
) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    arrow = pytest.importorskip("pyarrow")
    path = logs / f"search_request{suffix}"
    logs.mkdir()

    def rewrite(search_id: str) -> None:
        if suffix == ".csv":
            write(path, search_id)
        else:
            columns = {name: [search_id] for name in HEADERS[REQUESTS].split(",")}
            parquet.write_table(arrow.table(columns), path)

    rewrite("a")
    interrupting = Interrupting("Loading rows", lambda: rewrite("b"))
    with pytest.raises(LoadError, match="changed while it was being loaded"):
        load([logs], database, interrupting)
    load([logs], database)
    assert landed_ids(database) == ["b"]


COMMAND = "from clip_search.cli import app; app()"

KILLED = """
import os, signal, sys
from pathlib import Path
from clip_search.load import load
from clip_search.load.load_progress import Silent

class Killing(Silent):
    step = ""
    done = 0

    def begin(self, step, total_bytes):
        self.step, self.total = step, total_bytes

    def advance(self, byte_count):
        self.done += byte_count * (self.step == "Loading rows")
        if self.done > self.total / 2:
            os.kill(os.getpid(), signal.SIGKILL)

load([Path(sys.argv[1])], Path(sys.argv[2]), Killing())
"""


def test_a_load_killed_half_way_leaves_the_state_before_it(
    logs: Path, database: Path
) -> None:
    write(logs / "search_request_1.csv", "a")
    load([logs], database)
    before = everything(database)
    write(logs / "search_request_1.csv", "b")
    ids = [f"{at:050}" for at in range(100_000)]
    write(logs / "search_request_2.csv", *ids)
    command = [sys.executable, "-c", KILLED, str(logs), str(database)]
    assert subprocess.run(command, check=False).returncode == -signal.SIGKILL
    # More was written than fits into the cache, so that something had to be undone.
    assert database.stat().st_size > 1_000_000
    assert everything(database) == before
    load([logs], database)
    assert landed_ids(database) == [*ids, "b"]


def test_a_disk_without_space_is_a_clear_error(logs: Path, database: Path) -> None:
    write(logs / "search_request_1.csv", "a")
    load([logs], database)
    before = everything(database)
    write(logs / "search_request_2.csv", *[f"{at:050}" for at in range(50_000)])
    limit = 1_000_000

    def limit_file_size() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    done = subprocess.run(
        [sys.executable, "-c", COMMAND, "load", str(logs)],
        env={**os.environ, "CLIP_SEARCH_DATABASE": str(database)},
        preexec_fn=limit_file_size,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert f"file:    {database}" in done.stderr
    assert "space" in done.stderr
    assert "Traceback" not in done.stderr
    assert everything(database) == before


# A database that cannot be written


def test_a_busy_database_is_waited_for_and_then_named(
    logs: Path, database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(logs / "search_request.csv", "a")
    monkeypatch.setenv("CLIP_SEARCH_WAIT_SECONDS", "0.05")
    other = sqlite3.connect(database, isolation_level=None)
    other.execute("begin immediate")
    with pytest.raises(
        LoadError, match=r"another process is writing.* 0\.05 s"
    ) as caught:
        load([logs], database)
    assert caught.value.file == database
    other.close()
    load([logs], database)
    assert landed_ids(database) == ["a"]


def test_a_file_that_is_no_database_is_a_clear_error(
    logs: Path, database: Path
) -> None:
    write(logs / "search_request.csv", "a")
    database.write_text("this is a letter, not a database\n" * 100)
    with pytest.raises(LoadError, match="not a database"):
        load([logs], database)


def test_a_folder_that_does_not_exist_is_a_clear_error(
    logs: Path, tmp_path: Path
) -> None:
    write(logs / "search_request.csv", "a")
    folder = tmp_path / "new" / "folder"
    with pytest.raises(LoadError, match="does not exist") as caught:
        load([logs], folder / "a.db")
    assert caught.value.remedy == f"Create it: mkdir -p {folder}"
    assert not folder.parent.exists()


@pytest.mark.parametrize("place", [".", "logs/search_request.csv/a.db"])
def test_a_place_where_no_database_can_be_is_a_clear_error(
    logs: Path, tmp_path: Path, place: str
) -> None:
    write(logs / "search_request.csv", "a")
    with pytest.raises(LoadError) as caught:
        load([logs], tmp_path / place)
    assert caught.value.file == tmp_path / place


@pytest.mark.parametrize(
    "name", ["main.db", "temp.db", "SYSTEM", "main.2020.duckdb", "it's.db", 'a"b.db']
)
def test_a_name_that_duckdb_cannot_use_is_refused_at_once(
    logs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    write(logs / "search_request.csv", "a")
    monkeypatch.setenv("CLIP_SEARCH_TARGET", "duckdb")
    with pytest.raises(LoadError, match="DuckDB") as caught:
        load([logs], tmp_path / name)
    assert caught.value.file == tmp_path / name
    assert f"CLIP_SEARCH_DATABASE={tmp_path}/clip_search" in caught.value.remedy
    assert not (tmp_path / name).exists()


@pytest.mark.parametrize(
    "name", ["main.db", "temp.db", "system.db", "it's.db", 'a"b.db', "a b.c.db"]
)
def test_sqlite_can_use_any_name(logs: Path, tmp_path: Path, name: str) -> None:
    write(logs / "search_request.csv", "a")
    load([logs], tmp_path / name)
    assert landed_ids(tmp_path / name) == ["a"]


# The command


def command(database: Path, *arguments: object) -> tuple[int, str, str]:
    """Exit code, standard output and standard error of the command."""
    result = CliRunner().invoke(
        app,
        [str(argument) for argument in arguments],
        env={"CLIP_SEARCH_DATABASE": str(database)},
    )
    return result.exit_code, result.stdout, result.stderr


def test_the_command_sums_up_what_it_loaded(logs: Path, database: Path) -> None:
    path = write(logs / "search_request.csv", "a", "b")
    path.write_text(path.read_text() + "ragged\n")
    write(logs / "search_request_copy.csv", "a", "b").write_text(path.read_text())
    code, output, errors = command(database, "load", logs)
    assert code == 0
    assert output.splitlines() == [
        f"search_request  {path}: 3 rows, 1 malformed, new",
        f"search_request  {logs}/search_request_copy.csv: 3 rows, duplicate of {path}",
        f"note: no {CLICKS} file was found; only the other log is loaded",
    ]
    assert [line.split(":")[0] for line in errors.splitlines()] == [
        str(path),
        f"{logs}/search_request_copy.csv",
    ]
    code, output, _ = command(database, "unload", path)
    assert (code, output) == (0, f"search_request  {path}: unloaded\n")


def test_the_command_reports_an_error_as_one_block(logs: Path, database: Path) -> None:
    path = write(logs / "search_request.csv", "a")
    path.write_bytes(path.read_bytes() + b"\xe9,,,,\n")
    code, output, errors = command(database, "load", logs)
    conversion = f"iconv -f WINDOWS-1252 -t UTF-8 {path} > converted"
    conversion += f" && mv converted {path}"
    assert (code, output) == (1, "")
    assert errors.splitlines() == [
        "error: nothing was loaded; the database is unchanged",
        f"  file:    {path}",
        "  line:    3",
        "  problem: the text is not UTF-8 (byte 0xe9)",
        f"  remedy:  Convert it from its actual encoding, for example: {conversion}",
    ]
    code, output, errors = command(database, "unload", path)
    assert (code, output) == (1, "")
    assert errors.startswith("error: nothing was unloaded")


def test_the_command_says_that_an_empty_file_has_no_rows(
    logs: Path, database: Path
) -> None:
    write(logs / "search_result_interaction.csv", "a")
    (logs / "search_request.csv").touch()
    code, output, _ = command(database, "load", logs)
    assert (code, output.splitlines()) == (
        0,
        [
            f"search_request  {logs}/search_request.csv: 0 rows, new",
            f"{CLICKS}  {logs}/{CLICKS}.csv: 1 rows, new",
        ],
    )


@pytest.mark.parametrize("arguments", [["load"], ["unload"], ["load", "--no-such"]])
def test_wrong_usage_ends_with_code_2(database: Path, arguments: Sequence[str]) -> None:
    assert command(database, *arguments)[0] == 2


def test_a_hostile_file_name_is_shown_and_not_obeyed(
    logs: Path, database: Path
) -> None:
    name = "search_request[red]\x1b[2J{0}%s\r\n;drop table load_record;--'.csv"
    write(logs / name, "a")
    code, output, errors = command(database, "load", logs)
    assert code == 0
    shown = "search_request[red]\\x1b[2J{0}%s\\r\\n;drop table load_record;--'.csv"
    assert f"{logs}/{shown}: 1 rows, new" in output
    assert f"{logs}/{shown}: 1 rows, new" in errors
    assert landed_ids(database) == ["a"]


def test_a_terminal_sees_bars_in_place_of_lines(logs: Path, database: Path) -> None:
    path = write(logs / "search_request[red].csv", "a")
    done = subprocess.run(
        [sys.executable, "-c", COMMAND, "load", str(logs)],
        env={
            **os.environ,
            "CLIP_SEARCH_DATABASE": str(database),
            "FORCE_COLOR": "1",
            "TERM": "xterm",
        },
        capture_output=True,
        text=True,
        check=True,
    )
    assert "Checking files" in done.stderr
    assert "Loading rows" in done.stderr
    assert str(path) not in done.stderr
    assert str(path) in done.stdout


def test_progress_reaches_the_size_of_the_files(logs: Path, database: Path) -> None:
    paths = [
        write(logs / "search_request.csv", *map(str, range(100_000))),
        write(logs / "search_result_interaction.csv.gz", *map(str, range(100_000))),
    ]
    told: list[list[int]] = []

    class Recording(Silent):
        def begin(self, step: str, total_bytes: int) -> None:
            told.append([total_bytes])

        def advance(self, byte_count: int) -> None:
            told[-1].append(byte_count)

    load([logs], database, Recording())
    size = sum(path.stat().st_size for path in paths)
    assert [total for total, *_ in told] == [size, size]
    assert [sum(parts) for _, *parts in told] == [size, size]
    assert all(len(parts) > 5 for _, *parts in told)


def test_paths_in_any_order_give_the_same_database(logs: Path, tmp_path: Path) -> None:
    paths = [
        write(logs / "search_request_1.csv", "a"),
        write(logs / "search_request_2.csv.gz", "a"),
        write(logs / "search_request_3.csv", "b"),
        write(logs / "search_result_interaction.csv", "a"),
    ]

    def databases() -> Iterator[list[Rows]]:
        for at, order in enumerate(itertools.permutations(paths)):
            load(order, tmp_path / f"{at}.db")
            yield everything(tmp_path / f"{at}.db")

    first, *others = databases()
    assert len(others) == 23
    assert all(other == first for other in others)
