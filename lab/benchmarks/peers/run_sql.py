"""Runs a hand-written script.

python -m lab.benchmarks.peers.run_sql ENGINE DATABASE
"""

import sqlite3
import sys
from pathlib import Path
from typing import Any

from jinja2 import Environment

from clip_search.text_rules.engine_functions import (
    register_on_duckdb,
    register_on_sqlite,
)


def statements(engine: str, **names: str) -> list[str]:
    """The script's statements, which call the text rules by name.

    Args:
        engine: The script's engine.
        names: Values for names in double braces that are not macros in the script.
    """
    script = (Path(__file__).parent / f"{engine}.sql").read_text(encoding="utf-8")
    template = Environment(autoescape=False).from_string(script)  # noqa: S701
    sql = template.render(**names)
    return [statement for statement in sql.split(";\n") if statement.strip()]


def run(engine: str, database: Path) -> None:
    """Writes the `peer_` tables to the database that has the landed logs."""
    connection: Any
    if engine == "duckdb":
        import duckdb

        connection = duckdb.connect(str(database))
        register_on_duckdb(connection)
    else:
        connection = sqlite3.connect(database)
        register_on_sqlite(connection)
    for statement in statements(engine):
        connection.execute(statement)
    connection.commit()
    connection.close()


if __name__ == "__main__":
    run(sys.argv[1], Path(sys.argv[2]))
