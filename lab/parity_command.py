"""The sub-command `parity`."""

from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer

from clip_search.engines import ENGINES
from clip_search.terminal import print_json
from clip_search.wording import printable
from lab.parity import (
    CLEAN_LAYER,
    TABLES,
    Difference,
    Fingerprint,
    build_on,
    difference,
    fingerprints,
)


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
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON document.")
    ] = False,
) -> None:
    """Build the same logs on each engine, and compare every table.

    Each engine gets a new database in a temporary folder. Prints the row count and the
    hash of each table. If they differ, prints the first rows that only one engine has,
    and the exit code is 1. The JSON document has is_equal, reference (the first
    engine), and tables: name, row_count, sha256_sum, and differences by engine
    (only_on_reference, only_on_engine).

    Example: clip-search parity --logs /data/logs/2020-03 --engines sqlite,duckdb
    """
    first, *others = names = engines.split(",")
    if not others or not set(names) <= set(ENGINES):
        raise typer.BadParameter(f"name two or more of {', '.join(ENGINES)}")
    documents = []
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
            differences = {
                engine: difference(table, (first, made[first]), (engine, made[engine]))
                for engine in different
            }
            if not as_json:
                _show(table, expected, first, differences)
            documents.append(_document(table, expected, differences))
    is_equal = not any(document["differences"] for document in documents)
    if as_json:
        print_json({"is_equal": is_equal, "reference": first, "tables": documents})
    if not is_equal:
        raise typer.Exit(1)


def _show(
    table: str,
    expected: Fingerprint,
    first: str,
    differences: Mapping[str, Difference],
) -> None:
    verdict = f"DIFFERENT on {', '.join(differences)}" if differences else "equal"
    typer.echo(
        f"{table:40} {expected.row_count:>12,} rows  {expected.digest[:16]}  {verdict}"
    )
    for engine, rows in differences.items():
        for line in rows.only_here:
            typer.echo(f"  only on {first}: {printable(line)}")
        for line in rows.only_there:
            typer.echo(f"  only on {engine}: {printable(line)}")


def _document(
    table: str, expected: Fingerprint, differences: Mapping[str, Difference]
) -> dict[str, object]:
    return {
        "name": table,
        "row_count": expected.row_count,
        "sha256_sum": expected.digest,
        "differences": {
            engine: {
                "only_on_reference": list(rows.only_here),
                "only_on_engine": list(rows.only_there),
            }
            for engine, rows in differences.items()
        },
    }
