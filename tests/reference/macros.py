"""The project's small macros without dbt: SQL for any engine, and databases to run it.

The files are rendered with plain Jinja. The databases are in memory and, like those
that dbt opens, have the text rules registered.
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

# All that need nothing of dbt except `var` and dispatch.
_FILES = {
    "engine": (
        *("computed_once", "counted_first", "evaluated_once", "is_latin_word"),
        *("is_odd_query", "is_opaque_id", "may_be_special_query"),
        *("may_hold_personal_data", "milliseconds_between", "only_where", "text_list"),
        *("trimmed", "usual_timestamp", "whole_number", "whole_seconds", "words_of"),
        "zero_padded",
    ),
    "enrichment": ("wilson",),
    "rules": ("clean_id", "kind_of_query", "normalized", "redacted", "timestamp"),
}

# The macros of a time are called together with the engine's own result for it.
_OF_A_TIME = ("utc_timestamp", "timestamp_reject_reason", "offset_minutes")


@cache
def variables() -> dict[str, Any]:
    """The vars of dbt_project.yml."""
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
    """The SQL that a macro generates from its arguments, which are mostly SQL too.

    Args:
        macro: The name of one of the public macros.
        arguments: Its arguments.
        engine_name: The engine whose SQL is generated.

    Returns:
        SQL.
    """
    return str(getattr(_macros(engine_name), macro)(*arguments)).strip()


@cache
def database(engine_name: str = "sqlite") -> Engine:
    """An engine's database, shared by all tests of a process."""
    return engine_named(engine_name)


def applied(
    macros: Iterable[str], texts: Iterable[str | None], engine: Engine
) -> list[Row]:
    """The results of macros for texts, called as the models call them.

    Args:
        macros: The names of public macros, one per column.
        texts: The texts to apply them to.
        engine: The engine.

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
    """The results of one macro for texts, on the shared database."""
    return [value for (value,) in applied([macro], texts, database(engine_name))]
