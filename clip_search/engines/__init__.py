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

from clip_search.engines.one_writer import sole_writer
from clip_search.engines.waiting import Tell
from clip_search.engines.warehouse_error import (
    WarehouseError,
    check_folder,
    check_path,
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

    IS_FOLDER: bool
    """Whether a warehouse is a folder, not a file."""

    JUDGES_NEW_QUERIES: bool
    """Whether it can judge a new query: the models become temporary tables."""

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
    check_exists(database, name)
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


def check_exists(database: Path, name: str | None = None) -> None:
    """Check that there is a warehouse to read.

    Args:
        database: The warehouse's file or folder.
        name: Its engine; `engine_name()` by default.

    Raises:
        WarehouseError: There is none, or not even its folder, or its path cannot be
            that of a warehouse.
    """
    check_its_place(database, name)
    if database.exists():
        return
    raise WarehouseError(
        "there is no database, because nothing is built yet",
        remedy=f"Build it: {typed_command()} run",
        place=database,
    )


def check_its_place(database: Path, name: str | None = None) -> None:
    """Check that a warehouse can be where it is looked for, if it exists.

    Args:
        database: The warehouse's file or folder.
        name: Its engine; `engine_name()` by default.

    Raises:
        WarehouseError: No warehouse can have this path, or its folder does not exist.
            The default folder need not exist.
    """
    check_path(database, engine(name).IS_FOLDER)
    if database.parent != _default_folder():
        check_folder(database)


def check_place(database: Path) -> None:
    """Check that a warehouse can be written or created.

    The folder of the default warehouse is created.

    Raises:
        WarehouseError: Its folder does not exist, something is read-only, or the engine
            cannot have a database of this path.
    """
    check_path(database, engine().IS_FOLDER)
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


@contextmanager
def writing(database: Path, tell: Tell) -> Iterator[None]:
    """Be the only process that writes to a warehouse, until the end.

    Checks its place first, and waits while another process writes to it.

    Args:
        database: The warehouse; it need not exist yet.
        tell: Called with one line before a wait.

    Raises:
        WarehouseError: It cannot be written, or another process took too long.
        OSError: The lock file cannot be written.
    """
    check_place(database)
    with sole_writer(database, tell):
        # Other programs may write too.
        if database.exists():
            with explained(database):
                engine().wait_for_writers(database, tell)
        yield


def _default_folder() -> Path:
    return (WORK_ROOT / engine().DEFAULT_DATABASE).resolve().parent
