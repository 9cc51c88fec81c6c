"""Selects the engine's writer, which inserts rows in one transaction."""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from importlib import import_module
from pathlib import Path
from typing import Protocol, cast

from clip_search.engines import Connection, engine_name
from clip_search.engines.waiting import Tell
from clip_search.load.records import Batch
from clip_search.logs import Log


class Writer(Protocol):
    """The interface of `sqlite_writer`, `duckdb_writer` and `spark_writer`."""

    def transaction(
        self, database: Path, tell: Tell
    ) -> AbstractContextManager[Connection]:
        """One transaction, committed unless it fails.

        Args:
            database: The warehouse, which is created if missing.
            tell: Called with one line before a wait for another process.

        Raises:
            Exception: The engine reported an error.
        """

    def insert(
        self, batches: Iterator[Batch], log: Log, file_id: int, connection: Connection
    ) -> None:
        """Insert a file's rows into its log's landing table."""


def writer() -> Writer:
    """The module that writes to the engine of the warehouse."""
    module = f"clip_search.load.{engine_name()}_writer"
    return cast("Writer", import_module(module))
