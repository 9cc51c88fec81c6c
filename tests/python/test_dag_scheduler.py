"""What can happen to a run, under a real scheduler.

One Airflow runs the project's DAG, for a good day and a bad day, and DAGs for other
things that can happen (tests/dag/sites.py): logs that never arrive; logs that are late,
after which the build is killed; a failed node that is cleared. The project is a copy
with a broken rule, which takes effect on the bad day and for the site `cleared`: rows
of a search_id of two searches are rejected without a reason. While Airflow runs, the
rule is corrected and a model is added.
"""

import json
import shutil
import signal
import sqlite3
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import psutil
import pytest

from lab.warehouse import Row, Warehouse
from tests.python.airflow_project import LEFT_OUT, ROOT, AirflowProject, RunningAirflow

# Starts a real scheduler, whose processes take seconds each.
pytestmark = pytest.mark.slow

GOOD, BAD = "good_day", "bad_day"
DAYS = {GOOD: "2020-01-01", BAD: "2020-01-02"}
SITES = ("late", "never", "cleared")
MODEL = Path("models/clean/int_search_request_checked.sql")
TESTED = "clean.int_search_request_checked"
ADDED = "clean.int_added"
RAW_MAIL = "anna.berg@example.org"
RULE = "coalesce(judged_alone.reject_reason, settled.reject_reason) as reject_reason"
# The records of loads and builds differ from run to run.
NOTES = {"load_record", "build_record", "run_record"}
ENDED = {"success", "failed"}
# What Cosmos serves, and what each page says.
PAGES = {
    "/cosmos/clip_search/dbt_docs_index.html": "clean_search_request",
    "/cosmos/clip_search_report/dbt_docs_index.html": "search requests and",
    "/cosmos/clip_search/manifest.json": "manifest not found",
}


@dataclass
class Runs:
    """What the runs have left, after Airflow has stopped."""

    project: AirflowProject
    listening: set[str] = field(default_factory=set)
    pages: dict[str, dict[str, tuple[int, str]]] = field(default_factory=dict)
    exit_code: int | None = None
    left_running: list[str] = field(default_factory=list)

    @property
    def folder(self) -> Path:
        """The folder of the logs and warehouses."""
        return self.project.warehouse.parent

    def site(self, name: str) -> Warehouse:
        """The warehouse of a site."""
        return Warehouse(self.folder / "sites" / f"{name}.db", self.folder / "target")

    @property
    def published(self) -> Warehouse:
        """The warehouse as the good day left it."""
        return Warehouse(self.folder / "published.db", self.folder / "target")


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


def write_site_logs(folder: Path, *more_requests: str) -> None:
    """A day on which one request is rejected."""
    day = folder.name
    write_logs(
        folder,
        [
            *(f"{day}-{n},kites,{day}T10:00:00Z,u{n},9" for n in range(20)),
            f"{day}-b,kites,yesterday,u1,9",
            *more_requests,
        ],
        [f"{day}-{n},{day}T10:00:30Z,c1,2" for n in range(10)],
    )


def write_all_logs(folder: Path) -> None:
    write_both_days(folder / "logs")
    sites = folder / "sites"
    write_site_logs(
        sites / "cleared" / DAYS[GOOD],
        "d1,kites,2020-01-01T10:00:00Z,u1,9",
        "d1,trains,2020-01-01T10:00:00Z,u1,9",
    )
    (sites / "never" / "2019-12-31").mkdir(parents=True)


def prepared_project(folder: Path) -> AirflowProject:
    write_all_logs(folder)
    project = AirflowProject(
        folder,
        CLIP_SEARCH_LOGS=str(folder / "logs" / "%Y-%m-%d"),
        TEST_SITES=str(folder / "sites"),
        AIRFLOW__CORE__DAGS_ARE_PAUSED_AT_CREATION="True",
        # The test says when the DAG files have changed.
        AIRFLOW__DAG_PROCESSOR__MIN_FILE_PROCESS_INTERVAL="3600",
        AIRFLOW__SCHEDULER__SCHEDULER_IDLE_SLEEP_TIME="0.2",
    )
    project.leave_out_marts()
    project.add_dag("on_clean_tables.py")
    project.add_dag("sites.py")
    sql = (project.root / MODEL).read_text("utf-8")
    assert RULE in sql
    (project.root / MODEL).write_text(sql.replace(RULE, "judged_alone.reject_reason"))
    return project


def start_runs(running: RunningAirflow) -> None:
    """Triggers runs while the DAGs are paused, and only then lets them start."""
    dags = {"clip_search", "on_clean_tables", *SITES}
    running.wait_for_dags(*dags)
    project_runs = [("clip_search", GOOD), ("clip_search", BAD)]
    for dag, run_id in [*project_runs, *((site, GOOD) for site in SITES)]:
        running.trigger(dag, run_id, DAYS[run_id])
    for dag in dags:
        running.ask("PATCH", f"/api/v2/dags/{dag}", is_paused=False)


def state_of(running: RunningAirflow, dag: str, task: str) -> str | None:
    return running.project.states(GOOD, dag).get(task)


def kill_dbt(running: RunningAirflow, database: Path) -> None:
    """Kills the process that has the database open while dbt is building it."""
    found: list[psutil.Process] = []

    def is_building() -> bool:
        if state_of(running, "late", "build") == "running":
            for process in running.processes():
                with suppress(psutil.Error):
                    if str(database) in {file.path for file in process.open_files()}:
                        found.append(process)
        return bool(found)

    running.wait(is_building, pause=0.05)
    found[0].kill()


def let_late_logs_arrive(running: RunningAirflow) -> None:
    running.wait(lambda: state_of(running, "late", "load_data") == "up_for_reschedule")
    write_site_logs(running.project.warehouse.parent / "sites" / "late" / DAYS[GOOD])


def keep_the_good_day(running: RunningAirflow) -> None:
    """Copies the warehouse between the two runs of the project's DAG."""
    is_built = ("running", "success")
    running.wait(lambda: state_of(running, "clip_search", "publish") in is_built)
    database = running.project.warehouse
    with (
        sqlite3.connect(database) as source,
        sqlite3.connect(database.with_name("published.db")) as copy,
    ):
        source.backup(copy)


def have_ended(project: AirflowProject) -> bool:
    return all(
        states and set(states) <= ENDED
        for states in map(project.run_states, ("clip_search", *SITES))
    )


def change_the_project(running: RunningAirflow) -> None:
    """Corrects the rule and adds a model, and has Airflow parse the DAGs again."""
    project = running.project
    shutil.copy(ROOT / MODEL, project.root / MODEL)
    added = "select count(*) as row_count from {{ ref('clean_search_request') }}\n"
    (project.root / MODEL).with_name("int_added.sql").write_text(added)
    token = running.ask("GET", "/api/v2/dags/cleared/details")["file_token"]
    running.ask("PUT", f"/api/v2/parseDagFile/{token}")
    tasks = "/api/v2/dags/cleared/tasks"
    running.wait(
        lambda: (
            ADDED in {task["task_id"] for task in running.ask("GET", tasks)["tasks"]}
        )
    )


def clear_the_failed_node(running: RunningAirflow) -> None:
    assert state_of(running, "cleared", TESTED) == "failed"
    running.ask(
        "POST",
        "/api/v2/dags/cleared/clearTaskInstances",
        dry_run=False,
        dag_run_id=GOOD,
        task_ids=[TESTED],
        include_downstream=True,
        only_failed=False,
    )
    running.wait(lambda: running.project.run_states("cleared")[0] in ENDED)


def fill_in_the_form(running: RunningAirflow) -> None:
    """Starts runs as the trigger form does, after the late logs were published."""
    site = running.project.warehouse.parent / "sites" / "late"
    write_site_logs(site / "2020-01-03")
    form = {
        "nothing_new": {"day": DAYS[GOOD]},
        "dry_run": {"day": "2020-01-03", "dry_run": True},
        "typing_error": {"folder": "/nowhere"},
    }
    for run_id, values in form.items():
        running.trigger("late", run_id, form=values)
    running.wait(
        lambda: (
            len(running.project.run_states("late")) == 1 + len(form)
            and set(running.project.run_states("late")) <= ENDED
        )
    )


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runs]:
    """Everything that happens, one thing after the other."""
    project = prepared_project(tmp_path_factory.mktemp("scheduler"))
    runs = Runs(project)
    running = RunningAirflow(project)
    try:
        start_runs(running)
        keep_the_good_day(running)
        let_late_logs_arrive(running)
        kill_dbt(running, runs.site("late").database)
        running.wait(lambda: have_ended(project))
        running.wait(lambda: "success" in project.run_states("on_clean_tables"))
        fill_in_the_form(running)
        change_the_project(running)
        clear_the_failed_node(running)
        runs.listening = running.listening()
        sessions = {"nobody": "", "stranger": "_token=x", "user": running.session()}
        runs.pages = {
            path: {who: running.page(path, sent) for who, sent in sessions.items()}
            for path in PAGES
        }
        # Other ways to end, and while a task runs, are in test_airflow_stops.py.
        runs.exit_code = running.stop(signal.SIGTERM)
        runs.left_running = [
            " ".join(process.cmdline()) for process in running.processes()
        ]
        yield runs
    finally:
        running.kill()


def built_by_hand(folder: Path, *logs: Path) -> Warehouse:
    warehouse = Warehouse(folder / "by_hand.db", folder / "target")
    for day in logs:
        warehouse.load(day)
    build = ("dbt", "build", "--exclude-resource-type", "unit_test")
    built = warehouse.run(*build, "--exclude", *LEFT_OUT)
    assert built.returncode == 0, built.stdout
    return warehouse


def assert_same_tables(found: Warehouse, expected: Warehouse) -> None:
    assert found.tables() == expected.tables()
    for table in set(expected.tables()) - NOTES:
        assert found.sorted_rows(table) == expected.sorted_rows(table), table


def rows(database: Path, table: str) -> list[Row]:
    with sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True) as reader:
        return sorted(reader.execute(f"select * from {table}").fetchall(), key=repr)


# Long, because the late day is compared with the command line's tables, too.
@pytest.mark.long
def test_a_scheduled_run_leaves_what_the_command_line_leaves(
    runs: Runs, tmp_path: Path
) -> None:
    assert runs.project.run_states("clip_search")[0] == "success"
    expected = built_by_hand(tmp_path, runs.folder / "logs" / DAYS[GOOD])
    assert_same_tables(runs.published, expected)


def test_runs_triggered_at_once_run_one_after_the_other(runs: Runs) -> None:
    bounds = runs.project.metadata(
        "select run_id, min(start_date), max(end_date) from task_instance"
        " where dag_id = 'clip_search' and state in ('success', 'failed')"
        " group by run_id order by 2"
    )
    (first, _, first_ended), (second, second_started, _) = bounds
    assert (first, second) == (GOOD, BAD)
    assert first_ended <= second_started


def test_a_failing_test_stops_everything_below_it(runs: Runs) -> None:
    states = runs.project.states(BAD)
    assert states[TESTED] == "failed"
    not_run = {task for task, state in states.items() if state == "upstream_failed"}
    assert not_run >= {
        "clean.int_search_result_interaction_checked",
        "clean.clean_search_request",
        "clean.clean_search_result_interaction",
        "clean.log_ledger",
        "publish",
    }
    assert set(states.values()) == {"success", "failed", "upstream_failed"}
    assert states["build"] == "success"


def test_after_a_failed_run_the_clean_tables_are_the_last_good_ones(
    runs: Runs,
) -> None:
    for table in (
        "clean_search_request",
        "clean_search_result_interaction",
        "rejected_search_request",
        "waiting_search_result_interaction",
        "log_ledger",
    ):
        last_good = runs.published.sorted_rows(table)
        assert last_good, table
        assert rows(runs.project.warehouse, table) == last_good


def told_of(test: str, runs: Runs) -> str:
    """The failed task's log messages about one test."""
    messages = runs.project.log(BAD, TESTED)
    (told,) = (text for text in messages if text.startswith(f"FAILURE: {test}"))
    return told


def test_a_share_of_rejects_past_its_limit_is_told_with_rule_rows_and_remedy(
    runs: Runs,
) -> None:
    told = told_of("search_request_reject_share_below_fail", runs)
    # 150 + 1 unreadable times of 193 rows.
    assert "rejected 78.24 % of the log's rows, more than reject_share_fail" in told
    assert "rows:       151" in told
    assert "model:      int_search_request_checked" in told
    assert "rule:       timestamp_unreadable" in told
    assert "where:      models/clean/_clean.yml:" in told
    assert told.count(f"{runs.folder}/logs/") == 3
    assert "search_request.csv:" in told
    assert '"search_query": "[email]"' in told
    assert "Log ISO 8601 with an offset." in told
    assert "docs/errors.md#timestamp_unreadable" in told


def test_a_broken_rule_is_told_by_the_test_that_it_fails(runs: Runs) -> None:
    told = told_of("reject_reason_iff_rejected", runs)
    assert "rows:       2" in told
    assert f"{DAYS[BAD]}/search_request.csv:152" in told
    assert f"{DAYS[BAD]}/search_request.csv:153" in told
    assert '"search_id": "d1"' in told
    assert "A row has a reject reason if and only if it was rejected." in told


def test_the_log_of_a_node_lists_its_tests(runs: Runs) -> None:
    log = "\n".join(runs.project.log(GOOD, "clean.clean_search_request"))
    assert "model clean_search_request: success in " in log
    assert "test unique_clean_search_request_search_id: pass in " in log


def test_a_failed_test_is_not_tried_again(runs: Runs) -> None:
    tries = runs.project.metadata(
        "select try_number from task_instance where run_id = ? and task_id = ?",
        *(BAD, TESTED),
    )
    assert tries == [(1,)]


def test_each_failure_and_warning_is_one_line_for_an_alerting_tool(
    runs: Runs,
) -> None:
    lines = (runs.project.home / "logs" / "alerts.jsonl").read_text("utf-8")
    alerts = [
        alert for alert in map(json.loads, lines.splitlines()) if alert["run_id"] == BAD
    ]
    told = {
        (alert["alert"], alert["name"].split("_int_")[0], alert["rule"])
        for alert in alerts
    }
    assert told == {
        ("failure", "search_request_reject_share_below_fail", "timestamp_unreadable"),
        ("warning", "search_request_reject_share_below_warn", "timestamp_unreadable"),
        ("failure", "reject_reason_iff_rejected", None),
    }
    assert len(alerts) == len(told)
    for alert in alerts:
        assert alert["dag_id"] == "clip_search"
        assert alert["task_id"] == TESTED
        assert alert["remedy"]
        line = "clip_search_alert " + json.dumps(alert, ensure_ascii=False)
        assert line in runs.project.log(alert["run_id"], alert["task_id"])


def test_a_run_waits_for_late_logs_without_a_slot_and_then_goes_on(
    runs: Runs, tmp_path: Path
) -> None:
    assert runs.project.run_states("late")[0] == "success"
    told = "\n".join(runs.project.log(GOOD, "load_data", "late"))
    assert f"for {runs.folder}/sites/late/{DAYS[GOOD]} (" in told
    expected = built_by_hand(tmp_path, runs.folder / "sites" / "late" / DAYS[GOOD])
    assert_same_tables(runs.site("late"), expected)


def test_logs_that_never_arrive_fail_the_run_which_says_what_it_found(
    runs: Runs,
) -> None:
    states = runs.project.states(GOOD, "never")
    assert states["load_data"] == "failed"
    assert states["publish"] == "upstream_failed"
    told = "\n".join(runs.project.log(GOOD, "load_data", "never"))
    assert "FAILURE: load_data" in told
    assert "no log arrived within 0.002 h. Looked for files named" in told
    assert f"found: {runs.folder}/sites/never has 2019-12-31" in told
    assert f"where:      {runs.folder}/sites/never/{DAYS[GOOD]}" in told


def test_a_killed_build_is_finished_by_its_next_try(runs: Runs) -> None:
    # The test of the late logs compares the tables.
    tries = runs.project.metadata(
        "select state, try_number from task_instance"
        " where dag_id = 'late' and task_id = 'build' and run_id = ?",
        GOOD,
    )
    assert tries == [("success", 2)]


def test_a_run_with_nothing_new_ends_after_it_has_told_the_ledger(runs: Runs) -> None:
    states = runs.project.states("nothing_new", "late")
    assert states.pop("load_data") == "success"
    assert set(states.values()) == {"skipped"}
    told = "\n".join(runs.project.log("nothing_new", "build", "late"))
    assert "Nothing new since 20" in told
    assert "search_request: 20 rows clean, 95.24 % of the log" in told


def test_a_dry_run_reads_the_logs_of_the_day_in_the_form_and_changes_nothing(
    runs: Runs,
) -> None:
    assert set(runs.project.states("dry_run", "late").values()) == {"skipped"}
    told = "\n".join(runs.project.log("dry_run", "load_data", "late"))
    assert "late/2020-01-03/search_request.csv: 21 rows, new" in told
    loaded = rows(runs.site("late").database, "load_record")
    assert not any("2020-01-03" in str(record) for record in loaded)


def test_a_folder_that_was_typed_wrong_fails_at_once(runs: Runs) -> None:
    assert runs.project.states("typing_error", "late")["load_data"] == "failed"
    told = "\n".join(runs.project.log("typing_error", "load_data", "late"))
    assert "what:       there is no such file or folder" in told
    assert "where:      /nowhere" in told


def test_a_cleared_node_and_those_below_it_are_built_on_their_own(runs: Runs) -> None:
    assert runs.project.run_states("cleared") == ["success"]
    told = runs.project.log(GOOD, TESTED, "cleared")
    assert "building int_search_request_checked again, on its own" in told
    cleared = runs.site("cleared")
    rejected = [row[:4] for row in cleared.sorted_rows("rejected_search_request")]
    assert len(rejected) == 3
    assert len(cleared.sorted_rows("clean_search_request")) == 20
    assert len(cleared.sorted_rows("clean_search_result_interaction")) == 10


def test_a_changed_project_changes_the_dag_while_airflow_runs(runs: Runs) -> None:
    # The run began before there was this model.
    assert runs.project.states(GOOD, "cleared")[ADDED] == "success"
    assert rows(runs.site("cleared").database, "int_added") == [(20,)]


def test_airflow_listens_on_this_machine_only(runs: Runs) -> None:
    assert runs.listening == {"127.0.0.1"}


@pytest.mark.parametrize("path", PAGES)
def test_airflow_shows_its_pages_only_to_users_who_have_logged_in(
    path: str, runs: Runs
) -> None:
    asked = runs.pages[path]
    login = f"/api/v2/auth/login?next={quote(path, safe='')}"
    assert asked["nobody"] == asked["stranger"] == (307, login)
    assert PAGES[path] in asked["user"][1]


def test_personal_data_is_in_no_log_and_no_page(runs: Runs) -> None:
    for path in runs.project.home.rglob("*"):
        if path.is_file():
            assert RAW_MAIL.encode() not in path.read_bytes(), path


def test_what_airflow_writes_is_for_its_owner_only(runs: Runs) -> None:
    """The umask of the tests' Airflow is 0."""
    home = runs.project.home
    written = [path for path in home.rglob("*") if not path.is_symlink()]
    assert home / "airflow.db" in written
    assert [path for path in written if path.stat().st_mode & 0o077] == []


def test_publish_tells_the_ledger_and_each_rule_and_writes_its_pages(
    runs: Runs,
) -> None:
    log = "\n".join(runs.project.log(GOOD, "publish"))
    assert "search_request: 41 rows raw, 100.00 % of the log" in log
    assert "search_request: 1 rows rejected as timestamp_unreadable, 2.44 %" in log
    assert "search_result_interaction: 20 rows clean, 95.24 % of the log" in log
    pages = runs.project.home / "clip_search" / "clip_search" / "pages"
    assert "clean_search_request" in (pages / "static_index.html").read_text("utf-8")
    report = (pages / "report.html").read_text("utf-8")
    assert "41 search requests and 21 clicks were logged." in report


def test_another_dag_runs_once_both_clean_tables_were_published(runs: Runs) -> None:
    assert runs.project.run_states("on_clean_tables") == ["success"]
    extras = [
        json.loads(extra)
        for (extra,) in runs.project.metadata(
            "select extra from asset_event where source_dag_id = 'clip_search'"
            " and source_run_id = ? order by id",
            GOOD,
        )
    ]
    counts = [extra["row_count"] for extra in extras if "ledger" in extra]
    assert sorted(counts) == [20, 40]
    (requests,) = (extra for extra in extras if extra.get("row_count") == 40)
    assert requests["day"] == DAYS[GOOD]
    assert requests["ledger"] == {
        **{"raw": 41, "clean": 40, "folded": 0, "waiting": 0, "rejected": 1},
        "rejected_as": {"timestamp_unreadable": 1},
    }
    landed = next(extra for extra in extras if "file_count" in extra)
    assert landed["file_count"] == 2
    assert landed["row_count"] == 62
    assert landed["day"] == DAYS[GOOD]


def test_sigterm_ends_every_process(runs: Runs) -> None:
    assert runs.exit_code == 0
    assert runs.left_running == []
