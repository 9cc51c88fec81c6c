"""Registers the text rules on DuckDB, as a dbt-duckdb plugin named in profiles.yml."""

from dbt.adapters.duckdb.plugins import BasePlugin
from duckdb import DuckDBPyConnection

from clip_search.text_rules.engine_functions import register_on_duckdb


class Plugin(BasePlugin):
    """Registers the functions when dbt opens the database."""

    def configure_connection(self, conn: DuckDBPyConnection) -> None:
        """Register the functions on the connections of this process."""
        register_on_duckdb(conn)
