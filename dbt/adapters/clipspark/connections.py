"""Spark sessions with the text rules registered."""

from dataclasses import dataclass

from dbt.adapters.contracts.connection import Connection
from dbt.adapters.spark import SparkConnectionManager, SparkCredentials

from clip_search.engines.spark_session import started_session


@dataclass
class ClipSparkCredentials(SparkCredentials):
    """A profile of this adapter."""

    @property
    def type(self) -> str:
        """The adapter's name in profiles.yml."""
        return "clipspark"


class ClipSparkConnectionManager(SparkConnectionManager):
    """Opens connections."""

    TYPE = "clipspark"

    @classmethod
    def open(cls, connection: Connection) -> Connection:
        """Start this process's session with the text rules; dbt-spark will reuse it."""
        if connection.state != "open":
            started_session(connection.credentials.server_side_parameters, "hive")
        return super().open(connection)
