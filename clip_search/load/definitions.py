"""The SQL of the landing tables, from the project's macros."""

from pathlib import Path

from jinja2 import Environment

from clip_search.logs import LOGS
from clip_search.project import PROJECT_ROOT

LANDING = PROJECT_ROOT / "macros" / "landing" / "landing_tables.sql"
LANDING_ON_SPARK = PROJECT_ROOT / "macros" / "engine" / "spark" / "landing_tables.sql"


def landing_statements(definition: Path = LANDING) -> list[str]:
    """The statements that create missing tables.

    Args:
        definition: A file with one macro, which takes the columns of each log and uses
            nothing else of dbt.
    """
    template = Environment(autoescape=True).from_string(definition.read_text("utf-8"))
    (macro,) = (value for value in vars(template.module).values() if callable(value))
    log_columns = {log.name: log.columns for log in LOGS}
    return [
        statement
        for statement in str(macro(log_columns)).split(";")
        if statement.strip()
    ]
