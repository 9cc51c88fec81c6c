"""The engines as Python meets them: which it is, and how to read from it."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

WAIT_SECONDS = 60.0
ENGINES = ("sqlite", "duckdb", "spark")


class Connection(Protocol):
    """What the connections of all engines have in common."""

    def execute(self, query: str, parameters: Any = ..., /) -> Any:
        """Run one statement, values bound to its question marks."""

    def executemany(self, query: str, parameters: Any, /) -> Any:
        """Run one statement once for each of some rows of values."""

    def close(self) -> None:
        """Roll back what was not committed, and let go of the file."""


def engine_of_warehouse() -> str:
    """The engine of the warehouse: `CLIP_SEARCH_TARGET`, or SQLite."""
    return os.environ.get("CLIP_SEARCH_TARGET") or ENGINES[0]


def engine_errors() -> tuple[type[Exception], ...]:
    """What the engine raises when it refuses something."""
    if engine_of_warehouse() == "duckdb":
        import duckdb

        return (duckdb.Error,)
    if engine_of_warehouse() == "spark":
        from pyspark.errors import PySparkException

        return (PySparkException,)
    return (sqlite3.Error,)


def read_only(database: Path, engine: str | None = None) -> Connection:
    """A connection that cannot change anything; whoever asks for it closes it.

    Args:
        database: The warehouse's file or folder, which must be there.
        engine: Whose it is; by default that of `engine_of_warehouse`.
    """
    connection: Connection
    if (engine or engine_of_warehouse()) == "duckdb":
        import duckdb

        connection = duckdb.connect(str(database), read_only=True)
    elif (engine or engine_of_warehouse()) == "spark":
        from clip_search.spark_session import SparkConnection

        connection = SparkConnection(database)
    else:
        connection = sqlite3.connect(
            f"{database.as_uri()}?mode=ro", uri=True, timeout=WAIT_SECONDS
        )
    return connection


@contextmanager
def reading(database: Path, engine: str | None = None) -> Iterator[Connection]:
    """A connection that cannot change anything, closed at the end.

    Args:
        database: The warehouse's file or folder, which must be there.
        engine: Whose it is; by default that of `engine_of_warehouse`.
    """
    connection = read_only(database, engine)
    try:
        yield connection
    finally:
        connection.close()
