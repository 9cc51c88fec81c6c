"""The adapter class, which dbt looks up by its name."""

from dbt.adapters.sqlite import SQLiteAdapter

from dbt.adapters.clipsqlite.connections import ClipSQLiteConnectionManager


class ClipSQLiteAdapter(SQLiteAdapter):
    """dbt-sqlite's adapter with this project's connections."""

    ConnectionManager = ClipSQLiteConnectionManager
