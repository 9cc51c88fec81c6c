"""Personal data stays in the raw tables: tests search for the planted texts."""

import csv
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from starlette.testclient import TestClient

from clip_search.erase import erase
from clip_search.export.formats import FORMATS
from clip_search.export.whole_export import Wanted, export
from clip_search.load.load_progress import Silent
from clip_search.serve.app import new_app
from clip_search.serve.decisions import Decisions
from clip_search.serve.guard import Gatekeeper
from clip_search.serve.search_page import Page as SearchPage
from lab.parity import build_on
from lab.simulate import Destination, Plan, simulate
from lab.simulate.settings import SAMPLE_WORLD
from lab.warehouse import Warehouse
from tests.python.airflow_project import AirflowProject
from tests.python.conftest import ROOT, SAMPLE, NewWarehouse
from tests.python.test_dag_once import ONCE

# Builds everything that leaves the raw tables, three times.
pytestmark = pytest.mark.slow

LOGS = ("search_request", "search_result_interaction")
# The tables that docs/security.md calls raw.
RAW = {
    *LOGS,
    *(f"landed_{log}" for log in (*LOGS, "search_result_shown")),
    "unloaded_search_id",
}
ID_COLUMNS = {"search_id", "cuid", "cid"}


@pytest.fixture(scope="module")
def logs(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    """Simulated logs, and the personal data in them."""
    folder = tmp_path_factory.mktemp("logs")
    simulate(
        Plan(11, world=SAMPLE_WORLD, with_malformed_lines=True),
        Destination.in_folder(folder),
    )
    with (folder / "truth" / "personal_data.csv").open(encoding="utf-8") as file:
        return folder, [row["value"] for row in csv.DictReader(file)]


@pytest.fixture(scope="module")
def planted(
    logs: tuple[Path, list[str]], new_warehouse: NewWarehouse
) -> tuple[Warehouse, list[str], str]:
    """A build of the logs, the personal data in them, and the output.

    Built with the commands that users run, because the files they leave are searched.
    """
    folder, values = logs
    warehouse = new_warehouse("planted")
    printed = []
    # Unit tests do not read the logs.
    no_unit_tests = ("--exclude-resource-type", "unit_test")
    shares = "{reject_share_warn: 0.0, reject_share_fail: 0.0}"
    for command in (
        ("clip-search", "load", str(folder)),
        ("dbt", "build", *no_unit_tests),
        ("clip-search", "status"),
        # The words around personal data, as clips are named after queries.
        ("clip-search", "search", "--limit", "500", "call"),
        ("clip-search", "search", "--limit", "500", "email"),
        ("clip-search", "score", str(folder)),
        ("clip-search", "report"),
        ("clip-search", "share", str(warehouse.database.with_name("shared.db"))),
        ("clip-search", "share", str(warehouse.database.with_name("shared.duckdb"))),
        ("dbt", "docs", "generate", "--static"),
        # Half of a log rejected by one rule: examples of its rows are shown.
        ("dbt", "test", "--select", "test_name:reject_share_below", "--vars", shares),
        ("clip-search", "failures"),
        ("clip-search", "failures", "--json"),
        ("clip-search", "status", "--json"),
    ):
        finished = warehouse.run(*command)
        assert finished.returncode == 0 or command[1] == "test", finished.stderr
        printed += [finished.stdout, finished.stderr]
    return warehouse, values, "\n".join(printed)


def cells(warehouse: Warehouse, table: str) -> Iterator[str]:
    """All text of a table except opaque ids, because sixteen digits may be an id."""
    columns = [str(row[1]) for row in warehouse.query(f"pragma table_info({table})")]
    for column in columns:
        for (value,) in warehouse.query(f'select distinct "{column}" from {table}'):
            is_opaque = column in ID_COLUMNS and str(value).isalnum()
            if isinstance(value, str) and not is_opaque:
                yield value


def written_by_ourselves() -> str:
    """The project's own examples, which dbt's documentation shows."""
    paths = [*ROOT.glob("models/**/*.yml"), *ROOT.glob("macros/**/*.*")]
    return "\n".join(path.read_text("utf-8") for path in paths)


def found_in(text: str, values: list[str]) -> list[str]:
    return [value for value in values if value in text]


def files_that_tell(folders: list[Path], values: list[str]) -> dict[Path, list[str]]:
    """The files below some folders that contain personal data, with that data."""
    telling = {}
    for folder in folders:
        for path in folder.rglob("*"):
            if path.is_file():
                found = found_in(path.read_text("utf-8", errors="replace"), values)
                if found:
                    telling[path] = found
    return telling


def none_of_ours(values: list[str]) -> list[str]:
    """Except for what is in the project itself, which dbt's documentation shows."""
    ours = written_by_ourselves()
    values = [value for value in values if value not in ours]
    assert len(values) > 60
    return values


def test_there_is_enough_to_be_found(
    planted: tuple[Warehouse, list[str], str],
) -> None:
    warehouse, values, _ = planted
    raw = "\n".join(cells(warehouse, "landed_search_request"))
    assert len(values) > 80
    assert len(found_in(raw, values)) > 80


def test_no_table_or_view_but_the_raw_ones_holds_any(
    planted: tuple[Warehouse, list[str], str],
) -> None:
    warehouse, values, _ = planted
    names = [*warehouse.tables("table"), *warehouse.tables("view")]
    assert {"stg_search_request", "rejected_search_request"} < set(names)
    for name in set(names) - RAW:
        text = "\n".join(cells(warehouse, name))
        assert found_in(text, values) == [], name


def test_a_copy_for_others_holds_none(
    planted: tuple[Warehouse, list[str], str],
) -> None:
    warehouse, values, _ = planted
    # Sixteen digits may be an id.
    telling = [value for value in values if not value.isalnum()]
    assert len(telling) > 60
    for name in ("shared.db", "shared.duckdb"):
        copy = warehouse.database.with_name(name).read_bytes()
        assert [value for value in telling if value.encode() in copy] == []
    # DuckDB compresses what it writes.
    copy_of_texts = Warehouse(
        warehouse.database.with_name("shared.duckdb"), engine="duckdb"
    )
    for (name,) in copy_of_texts.query("show tables"):
        assert found_in(repr(copy_of_texts.sorted_rows(str(name))), telling) == [], name


def test_an_export_in_any_format_holds_none(
    planted: tuple[Warehouse, list[str], str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    warehouse, values, _ = planted
    for name, value in warehouse.variables.items():
        monkeypatch.setenv(name, value)
    # Sixteen digits may be an id.
    telling = [value for value in none_of_ours(values) if not value.isalnum()]
    assert len(telling) > 40
    exported = 0
    for name, form in FORMATS.items():
        if form.sources[0].mart in warehouse.tables():
            export(warehouse.database, Wanted(form(), tmp_path / name, tier="suggest"))
            exported += 1
    assert exported > 10
    assert files_that_tell([tmp_path], telling) == {}


def test_no_id_of_a_cleaned_table_holds_any_but_opaque_ones(
    planted: tuple[Warehouse, list[str], str],
) -> None:
    warehouse, values, _ = planted
    telling = {value for value in values if not value.isalnum()}
    for name in ("clean_search_request", "rejected_search_request"):
        ids = {str(cuid) for (cuid,) in warehouse.query(f"select cuid from {name}")}
        assert ids & telling == set()


def test_no_log_line_or_file_of_a_run_holds_any(
    planted: tuple[Warehouse, list[str], str],
) -> None:
    warehouse, values, printed = planted
    assert "  example: " in printed
    assert found_in(printed, values) == []
    values = none_of_ours(values)
    for name in ("static_index.html", "report.html", "run_results.json"):
        assert (warehouse.target / name).is_file()
    assert files_that_tell([warehouse.target], values) == {}
    log = (warehouse.database.parent / "dbt.log").read_text("utf-8")
    assert found_in(log, values) == []


def test_after_erasing_the_logs_no_file_holds_any(
    planted: tuple[Warehouse, list[str], str],
    logs: tuple[Path, list[str]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    built, values, _ = planted
    warehouse = built.copy(tmp_path / "erased")
    folder = warehouse.database.parent
    for log in LOGS:
        for path in logs[0].glob(f"{log}*"):
            warehouse.unload(path)
    warehouse.take_in()
    # The tables of the sample stay, which is synthetic and shares some of the values.
    sample = "".join(path.read_text("utf-8") for path in SAMPLE.glob("search_*.csv"))
    values = [value for value in none_of_ours(values) if value not in sample]
    assert len(values) > 40
    for name in {*warehouse.tables("table"), *warehouse.tables("view")}:
        assert found_in("\n".join(cells(warehouse, name)), values) == [], name
    for name, value in warehouse.variables.items():
        monkeypatch.setenv(name, value)
    erase(warehouse.database, Silent())
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert warehouse.database in files
    for path in files:
        content = path.read_bytes()
        assert [value for value in values if value.encode() in content] == [], path


@pytest.mark.long
def test_no_table_of_duckdb_or_file_of_its_build_holds_any(
    logs: tuple[Path, list[str]], tmp_path: Path
) -> None:
    folder, values = logs
    database = build_on("duckdb", tmp_path, folder)
    with duckdb.connect(str(database), read_only=True) as connection:
        columns = connection.execute(
            "select table_name, column_name from information_schema.columns"
            " where data_type = 'VARCHAR'"
        ).fetchall()
        assert ("landed_search_request", "search_query") in columns
        for table, column in columns:
            if table in RAW or column in ID_COLUMNS:
                continue
            texts = connection.execute(
                f'select distinct "{column}" from "{table}"'
            ).fetchall()
            text = "\n".join(value for (value,) in texts if value is not None)
            assert found_in(text, values) == [], (table, column)
    outputs = [tmp_path / "target_duckdb", tmp_path / "log_duckdb"]
    assert files_that_tell(outputs, none_of_ours(values)) == {}


def test_no_answer_of_the_search_page_shows_any_or_names_a_user(
    planted: tuple[Warehouse, list[str], str], tmp_path: Path
) -> None:
    warehouse, values, _ = planted
    seed = tmp_path / "rewrite_review.csv"
    seed.write_text("query_text,rewritten_text,decision,reason\n", encoding="utf-8")
    page = SearchPage(warehouse.database, Decisions(seed))
    asked = TestClient(new_app(page, Gatekeeper(1)), base_url="http://127.0.0.1:1")
    paths = ["/", "/?q=call", "/?q=email"]
    for name in page.listings:
        paths += [f"/list/{name}", f"/list/{name}?page=2", f"/list/{name}.csv"]
    users = [
        str(user)
        for (user,) in warehouse.query("select distinct cuid from clean_search_request")
        # Shorter ones are also parts of words.
        if len(str(user)) > 8
    ]
    assert len(users) > 100
    for path in paths:
        answer = asked.get(path)
        assert answer.status_code == 200
        assert found_in(answer.text, [*values, *users]) == [], path


@pytest.mark.long
def test_no_task_of_the_dag_logs_any_and_no_page_of_it_shows_any(
    logs: tuple[Path, list[str]], tmp_path: Path
) -> None:
    folder, values = logs
    project = AirflowProject(tmp_path, CLIP_SEARCH_LOGS=str(folder))
    finished = project.run(*ONCE)
    assert finished.returncode == 0, finished.stdout
    assert found_in(finished.stdout + finished.stderr, values) == []
    names = {path.name for path in project.home.rglob("*")}
    assert {"report.html", "airflow.db"} <= names
    outputs = [project.home, project.root / "target", project.root / "logs"]
    assert files_that_tell(outputs, none_of_ours(values)) == {}
