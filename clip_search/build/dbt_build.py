"""Runs `dbt build` in this process."""

import os
from pathlib import Path

from rich.console import Console

from clip_search.build.build_progress import BuildProgress
from clip_search.engines import database_path, engine
from clip_search.project import PROJECT_ROOT, WORK_ROOT, target_path

# dbt passes variables of this prefix to macros, and they are no part of the project.
RUN_FINGERPRINT = "DBT_ENV_CUSTOM_ENV_CLIP_SEARCH_RUN"


def build_warehouse(
    fingerprint: str, console: Console, is_verbose: bool, is_full_refresh: bool
) -> str | None:
    """Build and test every table.

    Args:
        fingerprint: What to record in the warehouse once all has succeeded.
        console: Where the progress goes.
        is_verbose: Print dbt's own log instead.
        is_full_refresh: Build every table from all rows.

    Returns:
        None if dbt succeeded; otherwise what it said, or "" if the results in its
        target folder say it.
    """
    # Importing dbt takes a second.
    from dbt.cli.main import dbtRunner
    from dbt.contracts.graph.manifest import Manifest

    target = target_path()
    # The results of an earlier run say nothing about this one.
    (target / "run_results.json").unlink(missing_ok=True)
    database = database_path()
    database.parent.mkdir(parents=True, exist_ok=True)
    os.environ["CLIP_SEARCH_DATABASE"] = str(database)
    os.environ[RUN_FINGERPRINT] = fingerprint
    options = _options(target, is_verbose)
    command = ["build", "--exclude-resource-type", "unit_test"]
    if is_full_refresh:
        command.append("--full-refresh")
    parsed = dbtRunner().invoke([*options, "parse", "--no-write-json"])
    manifest = parsed.result
    if not isinstance(manifest, Manifest):
        return str(parsed.exception)
    if is_verbose:
        built = dbtRunner(manifest).invoke([*options, *command])
    else:
        with BuildProgress(manifest, console) as progress:
            runner = dbtRunner(manifest, [progress.on_event])
            built = runner.invoke([*options, *command])
        if progress.has_rebuilt:
            console.print("  rules or settings changed: tables built from all rows")
    engine().release_dbt()
    if built.success:
        return None
    return str(built.exception) if built.exception else ""


def _options(target: Path, is_verbose: bool) -> list[str]:
    log_path = os.environ.get("DBT_LOG_PATH") or str(WORK_ROOT / "logs")
    folders = {
        "--project-dir": str(PROJECT_ROOT),
        "--profiles-dir": str(PROJECT_ROOT),
        "--target-path": str(target),
        "--log-path": log_path,
    }
    os.environ |= {
        "DBT_PROJECT_DIR": folders["--project-dir"],
        "DBT_PROFILES_DIR": folders["--profiles-dir"],
        "DBT_TARGET_PATH": folders["--target-path"],
        "DBT_LOG_PATH": folders["--log-path"],
    }
    return [
        "--log-level",
        "info" if is_verbose else "none",
        "--log-level-file",
        "debug",
    ]
