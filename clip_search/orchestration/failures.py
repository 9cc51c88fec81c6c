"""How a task ends on what it found: tried again, or failed for good."""

import logging
from pathlib import Path
from typing import Any

from airflow.sdk.exceptions import AirflowException, AirflowFailException

from clip_search.findings import Finding, read_findings
from clip_search.orchestration.alerts import FINDINGS_KEY

_log = logging.getLogger(__name__)


class TransientFailure(AirflowException):
    """A failure that may pass: the task is tried again.

    Attributes:
        findings: What was found, warnings included.
    """

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        """See the class."""
        super().__init__(_summary(findings))
        self.findings = findings


class LastingFailure(AirflowFailException):
    """A failure that the same again would repeat: bad data, a failed test.

    Attributes:
        findings: What was found, warnings included.
    """

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        """See the class."""
        super().__init__(_summary(findings))
        self.findings = findings


def raise_failures(findings: tuple[Finding, ...]) -> None:
    """End the task if anything failed; it is tried again if all of that may pass.

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
    """Log what dbt found, and fail the task if anything failed.

    Cosmos calls this after each dbt command, before its own look at the results.

    Args:
        project_dir: The temporary folder that dbt ran in.
        context: Airflow's context of the task. The findings are left in it for
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
