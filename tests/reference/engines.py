"""Each engine as used by the tests: an in-memory database for rows and queries."""

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

from clip_search.text_rules.engine_functions import (
    register_on_duckdb,
    register_on_sqlite,
)

Row = tuple[Any, ...]


class Engine(Protocol):
    """An in-memory database with the text rules registered."""

    name: str

    def make_table(
        self, name: str, columns: Mapping[str, str], rows: Iterable[Sequence[Any]]
    ) -> None:
        """Create and fill a table; an existing one is replaced.

        Args:
            name: The table's name.
            columns: Their types by name, `integer` or `text`.
            rows: Its rows.
        """

    def rows(self, query: str, *values: Any) -> list[Row]:
        """The rows of a query, with values bound to its question marks."""


class Sqlite:
    """SQLite."""

    name = "sqlite"

    def __init__(self) -> None:
        """Opens it."""
        self.connection = sqlite3.connect(":memory:")
        register_on_sqlite(self.connection)

    def make_table(
        self, name: str, columns: Mapping[str, str], rows: Iterable[Sequence[Any]]
    ) -> None:
        """As the protocol has it."""
        self.connection.execute(f"drop table if exists {name}")
        definitions = ", ".join(f"{column} {kind}" for column, kind in columns.items())
        self.connection.execute(f"create table {name} ({definitions})")
        places = ", ".join("?" for _ in columns)
        self.connection.executemany(f"insert into {name} values ({places})", rows)

    def rows(self, query: str, *values: Any) -> list[Row]:
        """As the protocol has it."""
        return self.connection.execute(query, values).fetchall()


class DuckDB:
    """DuckDB; tables are passed as Arrow, which is the fastest way into it."""

    name = "duckdb"

    def __init__(self) -> None:
        """Opens it."""
        import duckdb

        self.connection = duckdb.connect(":memory:", config={"threads": 1})
        register_on_duckdb(self.connection)

    def make_table(
        self, name: str, columns: Mapping[str, str], rows: Iterable[Sequence[Any]]
    ) -> None:
        """As the protocol has it."""
        self.connection.register("incoming", _arrow_table(columns, rows))
        self.connection.execute(
            f"create or replace table {name} as select * from incoming"
        )
        self.connection.unregister("incoming")

    def rows(self, query: str, *values: Any) -> list[Row]:
        """As the protocol has it."""
        return self.connection.execute(query, list(values)).fetchall()


class Spark:
    """Spark, in this process: one session for all tests that need it."""

    name = "spark"

    def __init__(self) -> None:
        """Opens it."""
        from clip_search.engines.spark_session import spark_session

        self.session = spark_session(None)

    def make_table(
        self, name: str, columns: Mapping[str, str], rows: Iterable[Sequence[Any]]
    ) -> None:
        """As the protocol has it."""
        frame = self.session.createDataFrame(_arrow_table(columns, rows))
        frame.createOrReplaceTempView(name)

    def rows(self, query: str, *values: Any) -> list[Row]:
        """As the protocol has it."""
        return [tuple(row) for row in self.session.sql(query, list(values)).collect()]


def _arrow_table(columns: Mapping[str, str], rows: Iterable[Sequence[Any]]) -> Any:
    import pyarrow as pa

    types = {"integer": pa.int32(), "text": pa.string()}
    values = list(zip(*rows, strict=True)) or [()] * len(columns)
    return pa.table(
        {
            column: pa.array(
                [int(v) if kind == "integer" and v is not None else v for v in got],
                types[kind],
            )
            for (column, kind), got in zip(columns.items(), values, strict=True)
        }
    )


def engine_named(name: str) -> Engine:
    """A new database of an engine.

    Args:
        name: `sqlite`, `duckdb` or `spark`.
    """
    return {"sqlite": Sqlite, "duckdb": DuckDB, "spark": Spark}[name]()
