"""Spark, in this process or on a cluster: a folder with the tables."""

from __future__ import annotations

import shutil
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from clip_search.engines.spark_cluster import create_counted_table, remote
from clip_search.engines.spark_generations import (
    AFFECTED_PREFIX,
    TableState,
    VersionedTable,
    name_of_stored,
    new_suffix,
)
from clip_search.engines.spark_session import spark_session
from clip_search.engines.waiting import Tell

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pyspark.sql import DataFrame

    from clip_search.engines import Connection

DEFAULT_DATABASE = "warehouse/spark"
IS_FOLDER = True
JUDGES_NEW_QUERIES = False
LANDING_PREFIX = "landing-"
"""How the folders in a warehouse begin that hold rows until a load is complete."""


def name_problem(database: Path) -> None:
    """Nothing: any name will do."""


def errors() -> tuple[type[Exception], ...]:
    """The exceptions that the engine raises when a statement fails."""
    from pyspark.errors import PySparkException

    return (PySparkException,)


def release_dbt() -> None:
    """Nothing to close: dbt uses this process's session."""


def read_only(database: Path) -> Connection:
    """A connection to read from; the caller closes it."""
    return SparkConnection(database)


def begin_reading(connection: Connection) -> None:
    """Nothing to do: Spark has no transactions."""


def is_complete(database: Path) -> bool:
    """True: warehouses share nothing."""
    return True


def wait_for_writers(database: Path, tell: Tell) -> None:
    """Nothing to wait for: Spark fails at once if the folder is in use."""


def compact(database: Path, tell: Tell) -> None:
    """Write tables without replaced rows, delete older versions, and what was left.

    Args:
        database: The existing warehouse, which no other process may be writing.
        tell: Not called: Spark does not wait for other processes.
    """
    connection = SparkConnection(database, writes=True)
    try:
        for left in database.glob(f"{LANDING_PREFIX}*"):
            shutil.rmtree(left)
        shown = {name for _, name, _ in connection.execute("show tables").fetchall()}
        for name in sorted(name for name in shown if name.startswith(AFFECTED_PREFIX)):
            connection.execute(f"drop table {name}")
        for name in sorted({each for each in map(name_of_stored, shown) if each}):
            _compact_table(connection, name, is_shown=name in shown)
    finally:
        connection.close()


def replace_table(connection: SparkConnection, name: str, query: str) -> None:
    """Replace all rows of a table in one step: it becomes a view of a new version.

    Args:
        connection: The warehouse.
        name: The table.
        query: Its rows.
    """
    table = VersionedTable(connection.rows_of, name)
    state = TableState(new_suffix("v"))
    connection.create_table(f"{name}{state.version}", query)
    if not table.is_view():
        # Once: the table as it was created.
        connection.execute(f"drop table {name}")
    table.show(state)
    table.drop_unshown(state, kept_versions=2)


def _compact_table(connection: SparkConnection, name: str, *, is_shown: bool) -> None:
    table = VersionedTable(connection.rows_of, name, create=connection.create_table)
    state = table.state() if is_shown else None
    if state is not None:
        if state.generations:
            state = table.compact(state)
        table.drop_unshown(state, kept_versions=0)
        return
    # Its view was dropped, or made before views said what they show.
    view = table.definition() if is_shown else ""
    for stored in table.stored():
        if stored not in view:
            connection.execute(f"drop table {stored}")


class SparkConnection:
    """A session on a warehouse's folder, with the interface of the other engines."""

    _open_count = 0

    def __init__(self, database: Path, *, writes: bool = False) -> None:
        """Starts Spark, which takes about ten seconds, or connects to a cluster.

        Args:
            database: The warehouse's folder.
            writes: Whether tables will be written.

        Raises:
            NoJavaError: Java is missing.
            MissingExtraError: pyspark is missing.
            ClusterRefusedError: A cluster is named that cannot be used.
        """
        self.session = spark_session(database, writes=writes)
        SparkConnection._open_count += 1

    def execute(self, query: str, parameters: Any = (), /) -> SparkRows:
        """Run one statement, with values bound to its question marks."""
        return SparkRows(self.session.sql(query, list(parameters) or None))

    def rows_of(self, query: str) -> list[tuple[Any, ...]]:
        """Run one statement, and return all of its rows."""
        return self.execute(query).fetchall()

    def create_table(self, name: str, query: str) -> None:
        """Create a table from a query; on a cluster, its rows are counted."""
        if remote():
            create_counted_table(self.session, name, query)
        else:
            self.execute(f"create table {name} using parquet as {query}")

    def executemany(self, query: str, parameters: Any, /) -> None:
        """Run one statement once for each row of values."""
        for values in parameters:
            self.execute(query, values)

    def close(self) -> None:
        """Stop Spark, or leave the cluster, with the last connection.

        Without a cluster, the catalog belongs to one process.
        """
        SparkConnection._open_count -= 1
        if not SparkConnection._open_count:
            self.session.stop()


class SparkRows:
    """The result of a statement, with the interface of the other engines' cursors."""

    def __init__(self, frame: DataFrame) -> None:
        """Takes the frame; rows are fetched on demand."""
        self.description = [(name,) for name in frame.columns]
        self._frame = frame
        self._rows: Iterator[Any] | None = None

    def fetchmany(self, size: int) -> list[tuple[Any, ...]]:
        """The next rows, at most `size` of them."""
        if self._rows is None:
            self._rows = self._frame.toLocalIterator(prefetchPartitions=True)
        return [tuple(row) for row in islice(self._rows, size)]

    def fetchone(self) -> tuple[Any, ...] | None:
        """The next row, or None."""
        return next(iter(self.fetchmany(1)), None)

    def fetchall(self) -> list[tuple[Any, ...]]:
        """All remaining rows."""
        return [tuple(row) for row in self._frame.collect()]
