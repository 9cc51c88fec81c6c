"""The task that runs dbt: once, for all seeds, models and tests."""

import fcntl
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from airflow.sdk import get_current_context, task
from airflow.sdk.exceptions import AirflowException

from clip_search.build import BuildError, LastRun, invoke_build
from clip_search.build.build_progress import layers
from clip_search.build.dbt_build import OnEvent
from clip_search.clear_error import ClearError, of_os_error
from clip_search.engines import writing
from clip_search.orchestration import documentation
from clip_search.orchestration.dag_settings import Settings
from clip_search.orchestration.failures import (
    TransientFailure,
    fail_with,
    judge,
    skip,
)
from clip_search.orchestration.node_results import BuildResults, read_results
from clip_search.orchestration.publish import log_ledger, published_fingerprint

if TYPE_CHECKING:
    from dbt.contracts.graph.manifest import Manifest

TASK_ID = "build"
_log = logging.getLogger(__name__)


def build_task(settings: Settings, **arguments: Any) -> Any:
    """The task `build`.

    Args:
        settings: The DAG's settings.
        arguments: More arguments of the operator.
    """

    @task(
        task_id=TASK_ID,
        doc_md=documentation.of_task(build),
        multiple_outputs=False,
        show_return_value_in_logs=False,
        **arguments,
    )
    def build_all() -> dict[str, Any]:
        settings.apply()
        return build(settings, get_current_context()["params"]["full_refresh"])

    return build_all()


def build(settings: Settings, is_full_refresh: bool) -> dict[str, Any]:
    """Run `dbt build`, and pass on what it did with each node.

    A failed test or model does not fail this task: the task of its node reports it, and
    the tasks below that node do not run. If no file, code or setting has changed since
    the last run was published, nothing is built, and the rest of the run is skipped.

    Args:
        settings: The DAG's settings.
        is_full_refresh: Build every table from all rows, also if nothing is new.

    Returns:
        `finished_at`, and the results of all nodes by name, as JSON types.

    Raises:
        AirflowSkipException: There is nothing new.
        TransientFailure: Another process was writing to the warehouse for too long.
        LastingFailure: The warehouse, its disk or a hook failed.
        AirflowException: dbt could not start; its log says why.
    """
    last_run = LastRun(settings.database)
    since = None if is_full_refresh else last_run.unchanged_since()
    if since and published_fingerprint(settings) == last_run.fingerprint:
        log_ledger(settings)
        skip(f"Nothing new since {since}: no table was built.")
    arguments = ("--full-refresh",) if is_full_refresh else ()
    results = run_dbt_build(settings, arguments, last_run.fingerprint)
    failures = [found for found in results.findings() if found.severity == "failure"]
    if failures and all(found.is_transient for found in failures):
        raise TransientFailure(tuple(failures))
    judge(results.others)
    return {
        "finished_at": datetime.now(UTC).isoformat(),
        "nodes": {name: node.to_json() for name, node in results.nodes.items()},
    }


def run_dbt_build(
    settings: Settings, arguments: tuple[str, ...], fingerprint: str = ""
) -> BuildResults:
    """Run `dbt build` in this process, with a line in the task's log for each node.

    Args:
        settings: The DAG's settings.
        arguments: More arguments of `dbt build`.
        fingerprint: See `invoke_build`.

    Raises:
        TransientFailure: Another process was writing to the warehouse for too long.
        LastingFailure: The warehouse or its disk is the cause.
        AirflowException: dbt could not start.
    """
    try:
        with _one_at_a_time(settings), writing(settings.database, _log.info):
            invoke_build(arguments, fingerprint, _watched)
            return read_results(settings.target_path)
    except BuildError as error:
        raise AirflowException(f"dbt could not build anything:\n{error}") from error
    except ClearError as error:
        fail_with(error, TASK_ID)
    except OSError as error:
        fail_with(of_os_error(error), TASK_ID)


@contextmanager
def _one_at_a_time(settings: Settings) -> Iterator[None]:
    """Wait until no other task of the DAG runs dbt: they share its target folder.

    That happens when several nodes are cleared at once. A process that is killed
    releases the lock.
    """
    with (settings.folder / "dbt.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            _log.info("waiting for another task of this DAG that runs dbt")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextmanager
def _watched(manifest: "Manifest") -> Iterator[OnEvent]:
    """Logs each node that dbt has finished."""
    expected = layers(manifest)
    done = 0

    def on_event(event: Any) -> None:
        nonlocal done
        if (
            event.info.name == "NodeFinished"
            and event.data.node_info.unique_id in expected
        ):
            done += 1
            result = event.data.run_result
            _log.info(
                "%d of %d  %s: %s in %.2f s",
                *(done, len(expected), event.data.node_info.node_name),
                *(result.status, result.execution_time),
            )

    yield on_event
