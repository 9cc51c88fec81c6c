"""Runs `dbt build` in this process."""

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console

from clip_search.build.build_progress import BuildProgress
from clip_search.dbt_command import dbt_folders, without_garbage_collection
from clip_search.engines import database_path, engine
from clip_search.engines.warehouse_error import known_error
from clip_search.findings import read_findings
from clip_search.project import log_path, target_path

if TYPE_CHECKING:
    from dbt.contracts.graph.manifest import Manifest

OnEvent = Callable[[Any], None]
Watch = Callable[["Manifest"], AbstractContextManager[OnEvent]]

# dbt passes variables with this prefix to macros. They are not part of the project, so
# a new value does not make dbt parse it again.
RUN_FINGERPRINT = "DBT_ENV_CUSTOM_ENV_CLIP_SEARCH_RUN"


class BuildError(Exception):
    """dbt failed. The message is what it said; empty if its results say it."""


def build_warehouse(
    fingerprint: str, console: Console, is_verbose: bool, is_full_refresh: bool
) -> None:
    """Build and test every table, for a person who is watching.

    Args:
        fingerprint: What to record in the warehouse if everything succeeds.
        console: Where to print the progress.
        is_verbose: Print dbt's own log instead.
        is_full_refresh: Build every table from all rows.

    Raises:
        BuildError: A node failed, or dbt could not start.
        WarehouseError: The database, its disk or another process is the cause.
        OSError: dbt could not write to its target folder.
    """

    def watch(manifest: "Manifest") -> AbstractContextManager[OnEvent]:
        if is_verbose:
            return nullcontext(lambda event: None)
        return BuildProgress(manifest, console)

    options = ["--log-level", "info" if is_verbose else "none"]
    if not console.is_terminal:
        options.append("--no-use-colors")
    is_good = invoke_build(
        ["--full-refresh"] if is_full_refresh else [], fingerprint, watch, options
    )
    if not is_good:
        # If a disk is full, every table that is still to be built fails because of it.
        problems = (finding.problem for finding in read_findings(target_path()))
        known = (known_error(problem, database_path()) for problem in problems)
        raise next(filter(None, known), BuildError(""))


def invoke_build(
    arguments: Sequence[str],
    fingerprint: str,
    watch: Watch,
    options: Sequence[str] = ("--log-level", "none", "--no-use-colors"),
) -> bool:
    """Run `dbt build`; its results are in the target folder.

    Args:
        arguments: More arguments of `dbt build`.
        fingerprint: What to record in the warehouse if everything succeeds; "" for a
            build of some of the tables.
        watch: Receives the parsed project; what it returns receives dbt's events.
        options: dbt's own options.

    Returns:
        Whether every node succeeded.

    Raises:
        BuildError: dbt could not start.
        WarehouseError: The database, its disk or another process is the cause.
        OSError: dbt could not write to its target folder.
    """
    # Importing dbt takes a second.
    from dbt.cli.main import dbtRunner
    from dbt.contracts.graph.manifest import Manifest

    target, database = target_path(), database_path()
    # The results of an earlier run say nothing about this one.
    (target / "run_results.json").unlink(missing_ok=True)
    os.environ |= dbt_folders(target, log_path()) | {
        "CLIP_SEARCH_DATABASE": str(database),
        RUN_FINGERPRINT: fingerprint,
    }
    options = [*options, "--log-level-file", "debug"]
    build = [*options, "build", "--exclude-resource-type", "unit_test", *arguments]
    with without_garbage_collection(), _without_arguments():
        parsed = dbtRunner().invoke([*options, "parse", "--no-write-json"])
        if not isinstance(parsed.result, Manifest):
            raise _error_of(parsed.exception, database)
        with watch(parsed.result) as on_event:
            built = dbtRunner(parsed.result, [on_event]).invoke(build)
    engine().release_dbt()
    if built.exception is not None:
        raise _error_of(built.exception, database)
    return built.success


@contextmanager
def _without_arguments() -> Iterator[None]:
    """Hide the arguments of this process, which dbt writes to its log and results.

    They may be names of logs, and logs may be named after people.
    """
    arguments = sys.argv
    sys.argv = arguments[:1]
    try:
        yield
    finally:
        sys.argv = arguments


def _error_of(exception: BaseException | None, database: Path) -> Exception:
    """What to raise for an exception of dbt."""
    if isinstance(exception, OSError):
        return exception
    return known_error(str(exception), database) or BuildError(str(exception))
