"""The text rules of the SQL macros as Python functions: no dbt, one SQLite in memory.

The files of macros/engine are rendered with plain Jinja; `ref` names a table that is
filled from the seed of that name.
"""

import csv
import sqlite3
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from jinja2 import Environment

ROOT = Path(__file__).resolve().parents[2]

_TABLES = {
    "unicode_fold": "code_point integer primary key, folded text, action text",
    "unicode_composition": (
        "base integer, mark integer, composed integer, primary key (base, mark)"
    ),
    "version_word": "word text primary key",
    "url_tld": "tld text primary key",
}

_FILES = (
    "redact_text",
    "normalize_query_text",
    "classify_query",
    "sqlite/card_size",
    "sqlite/character_classes",
    "sqlite/email_size",
    "sqlite/escaped_character",
    "sqlite/folded_character",
    "sqlite/ipv4_size",
    "sqlite/ipv6_size",
    "sqlite/is_column",
    "sqlite/is_ipv4",
    "sqlite/is_url",
    "sqlite/joined_characters",
    "sqlite/luhn_holds",
    "sqlite/normal_form",
    "sqlite/phone_size",
    "sqlite/way_to_digits",
)


@cache
def _macros() -> Any:
    environment = Environment(autoescape=False)
    folder = ROOT / "macros" / "engine"
    source = "".join(
        (folder / f"{name}.sql").read_text(encoding="utf-8") for name in _FILES
    )

    def dispatched(name: str, _: str) -> Any:
        return getattr(macros, f"sqlite__{name}")

    macros = environment.from_string(source).make_module(
        {
            "adapter": SimpleNamespace(dispatch=dispatched),
            "ref": lambda seed: seed,
            "return": lambda value: value,
            "var": lambda name, default: default,
        }
    )
    return macros


@cache
def rendered(macro: str, expression: str) -> str:
    """What a macro makes of an SQL expression, on SQLite.

    Args:
        macro: The name of one of the public macros.
        expression: An SQL expression over one text.

    Returns:
        An SQL expression.
    """
    return str(getattr(_macros(), macro)(expression)).strip()


@cache
def database() -> sqlite3.Connection:
    """A database that holds the reference seeds as dbt loads them: empty is null."""
    connection = sqlite3.connect(":memory:")
    for seed, columns in _TABLES.items():
        connection.execute(f"create table {seed} ({columns})")
        path = ROOT / "seeds" / "reference" / f"{seed}.csv"
        with path.open(encoding="utf-8", newline="") as file:
            rows = [[cell or None for cell in row] for row in csv.reader(file)][1:]
        values = ", ".join("?" for _ in rows[0])
        connection.executemany(
            f"insert into {seed} values ({values})",
            rows,
        )
    return connection


def evaluate(macro: str, texts: Iterable[str | None]) -> list[str | None]:
    """What SQLite computes, text by text.

    Args:
        macro: The name of one of the public macros.
        texts: What it is applied to.

    Returns:
        The results, in the same order.
    """
    connection = database()
    connection.execute("create temp table typed (place integer primary key, text text)")
    try:
        connection.executemany(
            "insert into typed (text) values (?)", ((text,) for text in texts)
        )
        rows = connection.execute(
            f"select {rendered(macro, 'typed.text')} from typed order by place"
        )
        return [result for (result,) in rows]
    finally:
        connection.execute("drop table temp.typed")


def _evaluate_one(macro: str, text: str | None) -> str | None:
    statement = f"select {rendered(macro, '(?)')}"
    result: str | None = database().execute(statement, (text,)).fetchone()[0]
    return result


def redact(text: str | None) -> str | None:
    """`redact_text` of one text."""
    return _evaluate_one("redact_text", text)


def normalize(text: str | None) -> str | None:
    """`normalize_query_text` of one text."""
    return _evaluate_one("normalize_query_text", text)


def kind(text: str | None) -> str | None:
    """`classify_query` of one text."""
    return _evaluate_one("classify_query", text)
