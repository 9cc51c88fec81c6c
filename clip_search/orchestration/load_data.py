"""The first task: loads new logs, or leaves it to the build to use the sample."""

import logging
import os
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from airflow.sdk import get_current_context, task

from clip_search.clear_error import ClearError
from clip_search.engines import (
    database_path,
    engine,
    reading,
    wait_until_writable,
)
from clip_search.load import LoadError, load
from clip_search.load.load_progress import Silent
from clip_search.orchestration.failures import fail_with
from clip_search.project import PROJECT_ROOT
from clip_search.wording import printable

_log = logging.getLogger(__name__)


class LogLines(Silent):
    """Writes each finished file to the task's log."""

    def file_done(self, line: str) -> None:
        """See Progress."""
        _log.info("%s", line)

    def waiting(self, line: str) -> None:
        """See Progress."""
        _log.info("%s", line)


@task
def load_data() -> None:
    """Load the folder that `CLIP_SEARCH_LOGS` gives for the run's day.

    Raises:
        LastingFailure: The logs are missing or cannot be loaded. Nothing was loaded;
            the warehouse is unchanged.
        TransientFailure: Another process was writing to the warehouse for too long.
    """
    try:
        _load(os.environ.get("CLIP_SEARCH_LOGS", ""), database_path())
    except (ClearError, LoadError) as error:
        _log.error("nothing was loaded; the warehouse is unchanged")
        fail_with(error, "load_data")


def _load(pattern: str, database: Path) -> None:
    wait_until_writable(database, _log.info)
    if not pattern:
        _log.info("CLIP_SEARCH_LOGS is not set: %s", _what_is_built(database))
        return
    folder = folder_of(pattern, day_of(get_current_context()))
    _log.info("loading the logs of %s into %s", printable(str(folder)), database)
    for note in load([folder], database, LogLines()).notes:
        _log.warning("%s", note)


def folder_of(pattern: str, day: datetime) -> Path:
    """The folder of one day's logs.

    Args:
        pattern: A path, absolute or relative to the project's root. It may contain
            strftime codes: `/logs/%Y-%m-%d`. Without any, every run loads what is new
            in the whole folder.
        day: The day, in UTC.
    """
    return PROJECT_ROOT / (day.strftime(pattern) if "%" in pattern else pattern)


def day_of(context: Mapping[str, Any]) -> datetime:
    """The day whose logs a run loads: its logical date.

    For a scheduled run, that is the day that has just ended; for a backfill, the day
    that is filled. A run triggered without a logical date loads the previous day.
    """
    dag_run = context["dag_run"]
    day: datetime = dag_run.logical_date or dag_run.run_after - timedelta(days=1)
    return day.astimezone(UTC)


def _what_is_built(database: Path) -> str:
    file_count = 0
    if database.exists():
        try:
            with reading(database) as connection:
                (file_count,) = connection.execute(
                    "select count(*) from load_record where unloaded_at is null"
                ).fetchone()
        except engine().errors():
            _log.info("nothing was ever loaded into %s", database)
    if file_count:
        return f"nothing is loaded; building {file_count} files of earlier loads"
    return "building the synthetic sample in seeds/sample"
