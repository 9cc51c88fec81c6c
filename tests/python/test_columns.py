"""Columns beyond the required ones: declared once, in dbt_project.yml."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from conftest import ROOT, NewWarehouse

from clip_search.engines import reading
from clip_search.logs import ADDED_COLUMNS, LANDED_LOGS, Log, LogError
from lab.parity import column_names
from lab.warehouse import Warehouse

REQUESTS = "search_id,search_query,ts,cuid,total"
CLICKS = "search_id,ts,cid,position"
DAY = "2020-03-10"
COMMAND = "from clip_search.command import main; main()"
# A column that the project does not declare, whatever it declares.
NEW = "column_of_a_test"
PASSED_THROUGH = re.compile(r"passed_through: \[(.*)\]")


def with_new_column(vars_of_project: dict[str, object]) -> dict[str, object]:
    """The columns of the logs, with a further passed-through one of both."""
    return {
        log: {**columns, "passed_through": [*columns["passed_through"], NEW]}
        for log, columns in vars_of_project["log_columns"].items()
    }


DECLARED = with_new_column(
    yaml.safe_load((ROOT / "dbt_project.yml").read_text("utf-8"))["vars"]
)
RULES = json.dumps({"log_columns": DECLARED})


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of what a load reads, with one line changed in each log's declaration."""
    copy = tmp_path_factory.mktemp("project")
    for part in ("clip_search", "macros"):
        shutil.copytree(ROOT / part, copy / part)
    text = (ROOT / "dbt_project.yml").read_text("utf-8")
    declared = PASSED_THROUGH.sub(
        lambda found: f"passed_through: [{', '.join(filter(None, (found[1], NEW)))}]",
        text,
    )
    (copy / "dbt_project.yml").write_text(declared, "utf-8")
    assert yaml.safe_load(declared)["vars"]["log_columns"] == DECLARED
    return copy


def load_with(project: Path, warehouse: Warehouse, logs: Path) -> None:
    """Loads logs with the package of another project."""
    environment = {**warehouse.environment, "PYTHONPATH": str(project)}
    subprocess.run(
        [sys.executable, "-c", COMMAND, "load", str(logs)],
        cwd=project,
        env=environment,
        check=True,
        capture_output=True,
    )


def write_logs(folder: Path, requests: str, clicks: str) -> Path:
    folder.mkdir()
    (folder / "search_request.csv").write_text(requests, "utf-8")
    (folder / "search_result_interaction.csv").write_text(clicks, "utf-8")
    return folder


# On DuckDB the seeds are built, too. The columns come from the same macros.
@pytest.fixture(params=["sqlite", pytest.param("duckdb", marks=pytest.mark.long)])
def old_warehouse(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    new_warehouse: NewWarehouse,
    monkeypatch: pytest.MonkeyPatch,
) -> Warehouse:
    """A clean layer that was built before the column was declared."""
    monkeypatch.setenv("CLIP_SEARCH_TARGET", request.param)
    if request.param == "sqlite":
        warehouse = new_warehouse("columns")
    else:
        warehouse = Warehouse(tmp_path / "clip_search.duckdb", engine="duckdb")
        warehouse.dbt("seed", "--quiet", "--select", "+path:models/clean")
    first = write_logs(
        tmp_path / "first",
        f"{REQUESTS},{NEW}\na,drone,{DAY}T10:00:00Z,1,5,phone\n",
        f"{CLICKS}\na,{DAY}T10:00:05Z,11,1\n",
    )
    warehouse.load(first)
    warehouse.build_clean_layer()
    return warehouse


def passed_through(warehouse: Warehouse, log: str) -> list[tuple[object, ...]]:
    return sorted(warehouse.query(f"select search_id, {NEW} from clean_{log}"))


# Two more projects are parsed. The unit tests and the real logs have added columns.
@pytest.mark.long
def test_a_column_that_is_declared_later_reaches_the_clean_tables(
    old_warehouse: Warehouse, project: Path, tmp_path: Path
) -> None:
    warehouse = old_warehouse
    with reading(warehouse.database, warehouse.engine) as connection:
        assert NEW not in column_names(connection, "clean_search_request")
    warehouse.take_in(RULES)
    assert passed_through(warehouse, "search_request") == [("a", None)]

    second = write_logs(
        tmp_path / "second",
        f"{NEW},{REQUESTS}\n"
        f"phone,b,drone,{DAY}T11:00:00Z,1,5\n"
        f"tv of anna@example.com,c,drone,{DAY}T11:00:00Z,1,5\n"
        f" ,d,drone,{DAY}T11:00:00Z,1,5\n"
        # The click decides for the second of two requests.
        f"phone,e,drone,{DAY}T09:00:00Z,1,5\n"
        f"tablet,e,drone,{DAY}T11:00:00Z,1,5\n",
        # The first of two clicks counts.
        f"{CLICKS},{NEW}\n"
        f"e,{DAY}T11:00:09Z,12,2,tablet\n"
        f"e,{DAY}T11:00:20Z,12,2,phone\n",
    )
    load_with(project, warehouse, second)
    warehouse.take_in(RULES)
    of_requests = [
        ("a", None), ("b", "phone"), ("c", "tv of [email]"), ("d", None),
        ("e", "tablet"),
    ]  # fmt: skip
    assert passed_through(warehouse, "search_request") == of_requests
    of_clicks = [("a", None), ("e", "tablet")]
    assert passed_through(warehouse, "search_result_interaction") == of_clicks

    updated = warehouse.results()
    warehouse.rebuild(RULES)
    assert warehouse.results() == updated


def test_a_load_alone_adds_the_column(project: Path, tmp_path: Path) -> None:
    warehouse = Warehouse(tmp_path / "clip_search.db")
    first = write_logs(tmp_path / "first", f"{REQUESTS}\n", f"{CLICKS}\n")
    warehouse.load(first)
    second = tmp_path / "search_result_interaction.jsonl"
    record = {"search_id": "a", "ts": DAY, "cid": "1", "position": 1}
    lines = [record | {NEW: "tv"}, record]
    second.write_text("".join(json.dumps(line) + os.linesep for line in lines))
    load_with(project, warehouse, second)
    landed = f"select line_number, {NEW} from landed_search_result_interaction"
    assert sorted(warehouse.query(landed)) == [(1, "tv"), (2, None)]


def test_no_column_of_the_models_can_be_declared() -> None:
    described = {
        column["name"]
        for page in ("staging/_staging.yml", "clean/_clean.yml")
        for model in yaml.safe_load((ROOT / "models" / page).read_text("utf-8"))[
            "models"
        ]
        if model["name"].startswith(("stg_", "clean_")) or "_checked" in model["name"]
        for column in model["columns"]
    }
    logged = {column for log in LANDED_LOGS for column in log.columns}
    assert described - logged == ADDED_COLUMNS


@pytest.mark.parametrize(
    ("column", "why"),
    [
        ("user agent", "'user agent' is not a column name"),
        ("Device", "'Device' is not a column name"),
        ("cuid", "'cuid' is there twice"),
        ("outcome", "'outcome' is a column that the models add"),
    ],
)
def test_a_column_that_cannot_be_one_is_refused(column: str, why: str) -> None:
    with pytest.raises(LogError, match=re.escape(why)):
        Log("search_request", ("search_id", "cuid"), passed_through=(column,))


@pytest.mark.parametrize(
    ("declared", "why"),
    [
        ("passed_through: [User]", "log_columns, search_request: 'User' is not"),
        ("passed_trough: [device]", "search_request: this is not a declaration"),
        ("passed_through: device", "search_request: this is not a declaration"),
    ],
)
def test_a_wrong_declaration_is_one_clear_error(
    declared: str, why: str, project: Path, tmp_path: Path
) -> None:
    copy = shutil.copytree(project, tmp_path / "project")
    file = copy / "dbt_project.yml"
    text = file.read_text("utf-8")
    file.write_text(PASSED_THROUGH.sub(declared, text, count=1), "utf-8")
    told = subprocess.run(
        [sys.executable, "-c", COMMAND, "status"],
        cwd=copy,
        env={**os.environ, "PYTHONPATH": str(copy)},
        capture_output=True,
        text=True,
    )
    assert (told.returncode, told.stdout) == (1, "")
    assert told.stderr.startswith("error: log_columns, ")
    assert why in told.stderr
    assert f"  file:    {file}\n  remedy:  " in told.stderr
    assert "Traceback" not in told.stderr
