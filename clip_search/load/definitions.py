"""The SQL of the landing tables, from the project's macros."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from jinja2 import Environment

from clip_search.logs import LANDED_LOGS
from clip_search.project import PROJECT_ROOT

LANDING = PROJECT_ROOT / "macros" / "landing"
LANDING_ON_SPARK = PROJECT_ROOT / "macros" / "engine" / "spark"


def landing_statements(definitions: Path = LANDING) -> list[str]:
    """The statements that create missing tables.

    Args:
        definitions: The folder of the engine's landing_tables.sql.
    """
    log_columns = {log.name: log.columns for log in LANDED_LOGS}
    statements = _rendered(definitions / "landing_tables.sql", log_columns)
    return [each for each in statements.split(";") if each.strip()]


def new_column_statements(
    execute: Callable[[str], Any], definitions: Path = LANDING
) -> list[str]:
    """The statements that add columns which were declared after the tables were made.

    Args:
        execute: Runs a query on the landing tables and returns its cursor.
        definitions: The folder of the engine's new_column.sql.
    """
    statements = []
    for log in LANDED_LOGS:
        table = f"landed_{log.name}"
        empty = execute(f"select * from {table} limit 0")
        present = {name for name, *_ in empty.description}
        statements += [
            _rendered(definitions / "new_column.sql", table, column)
            for column in log.columns
            if column not in present
        ]
    return statements


def _rendered(definition: Path, *arguments: object) -> str:
    """The text of a file's one macro, which uses nothing else of dbt."""
    template = Environment(autoescape=True).from_string(definition.read_text("utf-8"))
    (macro,) = (value for value in vars(template.module).values() if callable(value))
    return str(macro(*arguments))
