"""A task for each seed and model, which shows what dbt did with it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from airflow.sdk import BaseOperator
from airflow.sdk.exceptions import AirflowFailException

from clip_search.orchestration.alerts import send_warnings
from clip_search.orchestration.build_task import TASK_ID as BUILD
from clip_search.orchestration.build_task import run_dbt_build
from clip_search.orchestration.dag_settings import Settings
from clip_search.orchestration.failures import judge, skip
from clip_search.orchestration.node_results import NodeResult


class NodeTask(BaseOperator):
    """Reports the state of a seed or model and of its tests.

    The task `build` has run dbt before, for all nodes at once. If this task is cleared
    and `build` is not, it builds and tests its node again, on its own.
    """

    custom_operator_name = "dbt node"

    def __init__(self, *, node: str, settings: Settings, **arguments: Any) -> None:
        """Takes the node's name and the DAG's settings."""
        super().__init__(task_id=node, **arguments)
        self.node = node
        self.settings = settings

    def execute(self, context: Mapping[str, Any]) -> None:
        """Report the node, or build it again.

        Raises:
            LastingFailure: The node or one of its tests has failed.
            AirflowSkipException: dbt left it out, because something above it failed.
        """
        self.settings.apply()
        result = self._result(context)
        for line in result.lines:
            self.log.info("%s", line)
        judge(result.findings)
        if result.is_skipped:
            skip(f"dbt did not build {self.node}, because a test above it has failed.")
        send_warnings(result.findings, context)

    def _result(self, context: Mapping[str, Any]) -> NodeResult:
        built = context["ti"].xcom_pull(task_ids=BUILD)
        if built is None or _is_cleared_since(built["finished_at"], context):
            self.log.info("building %s again, on its own", self.node)
            selected = ("--select", self.node, "--indirect-selection", "buildable")
            nodes = run_dbt_build(self.settings, selected).nodes
        else:
            nodes = {
                name: NodeResult.from_json(content)
                for name, content in built["nodes"].items()
            }
        if self.node not in nodes:
            raise AirflowFailException(
                f"dbt did not build {self.node}: it is not in the project, or disabled."
            )
        return nodes[self.node]


def _is_cleared_since(finished_at: str, context: Mapping[str, Any]) -> bool:
    """Whether the run was started again, by clearing tasks, after the build."""
    started: datetime = context["dag_run"].start_date
    return datetime.fromisoformat(finished_at) < started
