"""Runs `dbt build` in this process."""

import gc
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console

from clip_search.build.build_progress import BuildProgress
from clip_search.dbt_command import dbt_folders
from clip_search.engines import database_path, engine
from clip_search.engines.warehouse_error import known_error
from clip_search.findings import read_findings
from clip_search.project import WORK_ROOT, target_path

# dbt passes variables with this prefix to macros. They are not part of the project, so
# a new value does not make dbt parse it again.
RUN_FINGERPRINT = "DBT_ENV_CUSTOM_ENV_CLIP_SEARCH_RUN"


class BuildError(Exception):
    """dbt failed. The message is what it said; empty if its results say it."""


def build_warehouse(
    fingerprint: str, console: Console, is_verbose: bool, is_full_refresh: bool
) -> None:
    """Build and test every table.

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
    # Importing dbt takes a second.
    from dbt.cli.main import dbtRunner
    from dbt.contracts.graph.manifest import Manifest

    target, database = target_path(), database_path()
    # The results of an earlier run say nothing about this one.
    (target / "run_results.json").unlink(missing_ok=True)
    logs = WORK_ROOT / (os.environ.get("DBT_LOG_PATH") or "logs")
    os.environ |= dbt_folders(target, logs) | {
        "CLIP_SEARCH_DATABASE": str(database),
        RUN_FINGERPRINT: fingerprint,
    }
    level = "info" if is_verbose else "none"
    options = ["--log-level", level, "--log-level-file", "debug"]
    if not console.is_terminal:
        options.append("--no-use-colors")
    build = [*options, "build", "--exclude-resource-type", "unit_test"]
    if is_full_refresh:
        build.append("--full-refresh")
    with _without_garbage_collection():
        parsed = dbtRunner().invoke([*options, "parse", "--no-write-json"])
        manifest = parsed.result
        if not isinstance(manifest, Manifest):
            raise _error_of(parsed.exception, database)
        if is_verbose:
            built = dbtRunner(manifest).invoke(build)
        else:
            with BuildProgress(manifest, console) as progress:
                built = dbtRunner(manifest, [progress.on_event]).invoke(build)
            if progress.has_rebuilt:
                console.print("  rules or settings changed: tables built from all rows")
    engine().release_dbt()
    if not built.success:
        raise _error_of(built.exception, database)


@contextmanager
def _without_garbage_collection() -> Iterator[None]:
    """Do without it while dbt makes many objects that live until it ends.

    Searching them for garbage takes a tenth of the time of a small build and finds
    little.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _error_of(exception: BaseException | None, database: Path) -> Exception:
    """What to raise for what dbt said: its exception, or its nodes' messages."""
    if isinstance(exception, OSError):
        return exception
    if exception is not None:
        return known_error(str(exception), database) or BuildError(str(exception))
    # If a disk is full, every table that is still to be built fails because of it.
    problems = (finding.problem for finding in read_findings(target_path()))
    known = (known_error(problem, database) for problem in problems)
    return next(filter(None, known), BuildError(""))
