"""Runs under a real scheduler: one good day and one bad day.

The project is a copy with a broken rule, which takes effect only on the bad day: rows
of a search_id of two searches are rejected without a reason.

A task takes two seconds, and a good day has forty of them. So tests that need a
complete good day are marked `long`; the bad day follows a good one that dbt alone has
built.
"""

import json
import sqlite3
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pytest

from lab.warehouse import Row, Warehouse
from tests.python.airflow_project import LEFT_OUT, AirflowProject, RunningAirflow

GOOD, BAD = "good_day", "bad_day"
DAYS = {GOOD: "2020-01-01", BAD: "2020-01-02"}
TESTED = "dbt.int_search_request_checked.test"
RAW_MAIL = "anna.berg@example.org"
RULE = "coalesce(reject_reason, 'conflicting_search_id')"
# The records of loads and builds differ from run to run.
NOTES = {"load_record", "build_record"}
ENDED = {"success", "failed"}


@dataclass(frozen=True)
class Runs:
    """What the runs have left, after Airflow has stopped."""

    project: AirflowProject
    published: Warehouse
    exit_code: int
    left_running: list[str]
    listening: set[str]

    @property
    def warehouse(self) -> Path:
        """The database after the last run."""
        return self.project.warehouse


def write_logs(folder: Path, requests: list[str], clicks: list[str]) -> None:
    folder.mkdir(parents=True)
    header = "search_id,search_query,ts,cuid,total"
    (folder / "search_request.csv").write_text("\n".join([header, *requests, ""]))
    header = "search_id,ts,cid,position"
    (folder / "search_result_interaction.csv").write_text(
        "\n".join([header, *clicks, ""])
    )


def write_both_days(logs: Path) -> None:
    write_logs(
        logs / DAYS[GOOD],
        [
            *(f"a{n},kites,2020-01-01T10:00:00Z,u{n},9" for n in range(40)),
            f"b1,{RAW_MAIL},yesterday,u1,9",
        ],
        [
            *(f"a{n},2020-01-01T10:00:30Z,c1,2" for n in range(20)),
            "z9,2020-01-01T10:00:30Z,c1,2",
        ],
    )
    write_logs(
        logs / DAYS[BAD],
        [
            *(f"c{n},{RAW_MAIL},last tuesday,u{n},9" for n in range(150)),
            "d1,kites,2020-01-02T10:00:00Z,u1,9",
            "d1,trains,2020-01-02T10:00:00Z,u1,9",
        ],
        ["d2,2020-01-02T10:00:30Z,c1,2"],
    )


def break_the_rule(project: AirflowProject) -> None:
    model = project.root / "models" / "clean" / "int_search_request_checked.sql"
    sql = model.read_text("utf-8")
    assert RULE in sql
    model.write_text(sql.replace(RULE, "reject_reason"))


def broken_project(folder: Path) -> AirflowProject:
    """The copy, and the logs of both days."""
    write_both_days(folder / "logs")
    project = AirflowProject(
        folder,
        CLIP_SEARCH_LOGS=str(folder / "logs" / "%Y-%m-%d"),
        AIRFLOW__CORE__DAGS_ARE_PAUSED_AT_CREATION="True",
        # The DAG files do not change: parsing them again takes as long as a task.
        AIRFLOW__DAG_PROCESSOR__MIN_FILE_PROCESS_INTERVAL="3600",
        AIRFLOW__SCHEDULER__SCHEDULER_IDLE_SLEEP_TIME="0.2",
    )
    project.leave_out_marts()
    project.add_dag("on_clean_tables.py")
    break_the_rule(project)
    return project


def trigger(running: RunningAirflow, *run_ids: str) -> None:
    """Triggers runs while the DAGs are paused, and only then lets them start."""
    known = "select dag_id from dag"
    running.wait(lambda: len(running.project.metadata(known)) == 2)
    running.log_in()
    for run_id in run_ids:
        running.ask(
            "POST",
            "/api/v2/dags/clip_search/dagRuns",
            dag_run_id=run_id,
            logical_date=f"{DAYS[run_id]}T00:00:00Z",
        )
    # Until now all runs are queued; now all may start.
    for dag_id in ("on_clean_tables", "clip_search"):
        running.ask("PATCH", f"/api/v2/dags/{dag_id}", is_paused=False)


def have_ended(project: AirflowProject) -> bool:
    return set(project.run_states("clip_search")) <= ENDED


def stopped(running: RunningAirflow, published: Warehouse) -> Runs:
    listening = running.listening()
    exit_code = running.stop()
    left = [" ".join(process.cmdline()) for process in running.processes()]
    return Runs(running.project, published, exit_code, left, listening)


def copied(project: AirflowProject) -> Warehouse:
    """The current state of the warehouse, even while a run is using it."""
    folder = project.warehouse.parent
    published = Warehouse(folder / "published.db", folder / "target")
    with (
        sqlite3.connect(project.warehouse) as source,
        sqlite3.connect(published.database) as copy,
    ):
        source.backup(copy)
    return published


@pytest.fixture(scope="module")
def bad_run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runs]:
    """The bad day, after a good one that dbt alone has built."""
    project = broken_project(tmp_path_factory.mktemp("bad_run"))
    logs = project.warehouse.parent / "logs" / DAYS[GOOD]
    Warehouse(project.warehouse).load(logs)
    dbt = str(Path(sys.executable).with_name("dbt"))
    built = project.run(dbt, "build", "--exclude-resource-type", "unit_test")
    assert built.returncode == 0, built.stdout
    published = copied(project)
    running = RunningAirflow(project)
    try:
        trigger(running, BAD)
        running.wait(lambda: have_ended(project))
        yield stopped(running, published)
    finally:
        running.kill()


@pytest.fixture(scope="module")
def two_runs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runs]:
    """Triggers both runs at once and waits for them."""
    project = broken_project(tmp_path_factory.mktemp("two_runs"))
    running = RunningAirflow(project)
    try:
        trigger(running, *DAYS)
        # By then every table is built, and the other run has not started.
        running.wait(lambda: project.states(GOOD).get("publish") == "running")
        published = copied(project)
        running.wait(lambda: have_ended(project))
        running.wait(lambda: "success" in project.run_states("on_clean_tables"))
        yield stopped(running, published)
    finally:
        running.kill()


def rows(database: Path, table: str) -> list[Row]:
    with sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True) as reader:
        return sorted(reader.execute(f"select * from {table}").fetchall(), key=repr)


@pytest.mark.long
def test_a_scheduled_run_leaves_what_the_command_line_leaves(
    two_runs: Runs, tmp_path: Path
) -> None:
    expected = Warehouse(tmp_path / "by_hand.db")
    expected.load(two_runs.warehouse.parent / "logs" / DAYS[GOOD])
    build = ("dbt", "build", "--exclude-resource-type", "unit_test")
    built = expected.run(*build, "--exclude", *LEFT_OUT)
    assert built.returncode == 0, built.stdout

    assert two_runs.project.run_states("clip_search")[0] == "success"
    assert two_runs.published.tables() == expected.tables()
    for table in set(expected.tables()) - NOTES:
        assert two_runs.published.sorted_rows(table) == expected.sorted_rows(table)


@pytest.mark.long
def test_runs_triggered_at_once_run_one_after_the_other(two_runs: Runs) -> None:
    bounds = two_runs.project.metadata(
        "select run_id, min(start_date), max(end_date) from task_instance"
        " where dag_id = 'clip_search' and state in ('success', 'failed')"
        " group by run_id order by 2"
    )
    (first, _, first_ended), (second, second_started, _) = bounds
    assert (first, second) == (GOOD, BAD)
    assert first_ended <= second_started


@pytest.mark.long
def test_no_two_tasks_use_the_warehouse_at_once(two_runs: Runs) -> None:
    spans = two_runs.project.metadata(
        "select start_date, end_date from task_instance"
        " where dag_id = 'clip_search' and state in ('success', 'failed')"
        " order by start_date"
    )
    for (_, ended), (started, _) in pairwise(spans):
        assert ended <= started


def test_a_failing_test_stops_everything_below_it(bad_run: Runs) -> None:
    states = bad_run.project.states(BAD)
    assert states[TESTED] == "failed"
    not_run = {task for task, state in states.items() if state == "upstream_failed"}
    assert not_run >= {
        "dbt.int_search_result_interaction_checked.run",
        "dbt.clean_search_request.run",
        "dbt.clean_search_result_interaction.run",
        "dbt.log_ledger.run",
        "publish",
    }
    assert set(states.values()) == {"success", "failed", "upstream_failed"}


def test_after_a_failed_run_the_clean_tables_are_the_last_good_ones(
    bad_run: Runs,
) -> None:
    for table in (
        "clean_search_request",
        "clean_search_result_interaction",
        "rejected_search_request",
        "rejected_search_result_interaction",
        "log_ledger",
    ):
        last_good = bad_run.published.sorted_rows(table)
        assert last_good, table
        assert rows(bad_run.warehouse, table) == last_good


def told_of(test: str, bad_run: Runs) -> str:
    """The failed task's log messages about one test."""
    messages = bad_run.project.log(BAD, TESTED)
    (told,) = (text for text in messages if text.startswith(f"FAILURE: {test}"))
    return told


def test_a_share_of_rejects_past_its_limit_is_told_with_rule_rows_and_remedy(
    bad_run: Runs,
) -> None:
    told = told_of("search_request_reject_share_below_fail", bad_run)
    folder = bad_run.warehouse.parent / "logs"
    # 150 + 1 unreadable times of 193 rows.
    assert "rejected 78.24 % of the log's rows, more than reject_share_fail" in told
    assert "rows:       151" in told
    assert "model:      int_search_request_checked" in told
    assert "rule:       timestamp_unreadable" in told
    assert "where:      models/clean/_clean.yml:" in told
    assert told.count(f"{folder}/") == 3
    assert "search_request.csv:" in told
    assert '"search_query": "[email]"' in told
    assert "Log ISO 8601 with an offset." in told
    assert "docs/errors.md#timestamp_unreadable" in told


def test_a_broken_rule_is_told_by_the_test_that_it_fails(bad_run: Runs) -> None:
    told = told_of("reject_reason_iff_rejected", bad_run)
    assert "rows:       2" in told
    assert f"{DAYS[BAD]}/search_request.csv:152" in told
    assert f"{DAYS[BAD]}/search_request.csv:153" in told
    assert '"search_id": "d1"' in told
    assert "A row has a reject reason if and only if it was rejected." in told


def test_a_failed_test_is_not_tried_again(bad_run: Runs) -> None:
    tries = bad_run.project.metadata(
        "select try_number from task_instance where run_id = ? and task_id = ?",
        *(BAD, TESTED),
    )
    assert tries == [(1,)]


def test_each_failure_and_warning_is_one_line_for_an_alerting_tool(
    bad_run: Runs,
) -> None:
    lines = (bad_run.project.home / "logs" / "alerts.jsonl").read_text("utf-8")
    alerts = [json.loads(line) for line in lines.splitlines()]
    told = {
        (alert["alert"], alert["name"].split("_int_")[0], alert["rule"])
        for alert in alerts
        if alert["run_id"] == BAD
    }
    assert told == {
        ("failure", "search_request_reject_share_below_fail", "timestamp_unreadable"),
        ("warning", "search_request_reject_share_below_warn", "timestamp_unreadable"),
        ("failure", "reject_reason_iff_rejected", None),
    }
    for alert in alerts:
        assert alert["dag_id"] == "clip_search"
        assert alert["remedy"]
        line = "clip_search_alert " + json.dumps(alert, ensure_ascii=False)
        assert line in bad_run.project.log(alert["run_id"], alert["task_id"])


def test_airflow_listens_on_this_machine_only(bad_run: Runs) -> None:
    assert bad_run.listening == {"127.0.0.1"}


def test_personal_data_is_in_no_log_and_no_page(bad_run: Runs) -> None:
    for path in bad_run.project.home.rglob("*"):
        if path.is_file():
            assert RAW_MAIL.encode() not in path.read_bytes(), path


@pytest.mark.long
def test_publish_tells_the_ledger_and_each_rule_and_writes_its_pages(
    two_runs: Runs,
) -> None:
    log = "\n".join(two_runs.project.log(GOOD, "publish"))
    assert "search_request: 41 rows raw, 100.00 % of the log" in log
    assert "search_request: 1 rows rejected as timestamp_unreadable, 2.44 %" in log
    assert "search_result_interaction: 20 rows clean, 95.24 % of the log" in log
    page = two_runs.project.home / "dbt_docs" / "static_index.html"
    assert "clean_search_request" in page.read_text("utf-8")
    report = page.with_name("report.html").read_text("utf-8")
    assert "41 search requests and 21 clicks were logged." in report


@pytest.mark.long
def test_another_dag_runs_once_both_clean_tables_were_published(
    two_runs: Runs,
) -> None:
    assert two_runs.project.run_states("on_clean_tables") == ["success"]
    extras = two_runs.project.metadata("select extra from asset_event order by id")
    assert sorted(json.loads(extra)["row_count"] for (extra,) in extras) == [20, 40]


def test_ctrl_c_ends_every_process(bad_run: Runs) -> None:
    assert bad_run.exit_code == 0
    assert bad_run.left_running == []
