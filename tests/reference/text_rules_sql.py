"""The text rules of the SQL macros as Python functions: no dbt, a database in memory.

The files of macros/engine are rendered with plain Jinja; `ref` names a table that is
filled from the seed of that name.
"""

import csv
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import yaml
from jinja2 import Environment

from tests.reference.engines import Engine, engine_named

ROOT = Path(__file__).resolve().parents[2]

ENGINES = ("sqlite", "duckdb", "spark")

_TABLES = {
    "unicode_fold": {"code_point": "integer", "folded": "text", "action": "text"},
    "unicode_composition": {
        "base": "integer",
        "mark": "integer",
        "composed": "integer",
    },
    "version_word": {"word": "text"},
    "url_tld": {"tld": "text"},
}

# Text rules are the files that need nothing of dbt but `ref`, `var` and dispatching.
_FILES = (
    "computed_once",
    "counted_first",
    "redact_text",
    "normalize_query_text",
    "is_odd_query",
    "classify_query",
    "plain_characters",
    "timestamp_reading",
    "trimmed",
    "is_latin_word",
    "is_opaque_id",
    "milliseconds_between",
    "utc_offset_minutes",
    "whole_number",
    "whole_seconds",
    "words_of",
    "zero_padded",
)
_FOLDERS = ("regex", "sqlite", "duckdb", "spark")
_OF_DBT = (
    *("materialization", "landing_tables", "table_as", "csv"),
    *("contract_columns", "safe_cast"),
)


@cache
def _vars() -> dict[str, Any]:
    """The numbers with a meaning, as the project has them."""
    project = yaml.safe_load((ROOT / "dbt_project.yml").read_text(encoding="utf-8"))
    numbers: dict[str, Any] = project["vars"]
    return numbers


@cache
def _macros(engine_name: str) -> Any:
    folder = ROOT / "macros" / "engine"
    files = [folder / f"{name}.sql" for name in _FILES]
    for subfolder in _FOLDERS:
        files += [
            file
            for file in sorted((folder / subfolder).glob("*.sql"))
            if not any(word in file.stem for word in _OF_DBT)
        ]
    source = "".join(file.read_text(encoding="utf-8") for file in files)

    def dispatched(name: str, _: str) -> Any:
        return getattr(macros, f"{engine_name}__{name}")

    macros = (
        Environment(autoescape=False)
        .from_string(source)
        .make_module(
            {
                "adapter": SimpleNamespace(dispatch=dispatched),
                "ref": lambda seed: seed,
                "return": lambda value: value,
                "var": lambda name, default=None: _vars().get(name, default),
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
    """A database that holds the reference seeds as dbt loads them: empty is null."""
    engine = engine_named(engine_name)
    for seed, columns in _TABLES.items():
        path = ROOT / "seeds" / "reference" / f"{seed}.csv"
        with path.open(encoding="utf-8", newline="") as file:
            rows = [[cell or None for cell in row] for row in csv.reader(file)][1:]
        engine.make_table(seed, columns, rows)
    return engine


def evaluate(
    macro: str, texts: Iterable[str | None], engine_name: str = "sqlite"
) -> list[str | None]:
    """What an engine computes, text by text.

    Args:
        macro: The name of one of the public macros.
        texts: What it is applied to.
        engine_name: Which engine computes it.

    Returns:
        The results, in the same order.
    """
    engine = database(engine_name)
    engine.make_table(
        "typed", {"place": "integer", "text": "text"}, list(enumerate(texts))
    )
    expression = rendered(macro, "typed.text", engine_name=engine_name)
    rows = engine.rows(f"select place, {expression} from typed order by place")
    return [result for _, result in rows]


def redact(text: str | None) -> str | None:
    """`redact_text` of one text, on SQLite."""
    return _evaluate_one("redact_text", text)


def normalize(text: str | None) -> str | None:
    """`normalize_query_text` of one text, on SQLite."""
    return _evaluate_one("normalize_query_text", text)


def kind(text: str | None) -> str | None:
    """`classify_query` of one text, on SQLite."""
    return _evaluate_one("classify_query", text)


def _evaluate_one(macro: str, text: str | None) -> str | None:
    statement = f"select {rendered(macro, '(?)')}"
    result: str | None = database().rows(statement, text)[0][0]
    return result
