"""The sub-commands that speak of better queries: enrich, search, evaluate."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from rich.console import Console
from rich.table import Table

from clip_search.enrich.explain import explanation
from clip_search.enrich.rewrites import NoRewritesError, Rewrites
from clip_search.load.errors import printable
from clip_search.project import database_path
from clip_search.search.clips import ClipsError, read_clips
from clip_search.search.index import ClipIndex, Hit
from clip_search.text_rules import normalize_query_text, redact_text

Query = Annotated[str, typer.Argument(metavar="QUERY", help="As somebody types it.")]


def enrich_command(query: Query) -> None:
    """Show what a query is rewritten to, and why.

    Example: clip-search enrich "portraitof laurie"
    """
    rewrites = _rewrites()
    with _judging():
        lines = explanation(_query_text(query), rewrites)
    for line in lines:
        typer.echo(printable(line))


def search_command(
    query: Query,
    clips: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Metadata of the clips: a CSV with a cid."),
    ] = None,
    limit: Annotated[int, typer.Option(min=1, help="How many results.")] = 10,
) -> None:
    """Search the clips of the log, with the query as typed and with its rewrite.

    Clips without metadata are found by the queries that led to them.

    Example: clip-search search "shortfilm" --clips seeds/sample/clip.csv
    """
    rewrites = _rewrites()
    typed = _query_text(query)
    with _judging():
        rewritten = rewrites.applied(typed)
    try:
        index = ClipIndex(read_clips(database_path(), clips))
    except ClipsError as error:
        _fail(str(error))
    raw, enriched = index.search(typed, limit), index.search(rewritten, limit)
    table = Table(title=None if rewritten != typed else "nothing is rewritten")
    table.add_column("", justify="right")
    table.add_column(f"raw: {printable(typed)}", overflow="fold")
    table.add_column(f"enriched: {printable(rewritten)}", overflow="fold")
    for place in range(max(len(raw), len(enriched), 1)):
        table.add_row(str(place + 1), _shown(raw, place), _shown(enriched, place))
    Console(emoji=False).print(table, markup=False)


def evaluate_command(
    truth: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="The folder `truth` of simulated logs."),
    ] = None,
    since: Annotated[
        str | None,
        typer.Option(metavar="TIME", help="Measure what is found from this time on."),
    ] = None,
    labels: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Labels of real logs, as CSV."),
    ] = None,
) -> None:
    """Measure the rewrites of the warehouse against what was truly meant.

    With --truth, precision, recall and over-correction on a simulated log; with --since
    as well, what is found on later searches: raw, enriched, and with an oracle for
    spelling. With --labels, the same of the rewrites on a labelled real log.

    Example: clip-search evaluate --truth /tmp/logs/truth --since 2020-07-01
    """
    if (truth is None) == (labels is None):
        raise typer.BadParameter("give either --truth DIR or --labels FILE")
    if since is not None and truth is None:
        raise typer.BadParameter("--since needs --truth")
    try:
        from clip_search.evaluate import judged, report
    except ImportError as error:
        _fail(f"{error.name} is not installed\nInstall it: uv sync --extra evaluate")
    rewrites, console = _rewrites(), Console()
    try:
        if truth is not None:
            queries = set(report.typed_queries(database_path()))
            known = judged.from_truth(truth, queries)
        else:
            assert labels is not None  # noqa: S101
            known = judged.from_labels(labels, database_path())
        console.print(report.corrections_table(known, rewrites))
        if truth is not None and since is not None:
            results = report.retrieval_results(database_path(), truth, since, rewrites)
            console.print(report.retrieval_table(results))
    except (judged.NothingToJudgeError, ClipsError, OSError) as error:
        _fail(str(error))


def _query_text(typed: str) -> str:
    """A typed query as `query_text` has those of the log."""
    return normalize_query_text(redact_text(typed))


@contextmanager
def _judging() -> Iterator[None]:
    """Says what takes a few seconds where the query is new, and what went wrong."""
    try:
        with Console(stderr=True).status("looking for what is meant"):
            yield
    except RuntimeError as error:
        _fail(f"a new query cannot be judged\n{printable(str(error))}")


def _rewrites() -> Rewrites:
    try:
        return Rewrites(database_path())
    except NoRewritesError as error:
        _fail(f"{error}\nBuild them with 'make run', or with 'dbt build'.")


def _shown(hits: list[Hit], place: int) -> str:
    if place < len(hits):
        return printable(f"{hits[place].name}  ({hits[place].cid})")
    return "" if place else "nothing found"


def _fail(message: str) -> NoReturn:
    typer.echo(f"error: {message}", err=True)
    raise typer.Exit(1)
