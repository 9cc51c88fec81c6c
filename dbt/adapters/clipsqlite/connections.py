"""SQLite connections with the text rules registered, which wait for other writers."""

from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from dbt.adapters.contracts.connection import Connection
from dbt.adapters.events.logging import AdapterLogger
from dbt.adapters.exceptions.connection import FailedToConnectError
from dbt.adapters.sqlite import SQLiteConnectionManager, SQLiteCredentials
from dbt.flags import get_flags

from clip_search.engines.one_writer import sole_writer
from clip_search.engines.public_words import attach_public_words
from clip_search.engines.warehouse_error import WarehouseError
from clip_search.text_rules.engine_functions import register_on_sqlite

# dbt's commands that only read, by the names that dbt gives them.
_READING = ("compile", "debug", "generate", "list", "parse", "show")
# SQLite keeps 2 MB of pages itself, too few for rows that are looked up in no order.
# Mapped, they are read from the pages of the operating system without a call.
_MAPPED_BYTES = 2**31
_logger = AdapterLogger("clip-search")


@dataclass
class ClipSQLiteCredentials(SQLiteCredentials):
    """A profile of this adapter.

    Attributes:
        busy_timeout_seconds: How long a statement waits while another process writes.
    """

    busy_timeout_seconds: float = 60.0

    @property
    def database_file(self) -> Path:
        """The warehouse."""
        return Path(self.schemas_and_paths["main"])

    @property
    def type(self) -> str:
        """The adapter's name in profiles.yml."""
        return "clipsqlite"

    def _connection_keys(self) -> tuple[str, ...]:
        """What `dbt debug` shows, and what a parsed project depends on.

        No model depends on where the file is. Without its path here, dbt does not parse
        the project again for another warehouse, which takes ten seconds.
        """
        if getattr(get_flags(), "WHICH", "") == "debug":
            return tuple(super()._connection_keys())
        return "database", "schema"


class ClipSQLiteConnectionManager(SQLiteConnectionManager):
    """Opens connections, in one process at a time if its command writes."""

    TYPE = "clipsqlite"
    _as_sole_writer: ClassVar[ExitStack] = ExitStack()
    _is_sole_writer: ClassVar[bool] = False

    @classmethod
    def open(cls, connection: Connection) -> Connection:
        """Open and prepare a connection, unless it is already open."""
        if connection.state == "open":
            return connection
        # Before dbt looks which tables there are: another run may be creating them.
        cls._wait_for_writers(connection.credentials)
        opened = super().open(connection)
        milliseconds = round(1000 * opened.credentials.busy_timeout_seconds)
        opened.handle.execute(f"pragma busy_timeout = {milliseconds}")
        opened.handle.execute(f"pragma mmap_size = {_MAPPED_BYTES}")
        attach_public_words(opened.handle, opened.credentials.database_file)
        register_on_sqlite(opened.handle)
        return opened

    def cleanup_all(self) -> None:
        """Close all connections: the command has ended."""
        super().cleanup_all()
        self._as_sole_writer.close()
        type(self)._is_sole_writer = False

    @classmethod
    def _wait_for_writers(cls, credentials: ClipSQLiteCredentials) -> None:
        if cls._is_sole_writer or get_flags().WHICH in _READING:
            return
        try:
            cls._as_sole_writer.enter_context(
                sole_writer(credentials.database_file, _logger.info)
            )
        except WarehouseError as error:
            # In the words of SQLite, which say that a later attempt may succeed.
            raise FailedToConnectError(f"database is locked: {error}") from error
        except OSError as error:
            raise FailedToConnectError(f"unable to open database: {error}") from error
        cls._is_sole_writer = True
