"""Ends a task according to its findings: retried, or failed without a retry."""

import logging
from pathlib import Path
from typing import Any

from airflow.sdk.exceptions import AirflowException, AirflowFailException

from clip_search.findings import Finding, read_findings
from clip_search.orchestration.alerts import FINDINGS_KEY

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
