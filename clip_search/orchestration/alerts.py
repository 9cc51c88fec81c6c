"""The DAG's callbacks, which report each failure and warning as one line of JSON.

The line goes to the task's log and to one file for all tasks, which an alerting tool
can follow. It contains no example rows: those stay in the log.
"""

import json
import logging
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from clip_search.findings import Finding
from clip_search.orchestration.environment import alert_file

ALERT_PREFIX = "clip_search_alert"
_log = logging.getLogger(__name__)


def on_failure(context: Mapping[str, Any]) -> None:
    """Airflow calls this when a task has failed and will not be retried."""
    error = context.get("exception")
    findings = getattr(error, "findings", None) or (_unexplained(context, error),)
    _send(findings, context)


def send_warnings(findings: Iterable[Finding], context: Mapping[str, Any]) -> None:
    """Report the warnings of a task that has no failure."""
    _send(findings, context)


def _send(findings: Iterable[Finding], context: Mapping[str, Any]) -> None:
    for finding in findings:
        line = json.dumps(_alert(finding, context), ensure_ascii=False)
        level = logging.ERROR if finding.severity == "failure" else logging.WARNING
        _log.log(level, "%s %s", ALERT_PREFIX, line)
        try:
            alert_file().parent.mkdir(parents=True, exist_ok=True)
            # One write per line in append mode, so that lines of several tasks do not
            # mix.
            with alert_file().open("a", encoding="utf-8") as file:
                file.write(line + "\n")
        except OSError as error:
            _log.warning("could not append the alert to %s: %s", alert_file(), error)


def _alert(finding: Finding, context: Mapping[str, Any]) -> dict[str, object]:
    task_instance = context["ti"]
    return {
        "alert": finding.severity,
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "dag_id": task_instance.dag_id,
        "run_id": task_instance.run_id,
        "task_id": task_instance.task_id,
        "try_number": task_instance.try_number,
        "name": finding.name,
        "model": finding.model,
        "rule": finding.rule,
        "row_count": finding.row_count,
        "place": finding.place,
        "problem": finding.problem,
        "remedy": finding.remedy,
        "log_url": getattr(task_instance, "log_url", None),
    }


def _unexplained(context: Mapping[str, Any], error: object) -> Finding:
    return Finding(
        severity="failure",
        name=context["ti"].task_id,
        problem=str(error or "the task's process ended without a message"),
        place=f"task {context['ti'].task_id}",
        remedy="Read the end of the task's log; if it is cut off, check the memory "
        "and the disk of the machine.",
    )
