"""The SQL of the landing tables, from the project's macros."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from jinja2 import Environment

from clip_search.logs import LOGS
from clip_search.project import PROJECT_ROOT

LANDING = PROJECT_ROOT / "macros" / "landing" / "landing_tables.sql"
LANDING_ON_SPARK = PROJECT_ROOT / "macros" / "engine" / "spark" / "landing_tables.sql"


def landing_statements(definition: Path = LANDING) -> list[str]:
    """The statements that create missing tables.

    Args:
        definition: A file with one macro, which takes the names of the columns of each
            log and uses nothing else of dbt.
    """
    template = Environment(autoescape=True).from_string(definition.read_text("utf-8"))
    (macro,) = (value for value in vars(template.module).values() if callable(value))
    log_columns = {log.name: log.columns for log in LOGS}
    return [
        statement
        for statement in str(macro(log_columns)).split(";")
        if statement.strip()
    ]


def new_column_statements(
    execute: Callable[[str], Any], text_column: str = "column {} text"
) -> list[str]:
    """The statements that add columns which were declared after the tables were made.

    Args:
        execute: Runs a query on the landing tables and returns its cursor.
        text_column: What the engine calls a new column of text; {} is its name.
    """
    return [
        f"alter table {table} add {text_column.format(column)}"
        for log in LOGS
        for table in [f"landed_{log.name}"]
        for present in [_column_names(execute, table)]
        for column in log.columns
        if column not in present
    ]


def _column_names(execute: Callable[[str], Any], table: str) -> set[str]:
    return {name for name, *_ in execute(f"select * from {table} limit 0").description}
