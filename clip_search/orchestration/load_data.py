"""The first task: loads the day's logs, or waits for them without holding a slot."""

import logging
import tempfile
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from airflow.sdk import get_current_context, task

from clip_search.clear_error import ClearError
from clip_search.engines import engine, reading, writing
from clip_search.load import LoadError, LoadReport, load
from clip_search.load.files import holds_logs
from clip_search.load.load_progress import Silent
from clip_search.load.log_file import LOOKED_FOR
from clip_search.mapping import Mapping as LogsMapping
from clip_search.orchestration import documentation
from clip_search.orchestration.assets import Assets
from clip_search.orchestration.dag_settings import Settings
from clip_search.orchestration.failures import fail_with, is_transient, skip
from clip_search.wording import counted, printable

_MAX_SECONDS_BETWEEN_LOOKS = 60.0
_LISTED = 5
_log = logging.getLogger(__name__)


class LogLines(Silent):
    """Writes each finished file to the task's log."""

    def file_done(self, line: str) -> None:
        """See Progress."""
        _log.info("%s", line)

    def waiting(self, line: str) -> None:
        """See Progress."""
        _log.info("%s", line)


def load_data_task(settings: Settings, assets: Assets, **arguments: Any) -> Any:
    """The task `load_data`.

    Args:
        settings: The DAG's settings.
        assets: The DAG's assets; the task updates the one of the landed logs.
        arguments: More arguments of the operator.
    """

    @task.sensor(
        task_id="load_data",
        mode="reschedule",
        poke_interval=min(
            _MAX_SECONDS_BETWEEN_LOOKS, max(1.0, settings.wait.total_seconds() / 10)
        ),
        # The task itself fails earlier, and says more than the sensor.
        timeout=(settings.wait + timedelta(days=1)).total_seconds(),
        inlets=[assets.raw],
        outlets=[assets.landed],
        doc_md=documentation.of_task(load_data),
        **arguments,
    )
    def load_data_sensor() -> bool:
        settings.apply()
        return load_data(settings, assets, get_current_context())

    return load_data_sensor()


def load_data(settings: Settings, assets: Assets, context: Mapping[str, Any]) -> bool:
    """Load the folder of the run's day; wait if it has not arrived or is being written.

    Args:
        settings: The DAG's settings.
        assets: The DAG's assets.
        context: Airflow's context of the task.

    Returns:
        Whether the task is done; otherwise it runs again in a minute.

    Raises:
        LastingFailure: The logs cannot be loaded, or did not arrive in time. Nothing
            was loaded; the warehouse is unchanged.
        AirflowSkipException: A dry run, which ends here.
    """
    day = day_of(context)
    dag_run = context["dag_run"]
    until = (dag_run.start_date or dag_run.run_after) + settings.wait
    try:
        with writing(settings.database, _log.info):
            folder = _folder(settings, context["params"], day)
            if folder is None:
                built = _what_is_built(settings.database)
                _log.info("no logs are configured: %s", built)
                return True
            if not holds_logs(folder, settings.mapping) and _may_arrive(
                settings, context
            ):
                return _wait_for(folder, until, settings.wait)
            if context["params"]["dry_run"]:
                _try_to_load(folder, settings.mapping)
                skip("This was a dry run: nothing was loaded.")
            report = _load(folder, settings.database, settings.mapping)
    except (ClearError, LoadError) as error:
        if is_transient(error) and datetime.now(UTC) < until:
            _log.info("%s: trying again in a minute", error.problem)
            return False
        _log.error("nothing was loaded; the warehouse is unchanged")
        fail_with(error, "load_data")
    context["outlet_events"][assets.landed].extra = {
        "day": day.date().isoformat(),
        "folder": str(folder),
        "file_count": len(report.files),
        "row_count": sum(file.row_count for file in report.files),
    }
    return True


def day_of(context: Mapping[str, Any]) -> datetime:
    """The day whose logs a run loads, in UTC.

    It is the one that the trigger form gives, else the logical date: for a scheduled
    run, the interval that has just ended; for a backfill, the one that is filled. A
    run triggered with neither loads the previous day.
    """
    given = context["params"]["day"]
    if given:
        return datetime.fromisoformat(given).replace(tzinfo=UTC)
    dag_run = context["dag_run"]
    day: datetime = dag_run.logical_date or dag_run.run_after - timedelta(days=1)
    return day.astimezone(UTC)


def _folder(
    settings: Settings, params: Mapping[str, Any], day: datetime
) -> Path | None:
    """The folder that the trigger form or the settings give; None without any."""
    pattern = params["folder"] or settings.logs
    if not pattern:
        return None
    return settings.absolute(day.strftime(pattern) if "%" in pattern else pattern)


def _may_arrive(settings: Settings, context: Mapping[str, Any]) -> bool:
    """Whether a missing folder may be late: one that somebody typed is a mistake."""
    return not context["params"]["folder"] and "%" in settings.logs


def _wait_for(folder: Path, until: datetime, wait: timedelta) -> bool:
    found = _nearby(folder)
    if datetime.now(UTC) < until:
        _log.info(
            "waiting until %s for %s (%s)",
            until.strftime("%Y-%m-%d %H:%M UTC"),
            printable(str(folder)),
            found,
        )
        return False
    raise LoadError(
        f"no log arrived within {wait.total_seconds() / 3600:g} h. Looked for"
        f" {LOOKED_FOR}; found: {found}",
        remedy="Ask the sender, and clear this task when the logs are there. If there"
        " are none for this day, put an empty search_request.csv into the folder.",
        file=folder,
    )


def _nearby(folder: Path) -> str:
    """What is in a folder, or in the nearest one above it that exists."""
    place = folder
    while not place.is_dir() and place != place.parent:
        place = place.parent
    names = sorted(entry.name for entry in place.iterdir())
    listed = ", ".join(map(printable, names[-_LISTED:]))
    left_out = len(names) - _LISTED
    more = f", and {counted(left_out, 'other')}" if left_out > 0 else ""
    return f"{printable(str(place))} has {listed or 'nothing'}{more}"


def _load(folder: Path, database: Path, mapping: LogsMapping | None) -> LoadReport:
    _log.info("loading the logs of %s into %s", printable(str(folder)), database)
    report = load([folder], database, LogLines(), mapping)
    for note in report.notes:
        _log.warning("%s", note)
    return report


def _try_to_load(folder: Path, mapping: LogsMapping | None) -> None:
    """Load into a warehouse that is deleted afterwards."""
    with tempfile.TemporaryDirectory() as scratch:
        report = _load(folder, Path(scratch) / "dry_run", mapping)
    for file in report.files:
        _log.info("would load %s: %s", file.log, file)


def _what_is_built(database: Path) -> str:
    """What a build reads; the sample only if nothing was ever loaded (has_loads)."""
    record_count = file_count = 0
    if database.exists():
        try:
            with reading(database) as connection:
                record_count, file_count = connection.execute(
                    "select count(*), count(case when unloaded_at is null then 1 end)"
                    " from load_record"
                ).fetchone()
        except engine().errors():
            _log.info("nothing was ever loaded into %s", database)
    if file_count:
        return f"building {counted(file_count, 'file')} of earlier loads"
    if record_count:
        return "building tables without rows: all files were unloaded"
    return "building the synthetic sample in seeds/sample"
