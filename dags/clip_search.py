"""Clean the clip-search logs: load them, build and test every table, publish.

`load_data` loads the logs that `CLIP_SEARCH_LOGS` gives (without it, the synthetic
sample is cleaned). Then every seed, model and test of the dbt project is a separate
task. A failing test stops everything downstream, so that the clean tables keep their
last good rows. `publish` logs where every row ended, builds the
[dbt docs](/cosmos/clip_search/dbt_docs), writes
[a report on the logs](/cosmos/clip_search_report/dbt_docs) and updates an asset for
each clean table.

If a task fails, its log says what failed, where, how many rows, and what to do;
docs/runbook.md explains each alert.
"""

from datetime import datetime, timedelta

from airflow.sdk import DAG
from airflow.timetables.interval import CronDataIntervalTimetable
from cosmos import (
    DbtTaskGroup,
    ExecutionConfig,
    ProfileConfig,
    ProjectConfig,
    RenderConfig,
)
from cosmos.constants import InvocationMode, LoadMode, TestIndirectSelection

from clip_search.engines import engine_name
from clip_search.orchestration import environment
from clip_search.orchestration.alerts import on_failure, on_warning
from clip_search.orchestration.failures import judge_results
from clip_search.orchestration.load_data import load_data
from clip_search.orchestration.manifest import fresh_manifest
from clip_search.orchestration.publish import publish
from clip_search.project import PROJECT_ROOT

cron = environment.schedule()

with DAG(
    environment.DAG_ID,
    doc_md=__doc__,
    # With an interval, a run's logical date is the day that it loads, not the day
    # after.
    schedule=CronDataIntervalTimetable(cron, timezone="UTC") if cron else None,
    start_date=datetime(2020, 1, 1),
    catchup=False,
    max_active_runs=1,
    default_args={
        "pool": environment.POOL,
        "retries": 3,
        "retry_delay": timedelta(seconds=30),
        "retry_exponential_backoff": 2.0,
        "on_failure_callback": on_failure,
    },
):
    build = DbtTaskGroup(
        group_id="dbt",
        project_config=ProjectConfig(
            PROJECT_ROOT,
            manifest_path=fresh_manifest(),
            env_vars=environment.dbt_environment(),
            install_dbt_deps=False,
        ),
        profile_config=ProfileConfig(
            profile_name="clip_search",
            target_name=engine_name(),
            profiles_yml_filepath=PROJECT_ROOT / "profiles.yml",
        ),
        render_config=RenderConfig(
            load_method=LoadMode.DBT_MANIFEST,
            # An ephemeral model is part of the statements that read it, so there is
            # nothing to run.
            exclude=["resource_type:unit_test", "config.materialized:ephemeral"],
            emit_datasets=False,
        ),
        execution_config=ExecutionConfig(
            invocation_mode=InvocationMode.DBT_RUNNER,
            test_indirect_selection=TestIndirectSelection.BUILDABLE,
        ),
        operator_args={"callback": judge_results},
        on_warning_callback=on_warning,
    )
    load_data() >> build >> publish()
