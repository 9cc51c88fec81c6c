"""The sub-command `score`."""

from pathlib import Path
from typing import Annotated

import typer

from clip_search.engines import database_path
from clip_search.terminal import new_console


def score_command(
    logs: Annotated[
        Path | None,
        typer.Argument(
            metavar="[DIR]",
            help="The folder to which `simulate` wrote the logs.",
            show_default="the sample",
        ),
    ] = None,
    document: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Also write the table to this page."),
    ] = None,
    plot: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Plot the limit for automated users (SVG)."),
    ] = None,
) -> None:
    """Score a built warehouse against the simulator's answer key.

    Shows for each reject rule, redaction and fold how many rows were planted, found,
    missed and wrongly hit, with precision and recall. The warehouse must have been
    built from exactly the logs of the answer key.

    Example: clip-search simulate --out /tmp/logs, then make run LOGS=/tmp/logs on an
    empty database, then clip-search score /tmp/logs
    """
    # Every command of a checkout would import the simulator.
    from lab.score.limit_plot import plot_limits
    from lab.score.rule_scores import USUAL_LIMIT, score_warehouse
    from lab.score.score_error import ScoreError
    from lab.score.score_table import markdown_table, put_into, terminal_table
    from lab.simulate import sample_destination

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
    new_console().print(terminal_table(score))
