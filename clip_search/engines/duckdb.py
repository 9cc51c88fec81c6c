"""DuckDB: a file that belongs to one process at a time."""

from pathlib import Path

import duckdb

from clip_search.engines import Connection

DEFAULT_DATABASE = "warehouse/clip_search.duckdb"


def errors() -> tuple[type[Exception], ...]:
    """What the engine raises when it refuses a statement."""
    return (duckdb.Error,)


def read_only(database: Path) -> Connection:
    """A connection that cannot change anything; the caller closes it."""
    return duckdb.connect(str(database), read_only=True)
