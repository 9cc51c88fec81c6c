"""DuckDB: a file that no other process can open while one writes to it."""

import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from clip_search.engines import Connection
from clip_search.engines.waiting import Tell, opened_when_free

DEFAULT_DATABASE = "warehouse/clip_search.duckdb"
IS_FOLDER = False
JUDGES_NEW_QUERIES = True


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


def compact(database: Path, tell: Tell) -> None:
    """Replace the file by a copy, so that no byte of a deleted row is left in it.

    DuckDB never overwrites the blocks of deleted rows.

    Args:
        database: The existing warehouse.
        tell: Called with one line before a wait.
    """
    with opened(database, tell) as connection:
        # The file of what was committed last becomes a part of the database.
        connection.execute("checkpoint")
    # A process that was killed leaves its rows here.
    shutil.rmtree(f"{database}.tmp", ignore_errors=True)
    with (
        TemporaryDirectory(dir=database.parent, prefix=".compact-") as scratch,
        duckdb.connect() as connection,
    ):
        copy = Path(scratch, database.name)
        # Nobody can write to a file that is attached to be read.
        connection.execute(f"attach {_quoted(database)} as present (read_only)")
        connection.execute(f"attach {_quoted(copy)} as compacted")
        connection.execute("copy from database present to compacted")
        connection.execute("detach compacted")
        shutil.copymode(database, copy)
        copy.replace(database)


def _quoted(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"


def opened(database: Path, tell: Tell) -> duckdb.DuckDBPyConnection:
    """A connection to write with; DuckDB itself does not wait for other processes.

    Args:
        database: The warehouse, which is created if missing.
        tell: Called with one line before a wait.
    """
    return opened_when_free(lambda: duckdb.connect(str(database)), database, tell)
