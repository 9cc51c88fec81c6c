"""Two runs under a real scheduler, triggered at once: a good day and a bad one.

The project is a copy with a broken rule in it, which shows on the bad day only: rows of
a search_id that stands for two searches are rejected, but without a reason.
"""

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pytest

from tests.python.airflow_project import LEFT_OUT, AirflowProject, RunningAirflow
from tests.python.warehouse import Row, Warehouse

GOOD, BAD = "good_day", "bad_day"
DAYS = {GOOD: "2020-01-01", BAD: "2020-01-02"}
TESTED = "dbt.int_search_request_checked.test"
RAW_MAIL = "anna.berg@example.org"
RULE = "coalesce(reject_reason, 'conflicting_search_id')"
# What a load and a build note down about themselves differs from run to run.
NOTES = {"load_record", "build_record"}
ENDED = {"success", "failed"}


@dataclass(frozen=True)
class TwoRuns:
    """What two runs left behind, Airflow having been stopped."""

    project: AirflowProject
    published: Warehouse
    exit_code: int
    left_running: list[str]

    @property
    def warehouse(self) -> Path:
        """The database after both runs."""
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


def airflow(project: AirflowProject, *arguments: str) -> None:
    program = (
        "import sys; from clip_search.orchestration.commands import run_airflow; "
        "run_airflow(*sys.argv[1:])"
    )
    finished = project.run("-c", program, *arguments)
    assert finished.returncode == 0, finished.stdout + finished.stderr


@pytest.fixture(scope="module")
def two_runs(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[TwoRuns]:
    """Both runs triggered at once, and waited for."""
    folder = tmp_path_factory.mktemp("scheduler")
    write_both_days(folder / "logs")
    project = AirflowProject(
        folder,
        CLIP_SEARCH_LOGS=str(folder / "logs" / "%Y-%m-%d"),
        AIRFLOW__CORE__DAGS_ARE_PAUSED_AT_CREATION="True",
    )
    project.leave_out_marts()
    project.add_dag("on_clean_tables.py")
    break_the_rule(project)
    running = RunningAirflow(project)
    try:
        running.wait(lambda: len(project.metadata("select dag_id from dag")) == 2)
        for run_id, day in DAYS.items():
            date = ("--logical-date", day)
            airflow(
                project, "dags", "trigger", "clip_search", "--run-id", run_id, *date
            )
        # Until here both wait in the queue; now both may start.
        airflow(project, "dags", "unpause", "--yes", "--treat-dag-id-as-regex", ".*")
        # By then every table is built, and the other run has not begun.
        running.wait(lambda: project.states(GOOD)["publish"] == "running")
        published = Warehouse(folder / "published.db", folder / "target")
        with (
            sqlite3.connect(project.warehouse) as source,
            sqlite3.connect(published.database) as copy,
        ):
            source.backup(copy)
        running.wait(
            lambda: (
                {
                    state
                    for (state,) in project.metadata(
                        "select state from dag_run where dag_id = 'clip_search'"
                    )
                }
                <= ENDED
            )
        )
        running.wait(lambda: "success" in project.run_states("on_clean_tables"))
        exit_code = running.stop()
        left = [" ".join(process.cmdline()) for process in running.processes()]
        yield TwoRuns(project, published, exit_code, left)
    finally:
        running.kill()


def rows(database: Path, table: str) -> list[Row]:
    with sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True) as reader:
        return sorted(reader.execute(f"select * from {table}").fetchall(), key=repr)


def test_a_scheduled_run_leaves_what_the_command_line_leaves(
    two_runs: TwoRuns, tmp_path: Path
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


def test_runs_triggered_at_once_run_one_after_the_other(two_runs: TwoRuns) -> None:
    bounds = two_runs.project.metadata(
        "select run_id, min(start_date), max(end_date) from task_instance"
        " where dag_id = 'clip_search' and state in ('success', 'failed')"
        " group by run_id order by 2"
    )
    (first, _, first_ended), (second, second_started, _) = bounds
    assert (first, second) == (GOOD, BAD)
    assert first_ended <= second_started


def test_no_two_tasks_use_the_warehouse_at_once(two_runs: TwoRuns) -> None:
    spans = two_runs.project.metadata(
        "select start_date, end_date from task_instance"
        " where dag_id = 'clip_search' and state in ('success', 'failed')"
        " order by start_date"
    )
    for (_, ended), (started, _) in pairwise(spans):
        assert ended <= started


def test_a_failing_test_stops_everything_below_it(two_runs: TwoRuns) -> None:
    states = two_runs.project.states(BAD)
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
    two_runs: TwoRuns,
) -> None:
    for table in (
        "clean_search_request",
        "clean_search_result_interaction",
        "rejected_search_request",
        "rejected_search_result_interaction",
        "log_ledger",
    ):
        last_good = two_runs.published.sorted_rows(table)
        assert last_good, table
        assert rows(two_runs.warehouse, table) == last_good


def told_of(test: str, two_runs: TwoRuns) -> str:
    """What the failed task's log says of one test."""
    messages = two_runs.project.log(BAD, TESTED)
    (told,) = (text for text in messages if text.startswith(f"FAILURE: {test}"))
    return told


def test_a_share_of_rejects_past_its_limit_is_told_with_rule_rows_and_remedy(
    two_runs: TwoRuns,
) -> None:
    told = told_of("search_request_reject_share_below_fail", two_runs)
    folder = two_runs.warehouse.parent / "logs"
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


def test_a_broken_rule_is_told_by_the_test_that_it_fails(two_runs: TwoRuns) -> None:
    told = told_of("reject_reason_iff_rejected", two_runs)
    assert "rows:       2" in told
    assert f"{DAYS[BAD]}/search_request.csv:152" in told
    assert f"{DAYS[BAD]}/search_request.csv:153" in told
    assert '"search_id": "d1"' in told
    assert "A row has a reject reason if and only if it was rejected." in told


def test_a_failed_test_is_not_tried_again(two_runs: TwoRuns) -> None:
    tries = two_runs.project.metadata(
        "select try_number from task_instance where run_id = ? and task_id = ?",
        *(BAD, TESTED),
    )
    assert tries == [(1,)]


def test_each_failure_and_warning_is_one_line_for_an_alerting_tool(
    two_runs: TwoRuns,
) -> None:
    lines = (two_runs.project.home / "logs" / "alerts.jsonl").read_text("utf-8")
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
        assert line in two_runs.project.log(alert["run_id"], alert["task_id"])


def test_personal_data_is_in_no_log_and_no_page(two_runs: TwoRuns) -> None:
    for path in two_runs.project.home.rglob("*"):
        if path.is_file():
            assert RAW_MAIL.encode() not in path.read_bytes(), path


def test_publish_tells_the_ledger_and_each_rule_and_writes_its_pages(
    two_runs: TwoRuns,
) -> None:
    log = "\n".join(two_runs.project.log(GOOD, "publish"))
    assert "search_request: 41 rows raw, 100.00 % of the log" in log
    assert "search_request: 1 rows rejected as timestamp_unreadable, 2.44 %" in log
    assert "search_result_interaction: 20 rows clean, 95.24 % of the log" in log
    page = two_runs.project.home / "dbt_docs" / "static_index.html"
    assert "clean_search_request" in page.read_text("utf-8")
    report = page.with_name("report.html").read_text("utf-8")
    assert "41 search requests and 21 clicks were logged." in report


def test_another_dag_runs_once_both_clean_tables_were_published(
    two_runs: TwoRuns,
) -> None:
    assert two_runs.project.run_states("on_clean_tables") == ["success"]
    extras = two_runs.project.metadata("select extra from asset_event order by id")
    assert sorted(json.loads(extra)["row_count"] for (extra,) in extras) == [20, 40]


def test_ctrl_c_ends_every_process(two_runs: TwoRuns) -> None:
    assert two_runs.exit_code == 0
    assert two_runs.left_running == []
