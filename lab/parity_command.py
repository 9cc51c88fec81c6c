"""The sub-command `parity`."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer

from clip_search.engines import ENGINES
from clip_search.load.load_error import printable
from lab.parity import CLEAN_LAYER, TABLES, build_on, difference, fingerprints


def parity_command(
    logs: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Logs to build; default: the sample."),
    ] = None,
    engines: Annotated[
        str, typer.Option(help="Comma-separated engines; the first is the reference.")
    ] = ",".join(ENGINES),
    clean: Annotated[
        bool, typer.Option("--clean", help="Build only the clean layer, no marts.")
    ] = False,
) -> None:
    """Build the same logs on each engine, and compare every table.

    Each engine gets a new database in a temporary folder. Prints the row count and the
    hash of each table. If they differ, prints the first rows that only one engine has,
    and the exit code is 1.

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
