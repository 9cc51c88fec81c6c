"""The sub-command that fetches what a video site knows of the clicked clips."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.progress import MofNCompleteColumn

from clip_search.clips.answers_file import AnswersFile
from clip_search.clips.api_settings import api_settings
from clip_search.clips.clicked_clips import clips_without_metadata
from clip_search.engines import database_path
from clip_search.load import LoadError, load
from clip_search.load.load_progress import shown_progress
from clip_search.mapping import mapping_of_preset
from clip_search.project import typed_command
from clip_search.wording import counted, printable

if TYPE_CHECKING:
    from clip_search.clips.fetch import ToAsk


def fetch_clips_command(
    limit: Annotated[
        int | None,
        typer.Option(min=1, metavar="N", help="Ask for at most N clips."),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="The file of answers (.jsonl).",
            show_default="next to the warehouse",
        ),
    ] = None,
) -> None:
    """Fetch the metadata of clicked clips from the Vimeo API, and load it.

    Asks for each clicked clip that is not in the table clip, those with most clicks
    first. Only their ids are sent. The file keeps every answer, also that a clip is
    missing, so no clip is asked for twice, and a run that was stopped continues.
    VIMEO_TOKEN is the access token; CLIP_SEARCH_CLIP_API another address of the API.

    Example: clip-search fetch-clips --limit 1000
    """
    # The HTTP client takes 50 ms to import, and no other command needs it.
    from clip_search.clips.clip_api import ClipApi
    from clip_search.clips.fetch import fetch, to_ask

    database = database_path()
    file = (out or database.with_name(f"{database.stem}_clips.jsonl")).absolute()
    wanted = clips_without_metadata(database)
    with AnswersFile(file) as answers:
        asked = to_ask(wanted, answers, limit)
        missing_count = 0
        if asked.cids:
            settings = api_settings()
            with shown_progress(MofNCompleteColumn()) as progress:
                api = ClipApi(settings, tell=progress.waiting)
                missing_count = fetch(asked.cids, api, answers, progress)
        _say(asked, missing_count, file)
        if not answers.known:
            return
        try:
            with shown_progress() as progress:
                report = load([file], database, progress, mapping_of_preset("vimeo"))
        except LoadError as error:
            typer.echo(
                f"error: the answers are kept, but were not loaded\n{error}", err=True
            )
            raise typer.Exit(1) from None
    for line in report.lines():
        typer.echo(line)
    typer.echo(f"Next, build the table clip: {typed_command()} run")


def _say(asked: "ToAsk", missing_count: int, file: Path) -> None:
    typer.echo(
        f"fetch: asked for {counted(len(asked.cids), 'clip')}:"
        f" {len(asked.cids) - missing_count:,} found, {missing_count:,} missing"
    )
    if asked.answered_count:
        typer.echo(
            f"note: {counted(asked.answered_count, 'clip')} not asked for again:"
            f" what the API answered is in {printable(str(file))}"
        )
    if asked.other_id_count:
        typer.echo(
            f"note: {counted(asked.other_id_count, 'clicked id')} not sent:"
            " no Vimeo id, which has digits only"
        )
    if asked.left_count:
        typer.echo(f"note: {counted(asked.left_count, 'clip')} left for the next run")
