"""A progress bar for those who make many rows."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import Progress

_WORTH_WATCHING = 20_000
_STEP = 1_000


@contextmanager
def shown_searches(count: int) -> Iterator[Callable[[], object]]:
    """Shows on stderr how many searches are done, where that takes long.

    Args:
        count: How many searches there will be, more or less.

    Yields:
        What to call after each search.
    """
    if count < _WORTH_WATCHING:
        yield lambda: None
        return
    with Progress(console=Console(stderr=True)) as progress:
        task = progress.add_task("simulating searches", total=count)
        done = 0

        def on_search() -> None:
            nonlocal done
            done += 1
            if done % _STEP == 0:
                progress.update(task, completed=min(done, count))

        yield on_search
        progress.update(task, completed=count)
