"""The `clip-search` command line: one thin function per sub-command."""

import os
from dataclasses import asdict
from importlib.metadata import entry_points, version
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from rich.console import Console

from clip_search.build import BuildError, LastRun, build_warehouse
from clip_search.clear_error import ClearError, ClearErrors
from clip_search.clips.fetch_command import fetch_clips_command
from clip_search.dry_run import dry_run, print_dry_run
from clip_search.engines import (
    ENGINES,
    check_exists,
    database_path,
    engine_name,
    writing,
)
from clip_search.enrich import enrich_commands
from clip_search.enrich.one_query import compiled_meanwhile
from clip_search.erase import erase
from clip_search.explore import report_commands
from clip_search.export.export_command import export_command
from clip_search.findings import read_findings
from clip_search.load import LoadError, load, unload
from clip_search.load.load_progress import shown_progress
from clip_search.mapping.mapping_options import (
    MappingFile,
    PresetName,
    chosen_mapping,
    mapping_command,
)
from clip_search.plan_command import plan_command
from clip_search.private_files import sentence_about
from clip_search.project import log_path, target_path, typed_command
from clip_search.serve.serve_command import serve_command
from clip_search.share import share
from clip_search.status import ledger_table, read_status, status_document
from clip_search.terminal import new_console, print_json
from clip_search.wording import is_utf8, printable

# What commands pass on to dbt, besides the database.
_FOLDERS = ("CLIP_SEARCH_CACHE", "DBT_TARGET_PATH", "DBT_LOG_PATH")

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]

app = typer.Typer(
    name="clip-search",
    cls=ClearErrors,
    help="Messy clip-search logs in, two clean tables out.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
app.command("enrich")(enrich_commands.enrich_command)
app.command("search")(enrich_commands.search_command)
app.command("fetch-clips")(fetch_clips_command)
app.command("export")(export_command)
app.command("serve")(serve_command)
app.command("mapping")(mapping_command)
app.command("plan")(plan_command)
app.command("notebook")(report_commands.notebook_command)
app.command("report")(report_commands.report_command)


def add_installed_commands() -> None:
    """Add the sub-commands of other packages that are installed.

    A checkout includes those of `lab`, which tests this package; a wheel does not.
    """
    for entry in entry_points(group="clip_search.commands"):
        if find_spec(entry.module.partition(".")[0]) is not None:
            entry.load()(app)


def _show_version(is_wanted: bool) -> None:
    if is_wanted:
        typer.echo(f"clip-search {version('clip-search')}")
        raise typer.Exit


@app.callback()
def check_environment(
    _: Annotated[
        bool,
        typer.Option(
            "--version",
            callback=_show_version,
            is_eager=True,
            help="Print the version.",
        ),
    ] = False,
) -> None:
    """Messy clip-search logs in, two clean tables out."""
    target = engine_name()
    if target not in ENGINES:
        raise ClearError(
            f"CLIP_SEARCH_TARGET is {target}, an unknown engine",
            remedy=f"Set it to {' or '.join(ENGINES)}, or unset it.",
        )
    for name in _FOLDERS:
        if not is_utf8(os.environ.get(name, "")):
            raise ClearError(
                f"the path in {name} is not UTF-8",
                remedy="Rename what is not, or set another path.",
                place=Path(os.environ[name]),
            )


@app.command("load")
def load_command(
    paths: Annotated[
        list[Path],
        typer.Argument(metavar="PATH...", help="Log folders, or single files."),
    ],
    preset: PresetName = None,
    mapping_file: MappingFile = None,
    is_dry: Annotated[
        bool,
        typer.Option("--dry-run", help="Show what a load would do, and load nothing."),
    ] = False,
) -> None:
    """Load search logs into the warehouse: all files or none.

    From a folder and its subfolders, reads every file whose name starts with
    search_request or search_result_interaction and ends in .csv, .tsv, .jsonl, .ndjson,
    .json or .parquet; text may be compressed (.csv.gz, also .zst, .xz, .bz2, .zip).
    With --as or --map, reads every file of the format that the mapping names.
    Skips content that is already loaded; a changed file replaces its old rows; loads
    from several folders add up. CLIP_SEARCH_DATABASE names the database.

    Example: clip-search load /data/logs/2020-03
    """
    database = database_path()
    try:
        with shown_progress() as progress:
            mapping = chosen_mapping(preset, mapping_file)
            tried = dry_run(paths, progress, mapping) if is_dry else None
            report = tried.report if tried else load(paths, database, progress, mapping)
    except LoadError as error:
        _fail("nothing was loaded; the database is unchanged", error)
    for line in report.lines():
        typer.echo(line)
    if tried:
        print_dry_run(tried, new_console())
        typer.echo("Dry run: nothing was loaded.")


@app.command("run")
def run_command(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="[PATH...]",
            help="Log folders, or single files, to load first.",
            show_default="what is already loaded, else the sample",
        ),
    ] = None,
    full_refresh: Annotated[
        bool, typer.Option("--full-refresh", help="Build every table from all rows.")
    ] = False,
    verbose: Annotated[
        bool, typer.Option("--verbose", envvar="VERBOSE", help="Print dbt's own log.")
    ] = False,
    is_summed_up: Annotated[
        bool,
        typer.Option(
            "--summary/--no-summary", help="Show the ledger and the next steps."
        ),
    ] = True,
    preset: PresetName = None,
    mapping_file: MappingFile = None,
) -> None:
    """Load logs, build and test every table, and show where every row ended up.

    Runs `load`, then `dbt build` without unit tests, then `status`. If no file, code or
    setting has changed since the last run, nothing is built or tested again.
    CLIP_SEARCH_DATABASE names the warehouse; the default is one in the folder
    `warehouse`.

    Example: clip-search run /data/logs/2020-03
    """
    if (preset or mapping_file) and not paths:
        raise typer.BadParameter("--as and --map need a PATH to load.")
    console = new_console()
    console.width = min(console.width, 100)
    with writing(database_path(), lambda line: typer.echo(line, err=True)):
        if paths:
            load_command(paths, preset, mapping_file)
        last_run = LastRun(database_path())
        since = None if full_refresh else last_run.unchanged_since()
        if since is None:
            _build(last_run.fingerprint, console, verbose, full_refresh)
        else:
            console.print(f"Nothing new since {since}: no table was built again.")
    if is_summed_up:
        status_command()
        typer.echo(_next_steps())


def _next_steps() -> str:
    command = typed_command()
    return (
        f"Next: {command} enrich QUERY   what a query is rewritten to, and why\n"
        f"      {command} report         a one-page report on these logs\n"
        f"      {command} failures       each warning with its examples and its remedy"
    )


def _build(
    fingerprint: str, console: Console, is_verbose: bool, is_full_refresh: bool
) -> None:
    """Build every table, and show warnings; end the command if it fails."""
    console.print(f"Building with dbt on {engine_name()}:", highlight=False)
    try:
        with compiled_meanwhile():
            build_warehouse(fingerprint, console, is_verbose, is_full_refresh)
    except BuildError as error:
        if str(error):
            typer.echo(f"error: dbt could not build the tables\n{error}", err=True)
        else:
            failures_command()
        raise typer.Exit(1) from None
    for finding in read_findings(target_path()):
        console.print(f"warning: {finding.name}: {finding.problem}", highlight=False)


@app.command("unload")
def unload_command(
    file: Annotated[
        Path | None,
        typer.Argument(metavar="[FILE]", help="The file's path when it was loaded."),
    ] = None,
    is_erased: Annotated[
        bool,
        typer.Option(
            "--erase", help="Build, and leave no byte of any file that was unloaded."
        ),
    ] = False,
) -> None:
    """Remove a loaded file from the warehouse.

    Its rows stay if the same content was also loaded from another path. The file itself
    is not touched and need not exist. With --erase, builds all tables, rewrites the
    warehouse, and deletes dbt's log and the report, which may quote the rows; without
    FILE, does so for all files that were unloaded before.

    Example: clip-search unload /data/logs/2020-03/search_request.csv
    """
    if not (file or is_erased):
        raise typer.BadParameter("Name a file, or add --erase.", param_hint="FILE")
    with writing(database_path(), lambda line: typer.echo(line, err=True)):
        if file:
            _unload(file, is_erased)
        if is_erased:
            _erase()


def _unload(file: Path, is_for_good: bool) -> None:
    try:
        with shown_progress() as progress:
            records = unload(file, database_path(), progress, is_for_good)
    except LoadError as error:
        _fail("nothing was unloaded; the database is unchanged", error)
    for record in records:
        typer.echo(f"{record.log}  {printable(record.file_path)}: unloaded")


def _erase() -> None:
    """Build without the unloaded files, then erase what is left of them."""
    database, is_done = database_path(), False
    check_exists(database)
    try:
        run_command(paths=None, full_refresh=False, verbose=False, is_summed_up=False)
        with shown_progress() as progress:
            deleted = erase(database, progress)
        is_done = True
    except LoadError as error:
        _fail("nothing was erased", error)
    finally:
        if not is_done:
            again = f"{typed_command()} unload --erase"
            typer.echo(f"error: the erasure is not complete; run: {again}", err=True)
    for path in (database, *deleted):
        done = "rewritten" if path == database else "deleted"
        typer.echo(f"erase: {done}: {printable(str(path))}")


@app.command("status")
def status_command(as_json: AsJson = False) -> None:
    """Show how every raw row of the last run ended up: clean, folded or rejected.

    The JSON document has row_counts by log and outcome (rejected_as: by reject rule),
    counts of disputed and automated searches, and loads (null for the sample): what is
    loaded, pending for the next build, arrived late, and waits for its search.

    Names what other users of this machine can read of the warehouse and of dbt's files.

    Example: clip-search status
    """
    database = database_path()
    ledger, remarks = read_status(database)
    if as_json:
        print_json(status_document(database, ledger, remarks))
        return
    new_console().print(ledger_table(ledger))
    for remark in remarks.sentences():
        typer.echo(remark)
    source = "" if remarks.loads else " of the synthetic sample"
    typer.echo(
        f"Clean tables{source}: clean_search_request, clean_search_result_interaction"
        f" in {database}"
    )
    warning = sentence_about((database, target_path(), log_path() / "dbt.log"))
    if warning:
        typer.echo(warning)


@app.command("share")
def share_command(
    file: Annotated[Path, typer.Argument(help="The SQLite file to write.")],
    is_replaced: Annotated[
        bool, typer.Option("--replace", help="Replace an existing file.")
    ] = False,
) -> None:
    """Copy the clean tables and the marts, without raw rows, into a file for others.

    Any SQLite client opens it, and DuckDB: attach 'FILE' (type sqlite).

    Example: clip-search share clip_search_shared.db
    """
    tables = share(database_path(), file, is_replaced)
    for table in tables:
        typer.echo(f"{table.row_count:>12,}  {table.name}")
    megabytes = file.stat().st_size / 1_000_000
    typer.echo(f"share: wrote {file}, {megabytes:.1f} MB, without raw rows")


# The former name of this command.
@app.command("explain", hidden=True)
@app.command("failures")
def failures_command(as_json: AsJson = False) -> None:
    """Report what failed or warned in the last run, where, and what to do about it.

    Reads the results in dbt's target folder. Example rows are redacted. The JSON
    document has a list, findings, with severity (failure or warning), name, problem,
    place, remedy, model, rule, row_count, examples and is_transient of each.

    Example: dbt build || clip-search failures
    """
    findings = list(read_findings(target_path()))
    if as_json:
        print_json({"findings": [asdict(finding) for finding in findings]})
        return
    for finding in findings:
        typer.echo(f"{finding}\n")
    if not findings:
        typer.echo("The last dbt run had no failures and no warnings.")


def _fail(outcome: str, error: LoadError) -> NoReturn:
    typer.echo(f"error: {outcome}\n{error}", err=True)
    raise typer.Exit(1)


add_installed_commands()
