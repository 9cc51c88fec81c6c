"""A backfill of five days, as the UI starts it.

Long, because it is five runs, and each publishes its pages.
"""

from pathlib import Path

import pytest

from tests.python.airflow_project import AirflowProject, RunningAirflow
from tests.python.test_dag_scheduler import ENDED, built_by_hand, rows, write_site_logs

DAYS = [f"2020-01-0{number}" for number in range(1, 6)]


@pytest.mark.long
def test_a_backfill_of_five_days_at_once_and_backwards_is_right(tmp_path: Path) -> None:
    logs = tmp_path / "sites" / "backfilled"
    for day in DAYS:
        write_site_logs(logs / day)
    project = AirflowProject(tmp_path, TEST_SITES=str(tmp_path / "sites"))
    project.leave_out_marts()
    project.add_dag("sites.py")
    running = RunningAirflow(project)
    try:
        running.wait_for_dags("backfilled")
        running.ask(
            "POST",
            "/api/v2/backfills",
            dag_id="backfilled",
            from_date=f"{DAYS[0]}T00:00:00Z",
            to_date=f"{DAYS[-1]}T23:00:00Z",
            # The last day first, and all of them at the same time.
            run_backwards=True,
            max_active_runs=5,
        )
        running.wait(
            lambda: (
                len(project.run_states("backfilled")) == len(DAYS)
                and set(project.run_states("backfilled")) <= ENDED
            )
        )
        running.stop()
    finally:
        running.kill()

    assert project.run_states("backfilled") == ["success"] * len(DAYS)
    expected = built_by_hand(tmp_path, *(logs / day for day in DAYS))
    for table in (
        "clean_search_request",
        "clean_search_result_interaction",
        "log_ledger",
    ):
        found = rows(tmp_path / "sites" / "backfilled.db", table)
        assert found == expected.sorted_rows(table)
