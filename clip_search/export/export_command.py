"""The sub-command `export`."""

import shlex
from pathlib import Path
from typing import Annotated

import typer

from clip_search.engines import database_path
from clip_search.export.export_error import ExportError
from clip_search.export.export_format import ExportFormat
from clip_search.export.formats import FORMATS
from clip_search.export.whole_export import TIERS, Wanted, export
from clip_search.project import typed_command
from clip_search.wording import printable


def _list_formats(is_wanted: bool) -> None:
    if is_wanted:
        for name in FORMATS:
            typer.echo(name)
        raise typer.Exit


def export_command(
    name: Annotated[
        str, typer.Argument(metavar="FORMAT", help="One of those that --list names.")
    ],
    out: Annotated[
        Path, typer.Option("--out", metavar="PATH", help="The file to write.")
    ],
    tier: Annotated[
        str,
        typer.Option(
            help="Rewrites to apply (auto), or those to offer as well (suggest).",
        ),
    ] = TIERS[0],
    is_dry: Annotated[
        bool, typer.Option("--dry-run", help="Count the rows, and write nothing.")
    ] = False,
    is_replaced: Annotated[
        bool,
        typer.Option(
            "--replace", help="Replace a file that no export wrote, or that was edited."
        ),
    ] = False,
    is_checked: Annotated[
        bool,
        typer.Option(
            "--check",
            help="solr-synonyms: run Lucene's own filter over all logged queries, and"
            " list in PATH.collateral.csv what it changes that the table does not.",
        ),
    ] = False,
    _: Annotated[
        bool,
        typer.Option(
            "--list",
            callback=_list_formats,
            is_eager=True,
            help="Print the formats, one per line.",
        ),
    ] = False,
) -> None:
    """Write what the log taught in the format of another tool.

    Only publishable rows leave the warehouse. PATH.ledger.json counts where each row
    ended up. The same warehouse gives the same bytes.

    Example: clip-search export solr-synonyms --out synonyms.txt
    """
    wanted = Wanted(
        form=_format(name),
        file=out.absolute(),
        tier=_tier(tier),
        is_dry=is_dry,
        is_replaced=is_replaced,
        is_checked=is_checked,
    )
    done = export(database_path(), wanted)
    for ledger in done.ledgers:
        for line in ledger.lines():
            typer.echo(line)
    for line in done.checked:
        typer.echo(line)
    if is_dry:
        typer.echo("export: wrote nothing, as this is a dry run")
        return
    for path in (done.file, *done.others):
        typer.echo(f"export: wrote {printable(str(path))}")


def _format(name: str) -> ExportFormat:
    """The format of a name.

    Raises:
        ExportError: There is none.
    """
    if name in FORMATS:
        return FORMATS[name]()
    raise ExportError(
        f"there is no format {shlex.quote(name)}",
        remedy=f"Choose one of these: {typed_command()} export --list",
    )


def _tier(tier: str) -> str:
    if tier in TIERS:
        return tier
    raise ExportError(
        f"there is no tier {shlex.quote(tier)}",
        remedy=f"Choose {' or '.join(TIERS)}.",
    )
