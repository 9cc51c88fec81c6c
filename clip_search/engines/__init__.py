"""The engines that hold a warehouse: which one it is, and how to read from it.

What differs between engines is in a module of its own for each: `sqlite`, `duckdb` and
`spark`. They are imported when they are needed, because only SQLite is always there.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol, cast

from clip_search.project import WORK_ROOT

ENGINES = ("sqlite", "duckdb", "spark")
# How long to wait for another process that has the warehouse open.
WAIT_SECONDS = 60.0


class Connection(Protocol):
    """What the connections of all engines have in common."""

    def execute(self, query: str, parameters: Any = ..., /) -> Any:
        """Run one statement, values bound to its question marks."""

    def executemany(self, query: str, parameters: Any, /) -> Any:
        """Run one statement once for each of some rows of values."""

    def close(self) -> None:
        """Roll back what was not committed, and release the file."""


class Engine(Protocol):
    """What the module of each engine has."""

    DEFAULT_DATABASE: str
    """The warehouse's file or folder, relative to the folder that is worked in."""

    def errors(self) -> tuple[type[Exception], ...]:
        """What the engine raises when it refuses a statement."""

    def read_only(self, database: Path) -> Connection:
        """A connection that cannot change anything; the caller closes it."""


def engine_name() -> str:
    """The engine of the warehouse: `CLIP_SEARCH_TARGET`, or SQLite."""
    return os.environ.get("CLIP_SEARCH_TARGET") or ENGINES[0]


def engine(name: str | None = None) -> Engine:
    """The module of an engine.

    Args:
        name: One of `ENGINES`; by default that of `engine_name`.
    """
    return cast("Engine", import_module(f"{__name__}.{name or engine_name()}"))


def database_path() -> Path:
    """The warehouse's file, or Spark's folder.

    Returns:
        The absolute path in `CLIP_SEARCH_DATABASE`, or the engine's default. Relative
        paths start at `WORK_ROOT`.
    """
    configured = os.environ.get("CLIP_SEARCH_DATABASE") or engine().DEFAULT_DATABASE
    return (WORK_ROOT / configured).resolve()


@contextmanager
def reading(database: Path, name: str | None = None) -> Iterator[Connection]:
    """A connection that cannot change anything, closed at the end.

    Args:
        database: The warehouse's file or folder, which must exist.
        name: Its engine; by default that of `engine_name`.
    """
    connection = engine(name).read_only(database)
    try:
        yield connection
    finally:
        connection.close()
