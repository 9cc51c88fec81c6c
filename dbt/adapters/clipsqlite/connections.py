"""SQLite connections with the text rules registered, which wait for other writers."""

from dataclasses import dataclass
from pathlib import Path

from dbt.adapters.contracts.connection import Connection
from dbt.adapters.sqlite import SQLiteConnectionManager, SQLiteCredentials

from clip_search.engines.public_words import attach_public_words
from clip_search.text_rules.engine_functions import register_on_sqlite


@dataclass
class ClipSQLiteCredentials(SQLiteCredentials):
    """A profile of this adapter.

    Attributes:
        busy_timeout_seconds: How long a statement waits while another process writes.
    """

    busy_timeout_seconds: float = 60.0

    @property
    def type(self) -> str:
        """The adapter's name in profiles.yml."""
        return "clipsqlite"


class ClipSQLiteConnectionManager(SQLiteConnectionManager):
    """Opens connections."""

    TYPE = "clipsqlite"

    @classmethod
    def open(cls, connection: Connection) -> Connection:
        """Open and prepare a connection, unless it is already open."""
        if connection.state == "open":
            return connection
        opened = super().open(connection)
        milliseconds = round(1000 * opened.credentials.busy_timeout_seconds)
        opened.handle.execute(f"pragma busy_timeout = {milliseconds}")
        attach_public_words(
            opened.handle, Path(opened.credentials.schemas_and_paths["main"])
        )
        register_on_sqlite(opened.handle)
        return opened
