"""Runs a hand-written script: python -m benchmarks.peers.run_sql ENGINE DATABASE."""

import sqlite3
import sys
from functools import partial
from pathlib import Path
from typing import Any

from jinja2 import Environment

from tests.reference.text_rules_sql import rendered

TEXT_RULES = ("redact_text", "normalize_query_text", "classify_query")


def statements(engine: str, **names: str) -> list[str]:
    """The script's statements, the project's SQL for the text rules put in.

    Args:
        engine: Whose script.
        names: What else stands in double braces.
    """
    script = (Path(__file__).parent / f"{engine}.sql").read_text(encoding="utf-8")
    rules = {rule: partial(rendered, rule, engine_name=engine) for rule in TEXT_RULES}
    template = Environment(autoescape=False).from_string(script)  # noqa: S701
    sql = template.render(rules, **names)
    return [statement for statement in sql.split(";\n") if statement.strip()]


def run(engine: str, database: Path) -> None:
    """Writes the `peer_` tables beside the landed logs of a database."""
    connection: Any
    if engine == "duckdb":
        import duckdb

        connection = duckdb.connect(str(database))
    else:
        connection = sqlite3.connect(database)
    for statement in statements(engine):
        connection.execute(statement)
    connection.commit()
    connection.close()


if __name__ == "__main__":
    run(sys.argv[1], Path(sys.argv[2]))
