"""Spark sessions with the text rules registered."""

import re
from dataclasses import dataclass
from typing import Any

from dbt.adapters.contracts.connection import Connection, ConnectionState
from dbt.adapters.spark import SparkConnectionManager, SparkCredentials
from dbt.adapters.spark.session import Connection as SessionConnection
from dbt.adapters.spark.session import Cursor, SessionConnectionWrapper
from dbt_common.exceptions import DbtRuntimeError
from pyspark.errors import PySparkException
from pyspark.sql import SparkSession

from clip_search.clear_error import ClearError
from clip_search.engines import database_path
from clip_search.engines.spark_cluster import create_counted_table, remote
from clip_search.engines.spark_session import spark_session, started_session

# What dbt/include/clipspark/macros/create_table_as.sql makes, after dbt's own comment.
_NEW_TABLE = re.compile(
    r"\s*(?:/\*.*?\*/)?\s*create table (\S+) using parquet as\s(.*)", re.DOTALL
)


@dataclass
class ClipSparkCredentials(SparkCredentials):
    """A profile of this adapter."""

    @property
    def type(self) -> str:
        """The adapter's name in profiles.yml."""
        return "clipspark"


class ClusterConnection(SessionConnection):  # type: ignore[misc]
    """A connection to a cluster, whose session is already set up."""

    def __init__(self, session: SparkSession) -> None:
        """Takes the session."""
        super().__init__()
        self._session = session

    def cursor(self) -> "ClusterCursor":
        """A cursor for one statement."""
        return ClusterCursor(self._session)


class ClusterCursor(Cursor):  # type: ignore[misc]
    """Runs a statement; dbt-spark's own cursor sets all parameters before each."""

    def __init__(self, session: SparkSession) -> None:
        """Takes the session."""
        super().__init__()
        self._session = session

    def execute(self, sql: str, *parameters: Any) -> None:
        """Run a statement.

        Args:
            sql: The statement.
            parameters: The values that replace its `%s`, as dbt-spark writes them.

        Raises:
            DbtRuntimeError: Spark reported an error.
        """
        try:
            if new_table := _NEW_TABLE.fullmatch(sql):
                create_counted_table(self._session, *new_table.groups())
                self._rows = []
            else:
                self._df = self._session.sql(sql % parameters if parameters else sql)
        except (PySparkException, ClearError) as error:
            raise DbtRuntimeError(str(error)) from error


class ClipSparkConnectionManager(SparkConnectionManager):
    """Opens connections."""

    TYPE = "clipspark"

    @classmethod
    def open(cls, connection: Connection) -> Connection:
        """Start this process's session, or connect to the cluster that is named.

        Raises:
            DbtRuntimeError: The cluster cannot be used; the message says why.
        """
        if connection.state == "open":
            return connection
        if remote() is None:
            started_session(connection.credentials.server_side_parameters, "hive")
            return super().open(connection)
        try:
            session = spark_session(database_path(), writes=True)
        except ClearError as error:
            # dbt prints only the text of its own exceptions.
            raise DbtRuntimeError(str(error)) from error
        connection.handle = SessionConnectionWrapper(ClusterConnection(session))
        connection.state = ConnectionState.OPEN
        return connection
