"""The sub-commands `notebook` and `report`."""

from pathlib import Path
from typing import Annotated, Any

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from clip_search.engines import check_its_place, database_path, reading
from clip_search.explore.report_page import html_page
from clip_search.explore.run import run_notebook, write_notebook, write_whole
from clip_search.project import target_path
from clip_search.terminal import new_console

Out = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="Output file; default: in dbt's target folder."),
]


def notebook_command(out: Out = None) -> None:
    """Run analyses/exploration.ipynb on the warehouse and write a copy with its output.

    CLIP_SEARCH_DATABASE and CLIP_SEARCH_TARGET name the warehouse.

    Example: clip-search notebook --out /tmp/our-logs.ipynb
    """
    path = (out or target_path() / "exploration.ipynb").resolve()
    write_notebook(_run(), path)
    typer.echo(f"notebook: wrote {path}")


def report_command(out: Out = None) -> None:
    """Write a report on the logs as one HTML page, which opens without a network.

    Example: clip-search report --out /tmp/our-logs.html
    """
    path = (out or target_path() / "report.html").resolve()
    write_whole(path, html_page(_run()))
    typer.echo(f"report: open {path}")


def _run() -> Any:
    database = database_path()
    # The notebook would report an error as that of one of its cells. It can do without
    # a warehouse: then it says that there is nothing yet.
    check_its_place(database)
    if database.exists():
        with reading(database):
            pass
    typer.echo(f"reading {database}", err=True)
    columns = (
        TextColumn("running the notebook"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("cells"),
    )
    with Progress(*columns, console=new_console(stderr=True)) as progress:
        task = progress.add_task("", total=None)
        return run_notebook(
            lambda done, total: progress.update(task, completed=done, total=total)
        )
