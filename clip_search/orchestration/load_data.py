"""The first task: loads new logs, or leaves it to the build to use the sample."""

import logging
import os
import sqlite3
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from airflow.sdk import get_current_context, task

from clip_search.engines import database_path
from clip_search.findings import Finding
from clip_search.load import LoadError, load
from clip_search.load.load_error import printable
from clip_search.load.load_progress import Silent
from clip_search.orchestration.failures import raise_failures
from clip_search.project import PROJECT_ROOT

_log = logging.getLogger(__name__)


class LogLines(Silent):
    """Writes each finished file to the task's log."""

    def file_done(self, line: str) -> None:
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
    pattern = os.environ.get("CLIP_SEARCH_LOGS", "")
    database = database_path()
    if not pattern:
        _log.info("CLIP_SEARCH_LOGS is not set: %s", _what_is_built(database))
        return
    folder = folder_of(pattern, day_of(get_current_context()))
    _log.info("loading the logs of %s into %s", printable(str(folder)), database)
    try:
        report = load([folder], database, LogLines())
    except LoadError as error:
        finding = _finding(error)
        _log.error("nothing was loaded\n%s", finding)
        raise_failures((finding,))
    else:
        for note in report.notes:
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
    if database.is_file():
        uri = f"{database.as_uri()}?mode=ro"
        connection = sqlite3.connect(uri, uri=True, timeout=60)
        try:
            (file_count,) = connection.execute(
                "select count(*) from load_record where unloaded_at is null"
            ).fetchone()
        except sqlite3.DatabaseError:
            # A new file, or that of another engine, whose loads are not counted.
            _log.info("%s has no load record that SQLite can read", database)
        finally:
            connection.close()
    if file_count:
        return f"nothing is loaded; building {file_count} files of earlier loads"
    return "building the synthetic sample in seeds/sample"


def _finding(error: LoadError) -> Finding:
    line = "" if error.line is None else f":{error.line}"
    cause = getattr(error.__cause__, "sqlite_errorname", "")
    return Finding(
        severity="failure",
        name="load_data",
        problem=error.problem,
        place=printable(str(error.file)) + line,
        remedy=error.remedy,
        is_transient=cause.startswith("SQLITE_BUSY"),
    )
