"""The engines that can hold a warehouse: which one is configured, and how to read it.

Each engine has its own module: `sqlite`, `duckdb` and `spark`. They are imported on
demand, because only SQLite is always installed.
"""

import os
import shlex
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol, cast

from clip_search.engines.waiting import Tell
from clip_search.engines.warehouse_error import (
    WarehouseError,
    check_folder,
    check_permissions,
    known_error,
)
from clip_search.project import WORK_ROOT, MissingExtraError, typed_command

ENGINES = ("sqlite", "duckdb", "spark")


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

    def name_problem(self, database: Path) -> str | None:
        """Why a warehouse cannot have this name; None if it can."""

    def errors(self) -> tuple[type[Exception], ...]:
        """The exceptions that the engine raises when a statement fails."""

    def release_dbt(self) -> None:
        """Close what dbt keeps open in this process, so that it can be read."""

    def read_only(self, database: Path) -> Connection:
        """A read-only connection; the caller closes it."""

    def begin_reading(self, connection: Connection) -> None:
        """Let all later reads of a connection see the same state, if possible."""

    def is_complete(self, database: Path) -> bool:
        """Whether the files exist that an existing warehouse shares with others."""

    def wait_for_writers(self, database: Path, tell: Tell) -> None:
        """Return when no other process writes to an existing warehouse.

        Args:
            database: The warehouse.
            tell: Called with one line before a wait.

        Raises:
            Exception: The engine's own error, if another process took too long.
        """

    def compact(self, database: Path, tell: Tell) -> None:
        """Rewrite a warehouse, so that no byte of a deleted row is left in its files.

        Args:
            database: The existing warehouse.
            tell: Called with one line before a wait for another process.

        Raises:
            Exception: The engine's own error; the warehouse is as it was.
        """


def engine_name() -> str:
    """The warehouse's engine: `CLIP_SEARCH_TARGET`, or SQLite by default."""
    return os.environ.get("CLIP_SEARCH_TARGET") or ENGINES[0]


def engine(name: str | None = None) -> Engine:
    """The module of an engine.

    Args:
        name: One of `ENGINES`; `engine_name()` by default.

    Raises:
        MissingExtraError: Its library is not installed.
    """
    name = name or engine_name()
    try:
        return cast("Engine", import_module(f"{__name__}.{name}"))
    except ModuleNotFoundError as error:
        raise MissingExtraError(str(error.name), name) from error


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
        database: The warehouse's file or folder.
        name: Its engine; `engine_name()` by default.

    Raises:
        WarehouseError: It does not exist or cannot be read, or another process is
            writing to it.
    """
    check_exists(database)
    with explained(database, name):
        connection = engine(name).read_only(database)
        try:
            yield connection
        finally:
            connection.close()


@contextmanager
def explained(database: Path, name: str | None = None) -> Iterator[None]:
    """Replaces an engine's error about a warehouse's file with one for people.

    An error about a statement, such as a missing table, is left as it is.

    Args:
        database: The warehouse's file or folder.
        name: Its engine; `engine_name()` by default.

    Raises:
        WarehouseError: The file, its disk or another process is the cause.
    """
    try:
        yield
    except engine(name).errors() as error:
        known = known_error(str(error), database)
        if known is None:
            raise
        raise known from error


def check_exists(database: Path) -> None:
    """Check that there is a warehouse to read.

    Raises:
        WarehouseError: There is none, or not even its folder.
    """
    if database.exists():
        return
    check_its_folder(database)
    raise WarehouseError(
        "there is no database, because nothing is built yet",
        remedy=f"Build it: {typed_command()} run",
        place=database,
    )


def check_its_folder(database: Path) -> None:
    """Check that the folder of a warehouse exists; the default one need not.

    Raises:
        WarehouseError: It does not exist.
    """
    if database.parent != _default_folder():
        check_folder(database)


def check_place(database: Path) -> None:
    """Check that a warehouse can be written or created.

    The folder of the default warehouse is created.

    Raises:
        WarehouseError: Its folder does not exist, something is read-only, or the engine
            cannot have a database of this name.
    """
    if problem := engine().name_problem(database):
        raise WarehouseError(
            problem,
            remedy="Give it another name: export CLIP_SEARCH_DATABASE="
            + shlex.quote(str(database.with_name(f"clip_search{database.suffix}"))),
            place=database,
        )
    if database.parent == _default_folder():
        database.parent.mkdir(parents=True, exist_ok=True)
    check_folder(database)
    check_permissions(database)


def wait_until_writable(database: Path, tell: Tell) -> None:
    """Check the place of a warehouse, and wait while another process writes to it.

    Args:
        database: The warehouse; it need not exist yet.
        tell: Called with one line before a wait.

    Raises:
        WarehouseError: It cannot be written, or another process took too long.
    """
    check_place(database)
    if database.exists():
        with explained(database):
            engine().wait_for_writers(database, tell)


def _default_folder() -> Path:
    return (WORK_ROOT / engine().DEFAULT_DATABASE).resolve().parent
