"""One run of the DAG, as by `make dag`, and the messages of failed tasks."""

import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from clip_search.orchestration.alerts import FINDINGS_KEY
from clip_search.orchestration.failures import TransientFailure, judge_results
from clip_search.orchestration.publish import write_report
from lab.warehouse import Warehouse
from tests.python.airflow_project import AirflowProject
from tests.python.conftest import NewWarehouse

ONCE = ("-m", "clip_search.orchestration", "once")


@pytest.mark.long
def test_a_day_without_logs_fails_at_once_and_says_what_to_do(tmp_path: Path) -> None:
    project = AirflowProject(tmp_path, CLIP_SEARCH_LOGS=str(tmp_path / "%Y" / "%m-%d"))

    finished = project.run(*ONCE, "--day", "2020-03-10")

    assert finished.returncode == 1
    said = finished.stdout
    assert "FAILURE: load_data" in said
    assert f"where:      {tmp_path}/2020/03-10" in said
    assert "what:       there is no such file or folder" in said
    assert "what to do: Check the spelling" in said
    alerts = project.home / "once" / "logs" / "alerts.jsonl"
    (alert,) = map(json.loads, alerts.read_text("utf-8").splitlines())
    assert (alert["alert"], alert["name"]) == ("failure", "load_data")


def test_a_report_that_fails_is_a_warning_and_no_failure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    warehouse = tmp_path / "warehouse.db"
    with sqlite3.connect(warehouse) as connection:
        connection.execute("create table log_ledger (log text)")
    monkeypatch.setenv("CLIP_SEARCH_DATABASE", str(warehouse))
    monkeypatch.setenv("AIRFLOW_HOME", str(tmp_path))

    write_report()

    (warning,) = (record for record in caplog.records if record.levelname == "WARNING")
    assert "the clean tables are correct" in warning.message
    assert "no such column" in warning.message
    assert not (tmp_path / "dbt_docs" / "report.html").exists()


@pytest.mark.long
def test_the_dag_leaves_the_same_tables_as_make_run(
    tmp_path: Path, sample_warehouse: Warehouse
) -> None:
    project = AirflowProject(tmp_path)

    finished = project.run(*ONCE)

    assert finished.returncode == 0, finished.stdout
    assert "CLIP_SEARCH_LOGS is not set: building the synthetic" in finished.stdout
    built = Warehouse(project.warehouse, tmp_path / "target")
    for kind in ("table", "view"):
        assert built.tables(kind) == sample_warehouse.tables(kind)
        for table in built.tables(kind):
            assert built.sorted_rows(table) == sample_warehouse.sorted_rows(table)


@pytest.mark.long
def test_a_locked_warehouse_is_a_failure_that_may_pass(
    new_warehouse: NewWarehouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    warehouse = new_warehouse("locked")
    monkeypatch.setenv("CLIP_SEARCH_DATABASE", str(warehouse.database))
    writer = sqlite3.connect(warehouse.database, isolation_level=None)
    writer.execute("begin immediate")
    # dbt waits a minute for the writer, then gives up.
    finished = warehouse.run(
        *("dbt", "seed", "--select", "reject_rule"),
        *("--target-path", str(tmp_path / "target")),
    )
    writer.close()
    assert finished.returncode == 1

    context: dict[str, Any] = {}
    with pytest.raises(TransientFailure) as raised:
        judge_results(str(tmp_path), context)

    assert raised.value.findings == context[FINDINGS_KEY]
    assert "Another process is writing to the warehouse." in str(raised.value)
