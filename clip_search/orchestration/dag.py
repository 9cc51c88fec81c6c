"""The DAG: load the logs, build and test every table, publish."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from airflow.sdk import DAG, Param, get_parsing_context
from airflow.timetables.interval import CronDataIntervalTimetable

from clip_search.engines import engine
from clip_search.orchestration.alerts import on_failure
from clip_search.orchestration.assets import assets_of
from clip_search.orchestration.build_task import build_task
from clip_search.orchestration.dag_settings import Settings
from clip_search.orchestration.dbt_graph import add_nodes, add_only_node
from clip_search.orchestration.environment import (
    DAG_ID,
    DEFAULT_SCHEDULE,
    DEFAULT_WAIT_HOURS,
    state_folder,
)
from clip_search.orchestration.export_files import checked_exports
from clip_search.orchestration.load_data import load_data_task
from clip_search.orchestration.publish import publish_task
from clip_search.project import WORK_ROOT

_DOC = """Load the logs of clip searches, build and test every table, publish.

- **load_data** loads the day's logs, and waits for them if they are late.
- **build** runs dbt once, for all seeds, models and tests.
- The **groups** show what dbt did: a task for each seed and model, with its tests.
  Where one fails, nothing below it runs, and the clean tables keep the rows of the last
  good run.
- **publish** logs where every row ended up, writes the dbt docs, the report and the
  exports, and updates the assets of the clean tables.

If a task fails, its log says what failed, where, how many rows, and what to do: look
for `FAILURE:`. A run with nothing new ends after `build`.
"""
# The trigger form.
_PARAMS = {
    "day": Param(
        None,
        type=["null", "string"],
        format="date",
        title="Day",
        description="Load the logs of this day. Empty: the run's logical date.",
    ),
    "folder": Param(
        None,
        type=["null", "string"],
        title="Folder",
        description="Load this folder instead; it may contain codes such as %Y-%m-%d.",
    ),
    "full_refresh": Param(
        False,
        type="boolean",
        title="Full refresh",
        description="Build every table from all rows, not only from what is new.",
    ),
    "dry_run": Param(
        False,
        type="boolean",
        title="Dry run",
        description="Only try whether the logs can be loaded; change nothing.",
    ),
}
_ARGUMENTS: Mapping[str, Any] = {
    "description": "Clean the logs of clip searches, and learn from them.",
    "doc_md": _DOC,
    "start_date": datetime(2020, 1, 1),
    "catchup": False,
    "max_active_runs": 1,
    "params": _PARAMS,
}
_TASK_ARGUMENTS: Mapping[str, Any] = {
    "retries": 3,
    "retry_delay": timedelta(seconds=30),
    "retry_exponential_backoff": 2.0,
    "on_failure_callback": on_failure,
}


def clip_search_dag(  # noqa: PLR0913 - a DAG file is where people set all of this
    dag_id: str = DAG_ID,
    *,
    logs: str | Path = "",
    logs_as: str = "",
    schedule: Any = DEFAULT_SCHEDULE,
    target: str = "sqlite",
    database: str | Path | None = None,
    wait_hours: float = DEFAULT_WAIT_HOURS,
    pool: str = "default_pool",
    owner: str = "search",
    exports: Sequence[str] = (),
    **more: Any,
) -> DAG:
    """A DAG that keeps a warehouse up to date.

    Args:
        dag_id: Its id. DAGs with different ids and databases do not affect each other.
        logs: The folder of the logs, which may contain strftime codes for the day:
            `/logs/%Y-%m-%d`. Without codes, every run loads what is new in the folder.
            If empty, each run builds what was loaded before, or the synthetic sample.
        logs_as: How the logs of another team become ours: a preset, such as `ubi`, or
            the file of a mapping (`mapping.toml`). If empty, the logs are our own.
        schedule: A cron expression, in UTC: a run loads the day (or hour) that has just
            ended. None: manual runs only. Anything else is passed to Airflow.
        target: The engine: `sqlite`, `duckdb` or `spark`.
        database: The warehouse's file (Spark: folder). By default, it is in the folder
            of the DAG's state, `AIRFLOW_HOME/clip_search/DAG_ID`.
        wait_hours: How long a run waits for logs that are late before it fails.
        pool: The pool of the tasks that use the warehouse. A pool with one slot keeps
            the runs of a backfill from waiting for each other inside their tasks.
        owner: The owner that the UI shows.
        exports: The formats that `publish` writes, of those that
            `clip-search export --list` prints.
        more: More arguments of Airflow's `DAG`, in place of this function's own.

    Raises:
        ExportError: There is no format of that name. The UI shows the message.
        ManifestError: dbt cannot read the project. The UI shows the message.
        MissingExtraError: The engine is not installed.
    """
    folder = state_folder(dag_id)
    default = folder / Path(engine(target).DEFAULT_DATABASE).name
    settings = Settings(
        dag_id=dag_id,
        logs=str(logs),
        target=target,
        database=(WORK_ROOT / (database or default)).resolve(),
        wait=timedelta(hours=wait_hours),
        folder=folder,
        logs_as=logs_as,
        exports=checked_exports(tuple(exports)),
    )
    assets = assets_of(dag_id, settings.exports)
    # A backfill ignores the limit of active runs. These tasks still do not overlap.
    alone = {"pool": pool, "max_active_tis_per_dag": 1}
    arguments = {
        **_ARGUMENTS,
        "tags": ["clip-search", target],
        "default_args": {**_TASK_ARGUMENTS, "owner": owner},
        **more,
    }
    with DAG(dag_id, schedule=_timetable(schedule), **arguments) as dag:
        running = get_parsing_context()
        if "." in (running.task_id or ""):
            # Airflow parses the DAG again in the process of each task.
            add_only_node(str(running.task_id), dag, settings)
            return dag
        build = build_task(settings, **alone)
        publish = publish_task(settings, assets, **alone)
        load_data_task(settings, assets, **alone) >> build
        if running.task_id:
            return dag
        nodes = add_nodes(dag, settings)
        build >> [node for node in nodes if not node.upstream_task_ids]
        [node for node in nodes if not node.downstream_task_ids] >> publish
    return dag


def _timetable(schedule: Any) -> Any:
    """With an interval, a run's logical date is the day that it loads."""
    if isinstance(schedule, str):
        return CronDataIntervalTimetable(schedule, timezone="UTC")
    return schedule
