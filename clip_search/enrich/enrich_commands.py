"""The sub-commands `enrich` and `search`."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from rich.console import Console
from rich.table import Table

from clip_search.engines import database_path
from clip_search.enrich.rewrite_reasons import explanation
from clip_search.enrich.rewrites import NoRewritesError, Rewrites
from clip_search.load.load_error import printable
from clip_search.search.clips import ClipsError, read_clips
from clip_search.search.index import ClipIndex, Hit
from clip_search.text_rules import normalize_query_text, redact_text

Query = Annotated[str, typer.Argument(metavar="QUERY", help="What a user types.")]


def enrich_command(query: Query) -> None:
    """Show the rewrite of a query and the reason for it.

    Example: clip-search enrich "portraitof laurie"
    """
    rewrites = built_rewrites()
    with _judging():
        lines = explanation(_query_text(query), rewrites)
    for line in lines:
        typer.echo(printable(line))


def search_command(
    query: Query,
    clips: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="CSV of clip metadata with a column cid."),
    ] = None,
    limit: Annotated[int, typer.Option(min=1, help="Maximum number of results.")] = 10,
) -> None:
    """Search the clips of the log, with the typed query and with its rewrite.

    Clips without metadata are found by the queries that led to clicks on them.

    Example: clip-search search "shortfilm" --clips seeds/sample/clip.csv
    """
    rewrites = built_rewrites()
    typed = _query_text(query)
    with _judging():
        rewritten = rewrites.applied(typed)
    try:
        index = ClipIndex(read_clips(database_path(), clips))
    except ClipsError as error:
        fail(str(error))
    raw, enriched = index.search(typed, limit), index.search(rewritten, limit)
    table = Table(title=None if rewritten != typed else "no rewrite")
    table.add_column("", justify="right")
    table.add_column(f"raw: {printable(typed)}", overflow="fold")
    table.add_column(f"enriched: {printable(rewritten)}", overflow="fold")
    for place in range(max(len(raw), len(enriched), 1)):
        table.add_row(str(place + 1), _shown(raw, place), _shown(enriched, place))
    Console(emoji=False).print(table, markup=False)


def _query_text(typed: str) -> str:
    """A typed query in the same form as `query_text`."""
    return normalize_query_text(redact_text(typed))


@contextmanager
def _judging() -> Iterator[None]:
    """Shows a status, as a new query takes a few seconds, and reports failure."""
    try:
        with Console(stderr=True).status("looking for a rewrite"):
            yield
    except RuntimeError as error:
        fail(f"a new query cannot be scored\n{printable(str(error))}")


def built_rewrites() -> Rewrites:
    """The rewrites of the warehouse; ends the command if there are none."""
    try:
        return Rewrites(database_path())
    except NoRewritesError as error:
        fail(f"{error}\nBuild them with 'make run', or with 'dbt build'.")


def _shown(hits: list[Hit], place: int) -> str:
    if place < len(hits):
        return printable(f"{hits[place].name}  ({hits[place].cid})")
    return "" if place else "nothing found"


def fail(message: str) -> NoReturn:
    """End the command with an error."""
    typer.echo(f"error: {message}", err=True)
    raise typer.Exit(1)
