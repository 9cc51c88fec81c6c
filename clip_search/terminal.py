"""The consoles that commands print to."""

import json
import os
import sys

import typer
from rich.console import Console

WIDTH_OF_A_FILE = 200


def new_console(stderr: bool = False) -> Console:
    """A console that prints escape codes only to a terminal without `NO_COLOR`.

    Rich itself understands `NO_COLOR` as no color, but still prints bold text and moves
    the cursor. Output to a file or pipe is wide: Rich would cut tables to 80 columns,
    and numbers with them.

    Args:
        stderr: Print to standard error.
    """
    is_plain = bool(os.environ.get("NO_COLOR"))
    has_width = (
        "COLUMNS" in os.environ or (sys.stderr if stderr else sys.stdout).isatty()
    )
    return Console(
        stderr=stderr,
        emoji=False,
        force_terminal=False if is_plain else None,
        width=None if has_width else WIDTH_OF_A_FILE,
    )


def print_json(document: object) -> None:
    """Print a document as the only content of standard output.

    JSON escapes everything but ASCII here, so no text from a log can control a
    terminal.
    """
    typer.echo(json.dumps(document, indent=2))
