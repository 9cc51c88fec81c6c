"""The adapter; dbt asks for a class of this name."""

from dbt.adapters.sqlite import SQLiteAdapter

from dbt.adapters.clipsqlite.connections import ClipSQLiteConnectionManager


class ClipSQLiteAdapter(SQLiteAdapter):
    """dbt-sqlite's adapter on connections of our own."""

    ConnectionManager = ClipSQLiteConnectionManager
