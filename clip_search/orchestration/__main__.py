"""The commands behind `make manifest`, `make dag` and `make airflow`."""

import os
import shutil
from datetime import datetime, timedelta
from typing import Annotated

import typer

from clip_search.engines import engine_name
from clip_search.orchestration.airflow_commands import (
    CommandFailedError,
    prepare,
    run_airflow,
)
from clip_search.orchestration.environment import DAG_ID, DEFAULT_PORT, airflow_home
from clip_search.orchestration.guardian import Guard
from clip_search.orchestration.manifest import ManifestError, current_manifest
from clip_search.orchestration.server import PortTakenError, serve
from clip_search.private_files import keep_private

app = typer.Typer(
    help="Run the pipeline in Airflow.", no_args_is_help=True, rich_markup_mode=None
)


@app.command("manifest")
def manifest_command() -> None:
    """Parse the dbt project now, so that Airflow need not do it at its next start."""
    try:
        typer.echo(f"manifest: {current_manifest(engine_name())}")
    except ManifestError as error:
        _fail(error)


@app.command("once")
def once_command(
    day: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="The logical date; today by default."),
    ] = None,
) -> None:
    """Run the DAG once, without a scheduler, on a new metadata database."""
    home = airflow_home() / "once"
    # Never a scheduler's database: both would run the same DAG run.
    shutil.rmtree(home, ignore_errors=True)
    os.environ["AIRFLOW_HOME"] = str(home)
    # A person is watching, who wants to know at once.
    os.environ.setdefault("CLIP_SEARCH_WAIT_HOURS", "0")
    try:
        with Guard():
            prepare()
            date = [day.strftime("%Y-%m-%d")] if day else []
            run_airflow("dags", "test", DAG_ID, *date)
    except (ManifestError, CommandFailedError) as error:
        _fail(error)


@app.command(
    "airflow",
    context_settings={"allow_extra_args": True, "ignore_unknown_options": True},
)
def airflow_command(context: typer.Context) -> None:
    """Run an Airflow command with the project's settings: airflow dags list."""
    try:
        with Guard():
            run_airflow(*context.args)
    except CommandFailedError as error:
        _fail(error)


@app.command("backfill")
def backfill_command(
    first: Annotated[
        datetime, typer.Option("--from", formats=["%Y-%m-%d"], help="The first day.")
    ],
    last: Annotated[
        datetime | None,
        typer.Option("--to", formats=["%Y-%m-%d"], help="The last day."),
    ] = None,
) -> None:
    """Let a running Airflow run (or rerun) a range of days, one after the other."""
    until = (last or first) + timedelta(hours=23, minutes=59)
    try:
        with Guard():
            run_airflow(
                *("backfill", "create", "--dag-id", DAG_ID),
                *("--from-date", first.isoformat(), "--to-date", until.isoformat()),
                *("--max-active-runs", "1", "--reprocess-behavior", "completed"),
            )
    except CommandFailedError as error:
        _fail(error)


@app.command("serve")
def serve_command(
    port: Annotated[int, typer.Option(help="Port of the UI, on this machine.")] = (
        DEFAULT_PORT
    ),
) -> None:
    """Run Airflow with the DAG enabled until Ctrl-C."""
    try:
        serve(port)
    except (ManifestError, CommandFailedError, PortTakenError) as error:
        _fail(error)


def _fail(error: Exception) -> None:
    typer.echo(f"error: {error}", err=True)
    raise typer.Exit(1)


if __name__ == "__main__":
    keep_private()
    app()
