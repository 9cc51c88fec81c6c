"""The sub-command `serve`."""

import socket
from pathlib import Path
from typing import Annotated

import typer

from clip_search.clear_error import ClearError
from clip_search.engines import check_exists, database_path
from clip_search.enrich.one_query import compiled_meanwhile
from clip_search.enrich.rewrites import Rewrites
from clip_search.project import PROJECT_ROOT, MissingExtraError

DECISIONS = Path("seeds", "enrichment", "rewrite_review.csv")


def serve_command(
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="The port; 0 takes a free one.")
    ] = 8470,
    clips: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="CSV of clip metadata with a column cid."),
    ] = None,
    exports: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="The exports whose ledgers are shown."),
    ] = None,
    decisions: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="The CSV that gets the decisions of reviewers.",
            show_default=str(DECISIONS),
        ),
    ] = None,
) -> None:
    """Show the built warehouse in a browser on this machine: try, review, look.

    Only reads the warehouse. A decision appends a line to the file of decisions, which
    the next build applies. No other machine can reach the page.

    Example: clip-search serve --clips seeds/sample/clip.csv
    """
    warehouse = database_path()
    check_exists(warehouse)
    # Says what to do if it has no tables.
    Rewrites(warehouse)
    seed = decisions or PROJECT_ROOT / DECISIONS
    if not seed.is_file():
        raise ClearError(
            "there is no file of decisions",
            remedy="Name one with --decisions.",
            place=seed,
        )
    try:
        import uvicorn

        from clip_search.serve.app import new_app
    except ModuleNotFoundError as error:
        raise MissingExtraError(str(error.name), "serve") from error
    from clip_search.serve.decisions import Decisions
    from clip_search.serve.guard import Gatekeeper
    from clip_search.serve.search_page import Page

    listening = _listening(port)
    gatekeeper = Gatekeeper(listening.getsockname()[1])
    app = new_app(Page(warehouse, Decisions(seed), clips, exports), gatekeeper)
    # No log of requests: addresses contain queries.
    server = uvicorn.Server(
        uvicorn.Config(app, access_log=False, log_level="warning", lifespan="off")
    )
    typer.echo(f"serve: http://{gatekeeper.hosts[0]}/ (Ctrl-C ends it)")
    # The first new query would wait for it.
    with compiled_meanwhile():
        server.run(sockets=[listening])


def _listening(port: int) -> socket.socket:
    """A socket that only this machine can reach."""
    from clip_search.serve.guard import LOOPBACK

    listening = socket.socket()
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((LOOPBACK, port))
        # The address is printed before uvicorn starts, and must work from then on.
        listening.listen()
    except OSError as error:
        listening.close()
        raise ClearError(
            f"port {port} cannot be used: {error.strerror}",
            remedy="Choose another one: --port 0 takes a free one.",
        ) from error
    return listening
