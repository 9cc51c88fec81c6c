"""The project's small macros without dbt: SQL of any engine, and databases to run it.

The files are rendered with plain Jinja. The databases are in memory and know the text
rules, as those that dbt opens do.
"""

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import yaml
from jinja2 import Environment

from tests.reference.engines import Engine, Row, engine_named

ROOT = Path(__file__).resolve().parents[2]

ENGINES = ("sqlite", "duckdb", "spark")

# All that need nothing of dbt but `var` and dispatching.
_FILES = {
    "engine": (
        *("computed_once", "counted_first", "evaluated_once", "is_latin_word"),
        *("is_odd_query", "is_opaque_id", "may_be_special_query"),
        *("may_hold_personal_data", "milliseconds_between", "only_where", "trimmed"),
        *("usual_timestamp", "whole_number", "whole_seconds", "words_of"),
        "zero_padded",
    ),
    "rules": ("clean_id", "kind_of_query", "normalized", "redacted", "timestamp"),
}

# The macros of a time are called beside what the engine itself made of it.
_OF_A_TIME = ("utc_timestamp", "timestamp_reject_reason", "offset_minutes")


@cache
def variables() -> dict[str, Any]:
    """The numbers and texts with a meaning, as dbt_project.yml has them."""
    project = yaml.safe_load((ROOT / "dbt_project.yml").read_text(encoding="utf-8"))
    found: dict[str, Any] = project["vars"]
    return found


@cache
def _macros(engine_name: str) -> Any:
    source = "".join(
        (ROOT / "macros" / folder / f"{name}.sql").read_text(encoding="utf-8")
        for folder, names in _FILES.items()
        for name in names
    )

    def dispatched(name: str, _: str) -> Any:
        special = getattr(macros, f"{engine_name}__{name}", None)
        return special or getattr(macros, f"default__{name}")

    macros = (
        Environment(autoescape=False)
        .from_string(source)
        .make_module(
            {
                "adapter": SimpleNamespace(dispatch=dispatched),
                "return": lambda value: value,
                "var": lambda name: variables()[name],
            }
        )
    )
    return macros


@cache
def rendered(macro: str, *arguments: Any, engine_name: str = "sqlite") -> str:
    """What a macro makes of its arguments, SQL expressions for the most part.

    Args:
        macro: The name of one of the public macros.
        arguments: What it is called with.
        engine_name: Whose SQL it becomes.

    Returns:
        SQL.
    """
    return str(getattr(_macros(engine_name), macro)(*arguments)).strip()


@cache
def database(engine_name: str = "sqlite") -> Engine:
    """The database of an engine that all tests of a process share."""
    return engine_named(engine_name)


def applied(
    macros: Iterable[str], texts: Iterable[str | None], engine: Engine
) -> list[Row]:
    """What macros make of texts, called as the models call them.

    Args:
        macros: The names of public macros; each gives a column.
        texts: What they are applied to.
        engine: Where.

    Returns:
        A row for each text, in the same order.
    """
    engine.make_table(
        "typed", {"place": "integer", "text": "text"}, list(enumerate(texts))
    )
    columns = ", ".join(
        rendered(
            macro,
            *(("usual_ts", "text") if macro in _OF_A_TIME else ("text",)),
            engine_name=engine.name,
        )
        for macro in macros
    )
    rows = engine.rows(
        "with time_read as (select place, text,"
        f" {rendered('usual_timestamp', 'text', engine_name=engine.name)} as usual_ts"
        f" from typed {rendered('evaluated_once', engine_name=engine.name)})"
        f" select place, {columns} from time_read"
    )
    return [row[1:] for row in sorted(rows, key=lambda row: row[0])]


def evaluate(
    macro: str, texts: Iterable[str | None], engine_name: str = "sqlite"
) -> list[Any]:
    """What one macro makes of texts, on the database that all tests share."""
    return [value for (value,) in applied([macro], texts, database(engine_name))]
