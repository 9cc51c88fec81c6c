"""DuckDB: a file that no other process can open while one writes to it."""

from pathlib import Path

import duckdb

from clip_search.engines import Connection
from clip_search.engines.waiting import Tell, opened_when_free

DEFAULT_DATABASE = "warehouse/clip_search.duckdb"
IS_FOLDER = False


# DuckDB calls a database like its file, up to the first dot, and keeps these names.
_RESERVED_NAMES = ("main", "temp", "system")


def name_problem(database: Path) -> str | None:
    """Why dbt could not build in a file of this name; None if it can."""
    name = database.name.partition(".")[0]
    if name.lower() in _RESERVED_NAMES:
        return f"DuckDB keeps the name {name} for itself"
    if set(database.name) & set("\"'"):
        return "the name of a DuckDB database cannot contain quotes"
    return None


def errors() -> tuple[type[Exception], ...]:
    """The exceptions that the engine raises when a statement fails."""
    return (duckdb.Error,)


def release_dbt() -> None:
    """Close the file that dbt keeps open until its process ends."""
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager

    # There is none if dbt could not open the file.
    if DuckDBConnectionManager._ENV is not None:
        DuckDBConnectionManager.env().close()


def read_only(database: Path) -> Connection:
    """A read-only connection; the caller closes it."""
    return duckdb.connect(str(database), read_only=True)


def begin_reading(connection: Connection) -> None:
    """Nothing to do: no other process can write while this one reads."""


def is_complete(database: Path) -> bool:
    """True: warehouses share nothing."""
    return True


def wait_for_writers(database: Path, tell: Tell) -> None:
    """Return when no other process has an existing warehouse open."""
    opened(database, tell).close()


def opened(database: Path, tell: Tell) -> duckdb.DuckDBPyConnection:
    """A connection to write with; DuckDB itself does not wait for other processes.

    Args:
        database: The warehouse, which is created if missing.
        tell: Called with one line before a wait.
    """
    return opened_when_free(lambda: duckdb.connect(str(database)), database, tell)
