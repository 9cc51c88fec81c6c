"""The consoles that commands print to."""

import json
import os

import typer
from rich.console import Console


def new_console(stderr: bool = False) -> Console:
    """A console that prints escape codes only to a terminal without `NO_COLOR`.

    Rich itself understands `NO_COLOR` as no color, but still prints bold text and moves
    the cursor.

    Args:
        stderr: Print to standard error.
    """
    is_plain = bool(os.environ.get("NO_COLOR"))
    return Console(
        stderr=stderr, emoji=False, force_terminal=False if is_plain else None
    )


def print_json(document: object) -> None:
    """Print a document as the only content of standard output.

    JSON escapes everything but ASCII here, so no text from a log can control a
    terminal.
    """
    typer.echo(json.dumps(document, indent=2))
