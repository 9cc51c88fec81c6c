"""A scheduler that is killed during a build, and an Airflow that is restarted.

Long, because Airflow is started twice and needs some time to notice what was lost.
"""

from pathlib import Path

import psutil
import pytest

from lab.warehouse import Warehouse
from tests.python.airflow_project import AirflowProject, RunningAirflow
from tests.python.test_dag_scheduler import (
    DAYS,
    ENDED,
    GOOD,
    assert_same_tables,
    built_by_hand,
    state_of,
    write_site_logs,
)


@pytest.mark.long
def test_a_run_goes_on_after_its_scheduler_was_killed(tmp_path: Path) -> None:
    logs = tmp_path / "sites" / "late" / DAYS[GOOD]
    write_site_logs(logs)
    project = AirflowProject(
        tmp_path,
        TEST_SITES=str(tmp_path / "sites"),
        # Airflow looks for lost tasks every five minutes; a test need not wait so long.
        AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT="20",
        AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT_DETECTION_INTERVAL="5",
        AIRFLOW__SCHEDULER__ORPHANED_TASKS_CHECK_INTERVAL="10",
    )
    project.leave_out_marts()
    project.add_dag("sites.py")
    running = RunningAirflow(project)
    try:
        running.wait_for_dags("late")
        running.trigger("late", GOOD, DAYS[GOOD])
        running.wait(lambda: state_of(running, "late", "build") == "running")
        # Its workers are forked from it, later.
        scheduler = min(
            (
                process
                for process in running.processes()
                if "clip_search.orchestration.warm_scheduler" in process.cmdline()
            ),
            key=psutil.Process.create_time,
        )
        scheduler.kill()
        assert running.ended() == 1
        assert "the scheduler ended unexpectedly" in running.output.read_text()
        assert running.processes() == []

        running = RunningAirflow(project)
        running.wait(lambda: set(project.run_states("late")) <= ENDED)
        running.stop()
    finally:
        running.kill()

    assert project.run_states("late") == ["success"]
    found = Warehouse(tmp_path / "sites" / "late.db", tmp_path / "target")
    assert_same_tables(found, built_by_hand(tmp_path, logs))
