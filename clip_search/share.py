"""Copies the tables that people want into one file that can be handed over.

The copy has no raw row, so no personal data that the rules recognise. The ending of its
name decides its format, whatever the engine of the warehouse is: DuckDB for `.duckdb`,
SQLite for any other.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Protocol

from clip_search.clear_error import ClearError
from clip_search.engines import Connection, engine, explained, reading
from clip_search.private_files import put_in_place
from clip_search.project import MissingExtraError, typed_command
from clip_search.text_rules import redact_text
from clip_search.wording import is_utf8

SHARED_TABLES = (
    "clean_search_request",
    "clean_search_result_interaction",
    "clean_search_result_shown",
    "rejected_search_request",
    "rejected_search_result_interaction",
    "rejected_search_result_shown",
    "waiting_search_result_interaction",
    "int_search_request_checked",
    "int_search_result_interaction_checked",
    "int_search_result_shown_checked",
    "clip",
    "rejected_clip",
    "late_arrival",
    "log_ledger",
    "log_day",
    "clock_skew",
    "log_support",
    "search_session",
    "reformulation",
    "spell",
    "position_bias",
    "judgment_holdout",
    "judgment",
    "query_clip_boost",
    "judgment_pair",
    "ranking_change",
    "judgment_to_ask",
    "query_frequency",
    "equivalent_query",
    "catalogue_term",
    "catalogue_name",
    "query_term",
    "rewrite_feature",
    "rewrite_score",
    "rewrite_outcome",
    "query_rewrite",
    "related_query",
    "reject_rule",
    "load_record",
)
"""The tables of a copy: those in the graph of the dbt docs, and what was loaded."""

_ROWS_AT_ONCE = 10_000

Row = Sequence[Any]


class ShareError(ClearError):
    """The file cannot be written, or the warehouse is not built."""


@dataclass(frozen=True)
class SharedTable:
    """A table of the copy, and its number of rows."""

    name: str
    row_count: int


class _Copy(Protocol):
    """A file that is being written."""

    engine: str
    """The engine whose format the file has."""

    def create(self, name: str, types: dict[str, str]) -> None:
        """Create a table with columns of the type `text`, `integer` or `real`."""

    def insert(self, name: str, rows: Sequence[Row]) -> None:
        """Insert rows."""

    def finish(self) -> None:
        """Write what is not written yet."""

    def close(self) -> None:
        """Close the file."""


def share(database: Path, file: Path, is_replaced: bool = False) -> list[SharedTable]:
    """Write a copy, completely or not at all.

    Args:
        database: The built warehouse. It is only read.
        file: The file to write.
        is_replaced: Replace an existing file.

    Raises:
        ShareError: The file exists, or the warehouse is not built.
        MissingExtraError: DuckDB is not installed.
        WarehouseError: The warehouse cannot be read, or the file cannot be written.
        OSError: The file cannot be written.
    """
    if file.exists() and not is_replaced:
        raise ShareError(
            "the file exists", remedy="Name another one, or add --replace.", place=file
        )
    if not file.parent.is_dir():
        raise ShareError(
            "the folder of the file does not exist",
            remedy="Create it, or name a file in another folder.",
            place=file,
        )
    try:
        with (
            TemporaryDirectory(dir=file.parent, prefix=".share-") as scratch,
            reading(database) as source,
        ):
            written = Path(scratch, file.name)
            with closing(_new_copy(written)) as copy:
                # All tables are those of the same build.
                engine().begin_reading(source)
                tables = [_copied(name, source, copy, file) for name in SHARED_TABLES]
                with explained(file, copy.engine):
                    copy.finish()
            put_in_place(written, file)
    except engine().errors() as error:
        raise ShareError(
            f"the warehouse is not built completely: {error}",
            remedy=f"Build it: {typed_command()} run",
            place=database,
        ) from error
    return tables


def _copied(name: str, source: Connection, copy: _Copy, file: Path) -> SharedTable:
    found = source.execute(f"select * from {name}")  # noqa: S608 - a name of ours
    columns = [column for column, *_ in found.description]
    batches = _batches(found, columns)
    rows = next(batches, [])
    types = {
        column: _type_of([row[place] for row in rows])
        for place, column in enumerate(columns)
    }
    with explained(file, copy.engine):
        copy.create(name, types)
    row_count = 0
    while rows:
        with explained(file, copy.engine):
            copy.insert(name, rows)
        row_count += len(rows)
        rows = next(batches, [])
    return SharedTable(name, row_count)


def _batches(found: Any, columns: Sequence[str]) -> Iterator[list[Row]]:
    # Files may be named after people.
    redacted = columns.index("file_path") if "file_path" in columns else None
    while rows := found.fetchmany(_ROWS_AT_ONCE):
        yield [
            tuple(
                redact_text(str(value))
                if place == redacted
                else float(value)
                if isinstance(value, Decimal)
                else value
                for place, value in enumerate(row)
            )
            for row in rows
        ]


def _type_of(values: Sequence[object]) -> str:
    """The type of a column with these values; `text` if there is none."""
    found = {type(value) for value in values if value is not None}
    if not found or str in found:
        return "text"
    return "real" if float in found else "integer"


def _new_copy(file: Path) -> _Copy:
    if file.suffix != ".duckdb":
        return _SQLiteCopy(file)
    if not is_utf8(file):
        raise ShareError(
            "the path of the file is not UTF-8",
            remedy="Rename what is not, or name a file in another folder.",
            place=file,
        )
    try:
        return _DuckDBCopy(file)
    except ModuleNotFoundError as error:
        raise MissingExtraError(str(error.name), "duckdb") from error


class _SQLiteCopy:
    engine = "sqlite"

    def __init__(self, file: Path) -> None:
        self._connection = sqlite3.connect(file)

    def create(self, name: str, types: dict[str, str]) -> None:
        columns = ", ".join(f"{column} {kind}" for column, kind in types.items())
        self._connection.execute(f"create table {name} ({columns}) strict")

    def insert(self, name: str, rows: Sequence[Row]) -> None:
        places = ", ".join("?" for _ in rows[0])
        statement = f"insert into {name} values ({places})"  # noqa: S608
        self._connection.executemany(statement, rows)

    def finish(self) -> None:
        self._connection.commit()

    def close(self) -> None:
        self._connection.close()


class _DuckDBCopy:
    engine = "duckdb"

    def __init__(self, file: Path) -> None:
        import duckdb
        import pyarrow

        self._arrow = pyarrow
        self._kinds = {
            "text": pyarrow.string(),
            "integer": pyarrow.int64(),
            "real": pyarrow.float64(),
        }
        self._schemas: dict[str, Any] = {}
        self._connection = duckdb.connect(str(file))

    def create(self, name: str, types: dict[str, str]) -> None:
        self._schemas[name] = self._arrow.schema(
            [(column, self._kinds[kind]) for column, kind in types.items()]
        )
        self.insert(name, [], f"create table {name} as from incoming")

    def insert(self, name: str, rows: Sequence[Row], statement: str = "") -> None:
        schema = self._schemas[name]
        values = list(zip(*rows, strict=True)) or [()] * len(schema)
        columns = [
            self._arrow.array(column, field.type)
            for column, field in zip(values, schema, strict=True)
        ]
        incoming = self._arrow.table(columns, schema=schema)
        self._connection.register("incoming", incoming)
        self._connection.execute(statement or f"insert into {name} from incoming")
        self._connection.unregister("incoming")

    def finish(self) -> None:
        self._connection.execute("checkpoint")

    def close(self) -> None:
        self._connection.close()
