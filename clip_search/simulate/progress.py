"""A progress bar for those who make many rows."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import Progress, TaskID

_WORTH_WATCHING = 20_000
_STEP = 1_000


@contextmanager
def shown_searches() -> Iterator[Callable[[int], object]]:
    """Shows on stderr how many searches are done, where that takes long.

    Yields:
        What to call after each search, with the number that there will be, more or
        less.
    """
    with Progress(console=Console(stderr=True), transient=True) as progress:
        task: TaskID | None = None
        done = 0

        def on_search(planned: int) -> None:
            nonlocal done, task
            done += 1
            if planned < _WORTH_WATCHING or done % _STEP:
                return
            if task is None:
                task = progress.add_task("simulating searches", total=planned)
            progress.update(task, completed=min(done, planned))

        yield on_search
