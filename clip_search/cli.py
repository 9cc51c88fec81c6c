"""The `clip-search` command: its sub-commands, one thin function each."""

import os
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, NoReturn

import typer
from rich.console import Console

from clip_search.enrich import commands as enrich_commands
from clip_search.explore import commands as explore_commands
from clip_search.findings import read_findings
from clip_search.load import LoadError, load, unload
from clip_search.load.errors import printable
from clip_search.load.progress import shown_progress
from clip_search.parity import (
    CLEAN_LAYER,
    TABLES,
    build_on,
    difference,
    fingerprints,
)
from clip_search.project import database_path, target_path
from clip_search.score import ScoreError, score_warehouse
from clip_search.score.plot import plot_limits
from clip_search.score.report import markdown_table, put_into, terminal_table
from clip_search.score.rules import USUAL_LIMIT
from clip_search.simulate import (
    SAMPLE_SEED,
    Destination,
    Plan,
    SettingsError,
    sample_destination,
    sample_plan,
    simulate,
)
from clip_search.simulate.bulk import MOST_REQUESTS, simulate_in_bulk
from clip_search.simulate.progress import shown_parts, shown_searches
from clip_search.status import (
    NothingBuiltError,
    ledger_table,
    read_status,
)
from clip_search.warehouse import ENGINES

app = typer.Typer(
    name="clip-search",
    help="Messy clip-search logs in, two clean tables out.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
app.command("enrich")(enrich_commands.enrich_command)
app.command("search")(enrich_commands.search_command)
app.command("evaluate")(enrich_commands.evaluate_command)
app.command("notebook")(explore_commands.notebook_command)
app.command("report")(explore_commands.report_command)


@app.callback()
def check_target() -> None:
    """Messy clip-search logs in, two clean tables out."""
    target = os.environ.get("CLIP_SEARCH_TARGET") or "sqlite"
    if target not in ENGINES:
        typer.echo(
            f"error: CLIP_SEARCH_TARGET is {printable(target)}, no engine it knows\n"
            f"  remedy: Set it to {' or '.join(ENGINES)}, or unset it.",
            err=True,
        )
        raise typer.Exit(1)


@app.command("load")
def load_command(
    paths: Annotated[
        list[Path],
        typer.Argument(metavar="PATH...", help="Folders of logs, or single files."),
    ],
) -> None:
    """Load search logs into the warehouse: all the files, or nothing.

    In a folder, every file is read whose name starts with search_request or
    search_result_interaction and ends in .csv, .csv.gz, .jsonl, .jsonl.gz or .parquet.
    What is loaded already is left alone, a changed file replaces its old rows, and
    several folders add up. The database is the one that CLIP_SEARCH_DATABASE names.

    Example: clip-search load /data/logs/2020-03
    """
    database = database_path()
    try:
        with shown_progress() as progress:
            report = load(paths, database, progress)
    except LoadError as error:
        _fail("nothing was loaded, and the database is as it was", error)
    for file in report.files:
        typer.echo(f"{file.log}  {file}")
    for note in report.notes:
        typer.echo(f"note: {note}")


@app.command("unload")
def unload_command(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="The file, as it was loaded.")
    ],
) -> None:
    """Take a loaded file out of the warehouse again.

    Its rows stay while the same content is loaded from another path too. The file
    itself is not touched, and need not be there any more.

    Example: clip-search unload /data/logs/2020-03/search_request.csv
    """
    try:
        records = unload(file, database_path())
    except LoadError as error:
        _fail("nothing was unloaded, and the database is as it was", error)
    for record in records:
        typer.echo(f"{record.log}  {printable(record.file_path)}: unloaded")


@app.command("simulate")
def simulate_command(
    seed: Annotated[
        int, typer.Option(help="The same seed gives the same bytes, everywhere.")
    ] = SAMPLE_SEED,
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Where to; made if missing.")
    ] = None,
    requests: Annotated[
        int | None,
        typer.Option(
            min=1,
            help="Searches by people; crawlers come on top.",
            show_default="100000, or what --world says",
        ),
    ] = None,
    world: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="Settings (TOML) in place of those of world.toml."
        ),
    ] = None,
    sample: Annotated[
        bool, typer.Option("--sample", help="Write the project's own sample anew.")
    ] = False,
    index: Annotated[
        bool,
        typer.Option(
            "--index", help="Add an unnamed index column, and queries for 'null'."
        ),
    ] = False,
    malformed: Annotated[
        bool, typer.Option("--malformed", help="Add lines that are no CSV records.")
    ] = False,
    key: Annotated[
        bool | None,
        typer.Option(
            "--key/--no-key",
            help="Write the answers and the truth as well.",
            show_default="key, but for --bulk",
        ),
    ] = None,
    bulk: Annotated[
        bool,
        typer.Option(
            "--bulk",
            help="For millions: the two logs alone, made in parts on all cores.",
        ),
    ] = False,
) -> None:
    """Make messy search logs of a made-up video site, and the answers to them.

    Writes search_request.csv, search_result_interaction.csv and answer_key.jsonl, which
    tells for each row of the two logs what must become of it, and a folder truth with
    the clips, what each search was meant to be, and which clips answer it. With
    --sample, writes the seeds in seeds/sample and their answer key in tests/answer_key
    instead; it takes no other options. With --bulk, makes the two logs alone, on all
    cores, and other ones than without it. docs/simulator.md describes all of it.

    Example: clip-search simulate --seed 7 --requests 100000 --out /tmp/logs
    """
    plan = Plan(seed, requests, world, index, malformed)
    if sample == (out is not None):
        raise typer.BadParameter("give either --out DIR or --sample")
    if sample and (plan != Plan(SAMPLE_SEED) or key is False or bulk):
        raise typer.BadParameter("--sample takes no other options")
    if bulk and (key or index):
        raise typer.BadParameter("--bulk takes neither --key nor --index")
    if bulk and requests is not None and requests > MOST_REQUESTS:
        raise typer.BadParameter(f"--bulk makes at most {MOST_REQUESTS} requests")
    destination = (
        sample_destination()
        if out is None
        else Destination.in_folder(out, not bulk if key is None else key)
    )
    try:
        if bulk:
            with shown_parts() as on_part:
                counts = simulate_in_bulk(plan, destination, on_part)
        else:
            with shown_searches() as on_search:
                counts = simulate(
                    sample_plan() if sample else plan, destination, on_search
                )
    except (OSError, SettingsError) as error:
        typer.echo(f"error: the logs could not be written\n{error}", err=True)
        raise typer.Exit(1) from None
    for log, count in counts.items():
        typer.echo(f"{log}  {count} rows")
    typer.echo(f"written to {destination.search_request.parent}")


@app.command("score")
def score_command(
    logs: Annotated[
        Path | None,
        typer.Argument(
            metavar="[DIR]",
            help="Where `simulate` wrote the logs that were built.",
            show_default="the sample",
        ),
    ] = None,
    document: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Put the table into this page as well."),
    ] = None,
    plot: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Draw the limit for automated users (SVG)."),
    ] = None,
) -> None:
    """Score what was built against the simulator's answer key.

    For each reject rule, redaction and fold: how many rows were planted, found, missed
    and wrongly hit, with precision and recall. The warehouse must have been built from
    exactly the logs that the answers belong to.

    Example: clip-search simulate --out /tmp/logs, then make run LOGS=/tmp/logs on an
    empty database, then clip-search score /tmp/logs
    """
    sample = sample_destination().answer_key
    answer_key = sample if logs is None else logs / "answer_key.jsonl"
    assert answer_key is not None  # noqa: S101
    truth = None if logs is None else logs / "truth"
    try:
        score = score_warehouse(database_path(), answer_key, truth)
        if document is not None:
            section = "sample" if logs is None else "simulated logs"
            put_into(document, section, markdown_table(score))
        if plot is not None:
            plot_limits(score.limits, USUAL_LIMIT, plot)
    except ScoreError as error:
        typer.echo(f"error: there is no score\n{error}", err=True)
        raise typer.Exit(1) from None
    Console().print(terminal_table(score))


@app.command("parity")
def parity_command(
    logs: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Logs to build; without, the sample."),
    ] = None,
    engines: Annotated[
        str, typer.Option(help="The engines, commas between; the first is the measure.")
    ] = ",".join(ENGINES),
    clean: Annotated[
        bool, typer.Option("--clean", help="The clean layer only, no marts.")
    ] = False,
) -> None:
    """Build the same logs on each engine, and compare every table.

    Each engine gets a new database in a temporary folder. Prints the rows and the hash
    of each table; where they differ, the first rows that only one engine has. The exit
    code is 1 then.

    Example: clip-search parity --logs /data/logs/2020-03 --engines sqlite,duckdb
    """
    first, *others = names = engines.split(",")
    if not others or not set(names) <= set(ENGINES):
        raise typer.BadParameter(f"name two or more of {', '.join(ENGINES)}")
    is_equal = True
    with TemporaryDirectory(prefix="clip-search-parity-") as folder:
        made = {}
        for engine in names:
            typer.echo(f"building on {engine}", err=True)
            made[engine] = build_on(
                engine, Path(folder), logs and logs.resolve(), clean
            )
        tables = CLEAN_LAYER if clean else TABLES
        found = {
            engine: fingerprints(engine, path, tables) for engine, path in made.items()
        }
        for table, expected in found[first].items():
            different = [name for name in others if found[name][table] != expected]
            verdict = f"DIFFERENT on {', '.join(different)}" if different else "equal"
            typer.echo(
                f"{table:40} {expected.row_count:>12,} rows  "
                f"{expected.digest[:16]}  {verdict}"
            )
            for engine in different:
                is_equal = False
                rows = difference(table, (first, made[first]), (engine, made[engine]))
                for line in rows.only_here:
                    typer.echo(f"  only on {first}: {printable(line)}")
                for line in rows.only_there:
                    typer.echo(f"  only on {engine}: {printable(line)}")
    if not is_equal:
        raise typer.Exit(1)


@app.command("status")
def status_command() -> None:
    """Show where every raw row of the last run ended: clean, folded or rejected.

    Example: clip-search status
    """
    database = database_path()
    try:
        ledger, remarks = read_status(database)
    except NothingBuiltError as error:
        typer.echo(
            f"error: nothing was built yet\n{error}\n"
            "Build it with 'make run', or with 'dbt build'.",
            err=True,
        )
        raise typer.Exit(1) from None
    Console().print(ledger_table(ledger))
    for remark in remarks:
        typer.echo(remark)
    typer.echo(
        "Clean tables: clean_search_request, clean_search_result_interaction"
        f" in {database}"
    )


@app.command("explain")
def explain_command() -> None:
    """Say what failed or warned in the last run, where, and what to do about it.

    Reads what dbt left in its target folder. Example rows are redacted ones.

    Example: dbt build || clip-search explain
    """
    findings = list(read_findings(target_path()))
    for finding in findings:
        typer.echo(f"{finding}\n")
    if not findings:
        typer.echo("The last run of dbt left no failure and no warning to explain.")


def _fail(outcome: str, error: LoadError) -> NoReturn:
    typer.echo(f"error: {outcome}\n{error}", err=True)
    raise typer.Exit(1)
