"""Writes raw rows to Spark's tables.

The rows come from the same readers as for the other engines (docs/decisions/0008). Load
records are edited in a SQLite database in memory, with the same statements as on the
other engines, and written back as a whole, because Spark's tables are immutable files.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow as arrow
import pyarrow.parquet as parquet

from clip_search.engines import Connection
from clip_search.engines.spark import LANDING_PREFIX, SparkConnection, replace_table
from clip_search.engines.spark_cluster import check_count, remote
from clip_search.engines.waiting import Tell
from clip_search.engines.warehouse_error import WarehouseError, known_error
from clip_search.load.arrow_rows import arrow_tables
from clip_search.load.definitions import (
    LANDING_ON_SPARK,
    landing_statements,
    new_column_statements,
)
from clip_search.load.records import Batch
from clip_search.logs import LANDED_LOGS, Log

_RECORDS = {
    "import_record": arrow.schema(
        [
            ("load_id", arrow.int32()),
            ("mapping", arrow.string()),
            ("position_from", arrow.int32()),
            ("left_out_count", arrow.int32()),
        ]
    ),
    "load_record": arrow.schema(
        [
            ("load_id", arrow.int32()),
            ("log", arrow.string()),
            ("file_path", arrow.string()),
            ("checksum", arrow.string()),
            ("file_id", arrow.int32()),
            ("row_count", arrow.int32()),
            ("loaded_at", arrow.string()),
            ("unloaded_at", arrow.string()),
        ]
    ),
}


class SparkLanding:
    """The load records, in memory, and the rows to be inserted."""

    def __init__(self, spark: SparkConnection, folder: Path) -> None:
        """Reads the load records.

        Args:
            spark: The warehouse.
            folder: Holds the rows until everything is read.
        """
        self._spark = spark
        self._folder = folder
        self._noted = sqlite3.connect(":memory:", isolation_level=None)
        self.execute = self._noted.execute
        self.executemany = self._noted.executemany
        self.close = self._noted.close
        for statement in landing_statements():
            self.execute(statement)
        for table in _RECORDS:
            rows = self._spark.execute(f"select * from {table}")
            names = ", ".join(column[0] for column in rows.description)
            places = ", ".join("?" for _ in rows.description)
            self.executemany(
                f"insert into {table} ({names}) values ({places})",
                rows.fetchall(),
            )

    def hold(self, rows: Any, log: Log, file_id: int) -> None:
        """Keep an Arrow table of rows of a file for `publish`."""
        folder = self._folder / log.name / str(file_id)
        folder.mkdir(parents=True, exist_ok=True)
        number = len(list(folder.iterdir()))
        parquet.write_table(rows, folder / f"{number:06}.parquet")

    def publish(self) -> None:
        """Insert the held rows, write the load records, and drop unreferenced rows.

        The load records decide which rows count, and are replaced in one step. If a
        load fails before that, nothing has changed; if it fails after it, the next one
        drops what it has left.
        """
        for log in LANDED_LOGS:
            for folder in sorted((self._folder / log.name).glob("*")):
                self._insert(log, folder)
            if "search_id" in log.columns:
                for file_id in self._unreferenced(log):
                    self._keep_ids(log, file_id)
        for table, schema in _RECORDS.items():
            self._write_records(table, schema)
        for log in LANDED_LOGS:
            for file_id in self._unreferenced(log):
                self._spark.execute(
                    f"alter table landed_{log.name}"
                    f" drop partition (file_id = {file_id})"
                )

    def _insert(self, log: Log, folder: Path) -> None:
        """Inserts the rows of the file whose id is the name of a folder."""
        table, file_id = f"landed_{log.name}", int(folder.name)
        columns = ", ".join(["line_number", *log.columns, "malformed_line"])
        self._spark.execute(
            f"insert overwrite {table} partition (file_id = {file_id})"
            f" ({columns}) select {columns} from parquet.`{folder.as_uri()}`"
        )
        if remote():
            check_count(
                *(self._spark.session, table, _row_count(folder)),
                where=f"file_id = {file_id}",
            )

    def _keep_ids(self, log: Log, file_id: int) -> None:
        """Keeps the ids of a file's rows until the next build."""
        ids = (
            f"select distinct search_id from landed_{log.name}"
            f" where file_id = {file_id} and search_id is not null"
        )
        self._spark.execute(
            "insert overwrite unloaded_search_id"
            f" partition (log = '{log.name}', file_id = {file_id}) {ids}"
        )
        if remote():
            counted = self._spark.execute(f"select count(*) from ({ids})")
            check_count(
                *(self._spark.session, "unloaded_search_id", counted.fetchall()[0][0]),
                where=f"log = '{log.name}' and file_id = {file_id}",
            )

    def _write_records(self, table: str, schema: Any) -> None:
        noted = self.execute(f"select * from {table} order by load_id").fetchall()
        values = list(zip(*noted, strict=True)) or [()] * len(schema)
        records = arrow.table(
            [
                arrow.array(list(column), field.type)
                for column, field in zip(values, schema, strict=True)
            ],
            schema=schema,
        )
        file = self._folder / f"{table}.parquet"
        parquet.write_table(records, file)
        replace_table(self._spark, table, f"select * from parquet.`{file.as_uri()}`")

    def _unreferenced(self, log: Log) -> list[int]:
        """The files whose rows are there, and of which no load record speaks."""
        return sorted(self._there(f"landed_{log.name}") - self._wanted(log.name))

    def _wanted(self, log: str) -> set[int]:
        rows = self.execute(
            "select file_id from load_record where log = ? and unloaded_at is null",
            (log,),
        )
        return {file_id for (file_id,) in rows}

    def _there(self, table: str) -> set[int]:
        rows = self._spark.execute(f"show partitions {table}").fetchall()
        return {int(partition.partition("=")[2]) for (partition,) in rows}


def _row_count(folder: Path) -> int:
    files = folder.glob("*.parquet")
    return sum(parquet.read_metadata(file).num_rows for file in files)


@contextmanager
def transaction(database: Path, tell: Tell) -> Iterator[Connection]:
    """Load records and rows, published together unless something fails before.

    Args:
        database: The warehouse.
        tell: Not called: Spark does not wait for other processes.

    Raises:
        WarehouseError: Spark reported an error; replaces its own exception.
        NoJavaError: Java is missing.
    """
    database.mkdir(exist_ok=True)
    spark = SparkConnection(database, writes=True)
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkException

    try:
        with TemporaryDirectory(prefix=LANDING_PREFIX, dir=database) as folder:
            for statement in landing_statements(LANDING_ON_SPARK):
                spark.execute(statement)
            for statement in new_column_statements(spark.execute, LANDING_ON_SPARK):
                spark.execute(statement)
            landing = SparkLanding(spark, Path(folder))
            yield landing
            landing.publish()
    except (PySparkException, Py4JError) as error:
        raise known_error(str(error), database) or WarehouseError(
            f"Spark reported an error: {str(error).splitlines()[0]}",
            remedy="Check the disk for space and the permissions of the folder.",
            place=database,
        ) from error
    finally:
        with suppress(Py4JError):
            spark.close()


def insert(batches: Iterator[Batch], log: Log, file_id: int, connection: Any) -> None:
    """Hold a file's rows for its log's landing table."""
    for rows in arrow_tables(batches, log, file_id):
        connection.hold(rows, log, file_id)
