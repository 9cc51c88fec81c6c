"""One run of the DAG, as by `make dag`, and the messages of failed tasks."""

import json
import logging
import os
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest

from clip_search.orchestration import load_data
from clip_search.orchestration.assets import assets_of
from clip_search.orchestration.build_task import build
from clip_search.orchestration.dag_settings import Settings
from clip_search.orchestration.failures import TransientFailure
from clip_search.orchestration.publish import report_being_written
from lab.warehouse import Warehouse
from tests.python.airflow_project import AirflowProject
from tests.python.conftest import NewWarehouse
from tests.python.preset_samples import sample
from tests.python.test_dag_scheduler import NOTES

ONCE = ("-m", "clip_search.orchestration", "once")


@pytest.mark.long
def test_a_day_without_logs_fails_at_once_and_says_what_to_do(tmp_path: Path) -> None:
    project = AirflowProject(tmp_path, CLIP_SEARCH_LOGS=str(tmp_path / "%Y" / "%m-%d"))

    finished = project.run(*ONCE, "--day", "2020-03-10")

    assert finished.returncode == 1
    said = finished.stdout
    assert "FAILURE: load_data" in said
    assert f"where:      {tmp_path}/2020/03-10" in said
    assert "what:       no log arrived within 0 h. Looked for files named" in said
    assert f"found: {tmp_path} has " in said
    assert "what to do: Ask the sender" in said
    alerts = project.home / "once" / "logs" / "alerts.jsonl"
    (alert,) = map(json.loads, alerts.read_text("utf-8").splitlines())
    assert (alert["alert"], alert["name"]) == ("failure", "load_data")


@pytest.mark.parametrize("engine", ["sqlite", "duckdb"])
def test_without_configured_logs_the_task_says_what_is_built(
    engine: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setenv("CLIP_SEARCH_TARGET", engine)
    warehouse = Warehouse(tmp_path / "clip_search.db", engine=engine)
    settings = Settings(
        *("built", "", engine, warehouse.database),
        *(timedelta(hours=1), tmp_path / "state"),
    )
    context = {
        "params": {"day": None, "folder": None, "dry_run": False},
        "dag_run": SimpleNamespace(
            logical_date=None,
            start_date=None,
            run_after=datetime(2020, 3, 11, tzinfo=UTC),
        ),
    }
    caplog.set_level(logging.INFO, load_data.__name__)

    def said() -> str:
        caplog.clear()
        assert load_data.load_data(settings, assets_of("built"), context)
        return caplog.messages[-1].removeprefix("no logs are configured: ")

    assert said() == "building the synthetic sample in seeds/sample"
    log = tmp_path / "search_request.csv"
    log.write_text("search_id,search_query,ts,cuid,total\n", encoding="utf-8")
    warehouse.load(log)
    assert said() == "building 1 file of earlier loads"
    warehouse.unload(log)
    assert said() == "building tables without rows: all files were unloaded"


def test_a_report_that_fails_is_a_warning_and_no_failure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    warehouse = tmp_path / "warehouse.db"
    with sqlite3.connect(warehouse) as connection:
        connection.execute("create table log_ledger (log text)")
    monkeypatch.setenv("CLIP_SEARCH_DATABASE", str(warehouse))
    page = tmp_path / "pages" / "report.html"

    with report_being_written(page):
        pass

    (warning,) = (record for record in caplog.records if record.levelname == "WARNING")
    assert "the clean tables are correct" in warning.message
    assert "no such column" in warning.message
    assert not page.exists()


@pytest.mark.long
@pytest.mark.parametrize("engine", ["sqlite", "duckdb"])
def test_the_dag_leaves_the_same_tables_as_make_run(
    tmp_path: Path, engine: str
) -> None:
    by_hand = Warehouse(tmp_path / "by_hand" / "clip_search.db", engine=engine)
    by_hand.database.parent.mkdir()
    built = by_hand.run("dbt", "build", "--exclude-resource-type", "unit_test")
    assert built.returncode == 0, built.stdout
    project = AirflowProject(tmp_path, CLIP_SEARCH_TARGET=engine)

    finished = project.run(*ONCE)

    assert finished.returncode == 0, finished.stdout
    assert "no logs are configured: building the synthetic" in finished.stdout
    found = Warehouse(project.warehouse, tmp_path / "target", engine=engine)
    for kind in ("table", "view"):
        assert found.tables(kind) == by_hand.tables(kind)
        for table in set(found.tables(kind)) - NOTES:
            assert found.sorted_rows(table) == by_hand.sorted_rows(table), table


def test_the_task_loads_another_teams_logs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The names of their files say nothing about logs."""
    logs = tmp_path / "logs"
    logs.mkdir()
    (logs / "events.json").write_text(sample("ubi").text, "utf-8")
    settings = Settings(
        *("theirs", str(logs), "sqlite", tmp_path / "clip_search.db"),
        *(timedelta(hours=1), tmp_path / "state", "ubi"),
    )
    monkeypatch.setattr(os, "environ", os.environ.copy())
    settings.apply()
    extra = SimpleNamespace(extra=None)
    context = {
        "params": {"day": "2020-03-10", "folder": None, "dry_run": False},
        "dag_run": SimpleNamespace(start_date=datetime.now(UTC)),
        "outlet_events": {assets_of("theirs").landed: extra},
    }

    assert load_data.load_data(settings, assets_of("theirs"), context)

    assert extra.extra["row_count"] == sum(sample("ubi").rows.values())


@pytest.mark.long
def test_a_locked_warehouse_is_a_failure_that_may_pass(
    new_warehouse: NewWarehouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    warehouse = new_warehouse("locked")
    monkeypatch.setenv("CLIP_SEARCH_WAIT_SECONDS", "1")
    settings = Settings(
        *("locked", "", "sqlite", warehouse.database),
        *(timedelta(hours=1), tmp_path / "state"),
    )
    monkeypatch.setattr(os, "environ", os.environ.copy())
    settings.apply()
    writer = sqlite3.connect(warehouse.database, isolation_level=None)
    writer.execute("begin immediate")

    with pytest.raises(TransientFailure) as raised:
        build(settings, is_full_refresh=False)

    writer.close()
    assert "another process is writing to the database" in str(raised.value)
    assert raised.value.findings[0].is_transient
