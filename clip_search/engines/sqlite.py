"""SQLite: the default, a file that any SQLite client can read."""

import sqlite3
from pathlib import Path

from clip_search.engines import Connection
from clip_search.engines.public_words import (
    are_public_words_built,
    attach_public_words_to_read,
)
from clip_search.engines.sqlite_file import connected_to_read
from clip_search.engines.waiting import Tell, opened_when_free, wait_seconds

DEFAULT_DATABASE = "warehouse/clip_search.db"
IS_FOLDER = False
JUDGES_NEW_QUERIES = True


def name_problem(database: Path) -> None:
    """Nothing: any name will do."""


def errors() -> tuple[type[Exception], ...]:
    """The exceptions that the engine raises when a statement fails."""
    return (sqlite3.Error,)


def release_dbt() -> None:
    """Nothing to close: dbt closes its connections itself."""


def read_only(database: Path) -> Connection:
    """A read-only connection; the caller closes it."""
    connection = connected_to_read(database)
    try:
        attach_public_words_to_read(connection, database)
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def begin_reading(connection: Connection) -> None:
    """Begin a transaction: until the connection is closed, writers have to wait."""
    connection.execute("begin transaction")


def is_complete(database: Path) -> bool:
    """Whether the public words are there."""
    return are_public_words_built(database)


def wait_for_writers(database: Path, tell: Tell) -> None:
    """Return when no other process writes to an existing warehouse."""
    # Closing ends the transaction, which has changed nothing.
    begun(database, tell).close()


def compact(database: Path, tell: Tell) -> None:
    """Rewrite the file, so that no byte of a deleted row is left in it.

    Args:
        database: The existing warehouse.
        tell: Called with one line before a wait for another process.
    """
    connection = begun(database, tell)
    try:
        # SQLite does not rewrite a file in a transaction.
        connection.execute("rollback")
        connection.execute("pragma secure_delete = on")
        connection.execute("vacuum")
        # If somebody has set this journal mode, the old pages are in a file of its own.
        connection.execute("pragma wal_checkpoint(truncate)")
    finally:
        connection.close()


def begun(database: Path, tell: Tell) -> Connection:
    """A connection in a new write transaction; the caller commits and closes it.

    Args:
        database: The warehouse, which is created if missing.
        tell: Called with one line before a wait.
    """
    return opened_when_free(lambda: _begun_now(database), database, tell)


def _begun_now(database: Path) -> Connection:
    # Autocommit, so that this transaction is the only one.
    connection = sqlite3.connect(database, timeout=0, isolation_level=None)
    try:
        connection.execute("begin immediate")
    except sqlite3.Error:
        connection.close()
        raise
    # The commit has to wait for readers.
    connection.execute(f"pragma busy_timeout = {round(1000 * wait_seconds())}")
    return connection
