"""A progress bar for those who make many rows."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

from rich.console import Console
from rich.progress import Progress, TaskID

_WORTH_WATCHING = 20_000
_STEP = 1_000


@contextmanager
def shown(worth_watching: int, step: int) -> Iterator[Callable[[int], object]]:
    """Shows on stderr how much is done, where that takes long.

    Args:
        worth_watching: Fewer than so many in all are not shown.
        step: After how many to look up.

    Yields:
        What to call after each that is done, with the number that there will be, more
        or less.
    """
    with Progress(console=Console(stderr=True), transient=True) as progress:
        task: TaskID | None = None
        done = 0

        def on_done(planned: int) -> None:
            nonlocal done, task
            done += 1
            if planned < worth_watching or done % step:
                return
            if task is None:
                task = progress.add_task("simulating searches", total=planned)
            progress.update(task, completed=min(done, planned))

        yield on_done


def shown_searches() -> AbstractContextManager[Callable[[int], object]]:
    """Shows how many searches are done."""
    return shown(_WORTH_WATCHING, _STEP)


def shown_parts() -> AbstractContextManager[Callable[[int], object]]:
    """Shows how many parts are done, each of very many searches."""
    return shown(2, 1)
