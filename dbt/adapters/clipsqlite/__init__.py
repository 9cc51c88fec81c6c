"""dbt-sqlite with the text rules as SQL functions and atomic table replacement.

Its macros (dbt/include/clipsqlite) replace tables and views in one transaction, enforce
contracts and load seeds quickly. Everything else is dbt-sqlite.
"""

from dbt.adapters.base import AdapterPlugin

from dbt.adapters.clipsqlite.connections import (
    ClipSQLiteConnectionManager,
    ClipSQLiteCredentials,
)
from dbt.adapters.clipsqlite.impl import ClipSQLiteAdapter
from dbt.include import clipsqlite

__all__ = [
    "ClipSQLiteAdapter",
    "ClipSQLiteConnectionManager",
    "ClipSQLiteCredentials",
    "Plugin",
]

Plugin = AdapterPlugin(
    adapter=ClipSQLiteAdapter,
    credentials=ClipSQLiteCredentials,
    include_path=clipsqlite.PACKAGE_PATH,
    dependencies=["sqlite"],
)
