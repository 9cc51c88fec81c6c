"""Ends a task according to its findings: retried, or failed without a retry."""

import logging
from pathlib import Path
from typing import Any, NoReturn

from airflow.sdk.exceptions import AirflowException, AirflowFailException

from clip_search.clear_error import ClearError
from clip_search.engines.warehouse_error import WarehouseError
from clip_search.findings import Finding, read_findings
from clip_search.load import LoadError
from clip_search.orchestration.alerts import FINDINGS_KEY
from clip_search.wording import printable

_log = logging.getLogger(__name__)


class TransientFailure(AirflowException):
    """A failure that may go away: the task is retried.

    Attributes:
        findings: All findings, including warnings.
    """

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        """See the class."""
        super().__init__(_summary(findings))
        self.findings = findings


class LastingFailure(AirflowFailException):
    """A failure that a retry would repeat: bad data, a failed test.

    Attributes:
        findings: All findings, including warnings.
    """

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        """See the class."""
        super().__init__(_summary(findings))
        self.findings = findings


def raise_failures(findings: tuple[Finding, ...]) -> None:
    """End the task if anything failed; it is retried if all failures are transient.

    Raises:
        TransientFailure: All the failures are transient.
        LastingFailure: At least one is not.
    """
    failures = [finding for finding in findings if finding.severity == "failure"]
    if failures and all(finding.is_transient for finding in failures):
        raise TransientFailure(findings)
    if failures:
        raise LastingFailure(findings)


def fail_with(error: ClearError | LoadError, task_id: str) -> NoReturn:
    """Log an error as a finding, and end the task.

    Args:
        error: What is wrong.
        task_id: The task.

    Raises:
        TransientFailure: Another process had the warehouse open for too long.
        LastingFailure: A retry would not help.
    """
    finding = _finding(error, task_id)
    _log.error("%s", finding)
    failure = TransientFailure if finding.is_transient else LastingFailure
    raise failure((finding,)) from error


def _finding(error: ClearError | LoadError, task_id: str) -> Finding:
    if isinstance(error, LoadError):
        line = "" if error.line is None else f":{error.line}"
        place, cause = f"{error.file}{line}", error.__cause__
    else:
        place, cause = str(error.place or f"task {task_id}"), error
    return Finding(
        severity="failure",
        name=task_id,
        problem=error.problem,
        place=printable(place),
        remedy=error.remedy,
        is_transient=isinstance(cause, WarehouseError) and cause.is_transient,
    )


def _summary(findings: tuple[Finding, ...]) -> str:
    return "\n".join(str(finding) for finding in findings)


def judge_results(project_dir: str, context: dict[str, Any]) -> None:
    """Log dbt's findings, and fail the task if anything failed.

    Cosmos calls this after each dbt command, before it checks the results itself.

    Args:
        project_dir: The temporary folder that dbt ran in.
        context: Airflow's context of the task. The findings are stored in it for
            `on_warning`.

    Raises:
        TransientFailure: A retry may succeed.
        LastingFailure: A retry cannot succeed.
    """
    findings = tuple(read_findings(Path(project_dir, "target")))
    context[FINDINGS_KEY] = findings
    for finding in findings:
        level = logging.ERROR if finding.severity == "failure" else logging.WARNING
        _log.log(level, "%s", finding)
    raise_failures(findings)
