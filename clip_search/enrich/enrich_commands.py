"""The sub-commands `enrich` and `search`."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from rich.table import Table

from clip_search.engines import database_path
from clip_search.enrich.rewrite_reasons import explanation
from clip_search.enrich.rewrites import Rewrites
from clip_search.search.clips import ClipsError, read_clips
from clip_search.search.index import ClipIndex, Hit
from clip_search.terminal import new_console, print_json
from clip_search.text_rules import normalize_query_text, redact_text
from clip_search.wording import printable

Query = Annotated[str, typer.Argument(metavar="QUERY", help="What a user types.")]


def enrich_command(
    query: Query,
    as_json: Annotated[
        bool,
        typer.Option(
            "--json",
            help="Print one JSON document: query_text, user_count, and rewrite (null,"
            " or the columns of query_rewrite).",
        ),
    ] = False,
) -> None:
    """Show the rewrite of a query and the reason for it.

    Example: clip-search enrich musicvideo
    """
    rewrites, query_text = Rewrites(database_path()), _query_text(query)
    with _judging():
        rewrite = rewrites.asked(query_text)
    if as_json:
        print_json(
            {
                "query_text": query_text,
                "user_count": rewrites.users_of(query_text),
                "rewrite": None if rewrite is None else asdict(rewrite),
            }
        )
        return
    for line in explanation(query_text, rewrite, rewrites.users_of(query_text)):
        typer.echo(printable(line))
    for text in rewrites.equivalents_of(query_text):
        typer.echo(printable(f"  equivalent: {text}; both are searched for"))


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

    Example: clip-search search musicvideo --clips seeds/sample/clip.csv
    """
    rewrites = Rewrites(database_path())
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
    new_console().print(table, markup=False)


def _query_text(typed: str) -> str:
    """A typed query in the same form as `query_text`."""
    return normalize_query_text(redact_text(typed))


@contextmanager
def _judging() -> Iterator[None]:
    """Shows a status, as a new query takes a few seconds, and reports failure."""
    try:
        with new_console(stderr=True).status("looking for a rewrite"):
            yield
    except RuntimeError as error:
        fail(f"a new query cannot be scored\n{printable(str(error))}")


def _shown(hits: list[Hit], place: int) -> str:
    if place < len(hits):
        return printable(f"{hits[place].name}  ({hits[place].cid})")
    return "" if place else "nothing found"


def fail(message: str) -> NoReturn:
    """End the command with an error."""
    typer.echo(f"error: {message}", err=True)
    raise typer.Exit(1)
