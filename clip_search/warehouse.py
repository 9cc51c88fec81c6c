"""The embedded engines as Python meets them: which it is, and how to read from it."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

WAIT_SECONDS = 60.0
EMBEDDED = ("sqlite", "duckdb")


class Connection(Protocol):
    """What SQLite's and DuckDB's connections have in common."""

    def execute(self, query: str, parameters: Any = ..., /) -> Any:
        """Run one statement, values bound to its question marks."""

    def executemany(self, query: str, parameters: Any, /) -> Any:
        """Run one statement once for each of some rows of values."""

    def close(self) -> None:
        """Roll back what was not committed, and let go of the file."""


def embedded_engine() -> str:
    """The engine of the warehouse's file: `CLIP_SEARCH_TARGET`, or SQLite."""
    return os.environ.get("CLIP_SEARCH_TARGET") or EMBEDDED[0]


def engine_errors() -> tuple[type[Exception], ...]:
    """What the engine raises when it refuses something."""
    if embedded_engine() == "duckdb":
        import duckdb

        return (duckdb.Error,)
    return (sqlite3.Error,)


def read_only(database: Path, engine: str | None = None) -> Connection:
    """A connection that cannot change anything; whoever asks for it closes it.

    Args:
        database: The warehouse's file, which must be there.
        engine: Whose file it is; by default that of `embedded_engine`.
    """
    if (engine or embedded_engine()) == "duckdb":
        import duckdb

        connection: Connection = duckdb.connect(str(database), read_only=True)
        return connection
    return sqlite3.connect(
        f"{database.as_uri()}?mode=ro", uri=True, timeout=WAIT_SECONDS
    )


@contextmanager
def reading(database: Path, engine: str | None = None) -> Iterator[Connection]:
    """A connection that cannot change anything, closed at the end.

    Args:
        database: The warehouse's file, which must be there.
        engine: Whose file it is; by default that of `embedded_engine`.
    """
    connection = read_only(database, engine)
    try:
        yield connection
    finally:
        connection.close()
