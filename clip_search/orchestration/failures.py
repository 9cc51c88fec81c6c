"""Ends a task before its end: retried, failed without a retry, or skipped."""

import logging
from typing import NoReturn

from airflow.sdk.exceptions import (
    AirflowException,
    AirflowFailException,
    AirflowSkipException,
)

from clip_search.clear_error import ClearError
from clip_search.engines.warehouse_error import WarehouseError
from clip_search.findings import Finding
from clip_search.load import LoadError
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


def judge(findings: tuple[Finding, ...]) -> None:
    """Log findings, and end the task if any is a failure.

    The task is retried if all its failures are transient.

    Raises:
        TransientFailure: All the failures are transient.
        LastingFailure: At least one is not.
    """
    for finding in findings:
        level = logging.ERROR if finding.severity == "failure" else logging.WARNING
        _log.log(level, "%s", finding)
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


def skip(reason: str) -> NoReturn:
    """Log why, which Airflow does not, and skip the task and what is below it.

    Args:
        reason: A sentence.

    Raises:
        AirflowSkipException: Always.
    """
    _log.info("%s", reason)
    raise AirflowSkipException(reason)


def is_transient(error: ClearError | LoadError) -> bool:
    """Whether another process had the warehouse open, so that a retry may succeed."""
    cause = error.__cause__ if isinstance(error, LoadError) else error
    return isinstance(cause, WarehouseError) and cause.is_transient


def _finding(error: ClearError | LoadError, task_id: str) -> Finding:
    if isinstance(error, LoadError):
        line = "" if error.line is None else f":{error.line}"
        place = f"{error.file}{line}"
    else:
        place = str(error.place or f"task {task_id}")
    return Finding(
        severity="failure",
        name=task_id,
        problem=error.problem,
        place=printable(place),
        remedy=error.remedy,
        is_transient=is_transient(error),
    )


def _summary(findings: tuple[Finding, ...]) -> str:
    return "\n".join(str(finding) for finding in findings)
