"""The engines that can hold a warehouse: which one is configured, and how to read it.

Each engine has its own module: `sqlite`, `duckdb` and `spark`. They are imported on
demand, because only SQLite is always installed.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol, cast

from clip_search.project import WORK_ROOT

ENGINES = ("sqlite", "duckdb", "spark")
# How long to wait while another process has the warehouse open.
WAIT_SECONDS = 60.0


class Connection(Protocol):
    """The interface that the connections of all engines share."""

    def execute(self, query: str, parameters: Any = ..., /) -> Any:
        """Run one statement, with values bound to its question marks."""

    def executemany(self, query: str, parameters: Any, /) -> Any:
        """Run one statement once for each row of values."""

    def close(self) -> None:
        """Roll back what was not committed, and release the file."""


class Engine(Protocol):
    """The interface of each engine's module."""

    DEFAULT_DATABASE: str
    """The warehouse's file or folder, relative to `WORK_ROOT`."""

    def errors(self) -> tuple[type[Exception], ...]:
        """The exceptions that the engine raises when a statement fails."""

    def release_dbt(self) -> None:
        """Close what dbt keeps open in this process, so that it can be read."""

    def read_only(self, database: Path) -> Connection:
        """A read-only connection; the caller closes it."""


def engine_name() -> str:
    """The warehouse's engine: `CLIP_SEARCH_TARGET`, or SQLite by default."""
    return os.environ.get("CLIP_SEARCH_TARGET") or ENGINES[0]


def engine(name: str | None = None) -> Engine:
    """The module of an engine.

    Args:
        name: One of `ENGINES`; `engine_name()` by default.
    """
    return cast("Engine", import_module(f"{__name__}.{name or engine_name()}"))


def database_path() -> Path:
    """The warehouse's file, or Spark's folder.

    Returns:
        `CLIP_SEARCH_DATABASE` or the engine's default, as an absolute path. Relative
        paths start at `WORK_ROOT`.
    """
    configured = os.environ.get("CLIP_SEARCH_DATABASE") or engine().DEFAULT_DATABASE
    return (WORK_ROOT / configured).resolve()


@contextmanager
def reading(database: Path, name: str | None = None) -> Iterator[Connection]:
    """A read-only connection, closed at the end.

    Args:
        database: The warehouse's file or folder, which must exist.
        name: Its engine; `engine_name()` by default.
    """
    connection = engine(name).read_only(database)
    try:
        yield connection
    finally:
        connection.close()
