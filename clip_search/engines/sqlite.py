"""SQLite: the default, a file that any SQLite client can read."""

import sqlite3
from pathlib import Path

from clip_search.engines import WAIT_SECONDS, Connection

DEFAULT_DATABASE = "warehouse/clip_search.db"


def errors() -> tuple[type[Exception], ...]:
    """The exceptions that the engine raises when a statement fails."""
    return (sqlite3.Error,)


def release_dbt() -> None:
    """Nothing to close: dbt closes its connections itself."""


def read_only(database: Path) -> Connection:
    """A read-only connection; the caller closes it."""
    return sqlite3.connect(
        f"{database.as_uri()}?mode=ro", uri=True, timeout=WAIT_SECONDS
    )
