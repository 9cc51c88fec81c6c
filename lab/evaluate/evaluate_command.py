"""The sub-command `evaluate`."""

from pathlib import Path
from typing import Annotated

import typer

from clip_search.engines import database_path
from clip_search.enrich.enrich_commands import fail
from clip_search.enrich.rewrites import Rewrites
from clip_search.project import MissingExtraError
from clip_search.search.clips import ClipsError
from clip_search.terminal import new_console


def evaluate_command(
    truth: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="The folder `truth` of simulated logs."),
    ] = None,
    since: Annotated[
        str | None,
        typer.Option(metavar="TIME", help="Measure search results from this time on."),
    ] = None,
    labels: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Labels of real logs, as CSV."),
    ] = None,
) -> None:
    """Measure the rewrites of the warehouse against the intended queries.

    With --truth, measures precision, recall and over-correction on a simulated log.
    With --since as well, measures what later searches find: raw, enriched, and with an
    oracle for spelling. With --labels, measures precision, recall and over-correction
    on a labelled real log.

    Example: clip-search evaluate --truth /tmp/logs/truth --since 2020-07-01
    """
    if (truth is None) == (labels is None):
        raise typer.BadParameter("give either --truth DIR or --labels FILE")
    if since is not None and truth is None:
        raise typer.BadParameter("--since needs --truth")
    try:
        from lab.evaluate import evaluation_tables, intended
    except ImportError as error:
        raise MissingExtraError(str(error.name), "evaluate") from error
    rewrites, console = Rewrites(database_path()), new_console()
    try:
        if truth is not None:
            queries = set(evaluation_tables.typed_queries(database_path()))
            known = intended.from_truth(truth, queries)
        else:
            assert labels is not None  # noqa: S101
            known = intended.from_labels(labels, database_path())
        console.print(evaluation_tables.corrections_table(known, rewrites))
        if truth is not None and since is not None:
            results = evaluation_tables.retrieval_results(
                database_path(), truth, since, rewrites
            )
            console.print(evaluation_tables.retrieval_table(results))
    except (intended.NothingToJudgeError, ClipsError, OSError) as error:
        fail(str(error))
