"""The progress of a long load: a bar on a terminal, else one line per file."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from rich import progress as bars

from clip_search.terminal import new_console
from clip_search.wording import printable


class Progress(Protocol):
    """Receives the progress of the loader."""

    def begin(self, step: str, total_bytes: int) -> None:
        """A step starts; the total is the size of its files on disk, in bytes."""

    def advance(self, byte_count: int) -> None:
        """Another `byte_count` bytes of the step are done."""

    def file_done(self, line: str) -> None:
        """A file is done; the line describes the result."""

    def waiting(self, line: str) -> None:
        """The load waits for another process; the line says which and how long."""


class Silent:
    """Shows nothing."""

    def begin(self, step: str, total_bytes: int) -> None:
        """See Progress."""

    def advance(self, byte_count: int) -> None:
        """See Progress."""

    def file_done(self, line: str) -> None:
        """See Progress."""

    def waiting(self, line: str) -> None:
        """See Progress."""


class Lines(Silent):
    """Prints one line per file to standard error."""

    def file_done(self, line: str) -> None:
        """See Progress."""
        print(line, file=sys.stderr, flush=True)

    def waiting(self, line: str) -> None:
        """See Progress."""
        print(printable(line), file=sys.stderr, flush=True)


class Bars(Silent):
    """Draws one bar per step."""

    def __init__(self, display: bars.Progress) -> None:
        """Draw on a display that the caller starts and stops."""
        self._display = display
        self._task: bars.TaskID | None = None

    def begin(self, step: str, total_bytes: int) -> None:
        """See Progress."""
        self._task = self._display.add_task(step, total=total_bytes)

    def advance(self, byte_count: int) -> None:
        """See Progress."""
        if self._task is not None:
            self._display.advance(self._task, byte_count)

    def waiting(self, line: str) -> None:
        """See Progress."""
        self._display.console.print(printable(line), markup=False, highlight=False)


@contextmanager
def shown_progress(amount: bars.ProgressColumn | None = None) -> Iterator[Progress]:
    """Progress on standard error: bars on a terminal, lines elsewhere.

    Args:
        amount: How a bar shows how much is done; by default, in bytes.
    """
    console = new_console(stderr=True)
    if not console.is_terminal:
        yield Lines()
        return
    display = bars.Progress(
        bars.TextColumn("{task.description}", markup=False),
        bars.BarColumn(),
        amount or bars.DownloadColumn(),
        bars.TimeRemainingColumn(),
        console=console,
    )
    with display:
        yield Bars(display)
