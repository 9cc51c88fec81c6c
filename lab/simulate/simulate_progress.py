"""A progress bar for long simulations."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

from rich.progress import Progress, TaskID

from clip_search.terminal import new_console

_WORTH_WATCHING = 20_000
_STEP = 1_000


@contextmanager
def shown(worth_watching: int, step: int) -> Iterator[Callable[[int], object]]:
    """Shows progress on stderr, if there is much to do.

    Args:
        worth_watching: The minimum total for which progress is shown.
        step: The number of calls between updates.

    Yields:
        A function to call after each one that is done, with the approximate total.
    """
    with Progress(console=new_console(stderr=True), transient=True) as progress:
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
    """Shows the number of searches done."""
    return shown(_WORTH_WATCHING, _STEP)


def shown_parts() -> AbstractContextManager[Callable[[int], object]]:
    """Shows the number of parts done, each with very many searches."""
    return shown(2, 1)
