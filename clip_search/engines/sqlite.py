"""SQLite: the default, a file that any SQLite client reads."""

import sqlite3
from pathlib import Path

from clip_search.engines import WAIT_SECONDS, Connection

DEFAULT_DATABASE = "warehouse/clip_search.db"


def errors() -> tuple[type[Exception], ...]:
    """What the engine raises when it refuses a statement."""
    return (sqlite3.Error,)


def read_only(database: Path) -> Connection:
    """A connection that cannot change anything; the caller closes it."""
    return sqlite3.connect(
        f"{database.as_uri()}?mode=ro", uri=True, timeout=WAIT_SECONDS
    )
