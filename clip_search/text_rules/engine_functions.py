"""The text rules as SQL functions: name, function and types, registered per engine.

The fingerprint of their code and data tells whether a table was built with these rules.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache, wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

from clip_search import text_rules

if TYPE_CHECKING:
    import duckdb

# Few values of a log reach Python, and most of those repeat.
_REMEMBERED_VALUES = 4096


@dataclass(frozen=True)
class EngineFunction:
    """A function that SQL can call; null if any argument is null.

    Attributes:
        name: The name in SQL.
        argument_count: The number of arguments, all of them text.
        returns: `text` or `integer`.
        call: The Python function, with None for null.
    """

    name: str
    argument_count: int
    returns: str
    call: Callable[..., Any]


def engine_functions() -> Iterator[EngineFunction]:
    """The functions that every engine registers."""
    for rule, argument_count, returns in (
        (text_rules.redact_text, 1, "text"),
        (text_rules.redact_id, 1, "text"),
        (text_rules.normalize_query_text, 1, "text"),
        (text_rules.classify_query, 1, "text"),
        (text_rules.read_timestamp, 4, "text"),
        (text_rules.timestamp_reject_reason, 4, "text"),
        (text_rules.utc_offset_minutes, 2, "integer"),
        (text_rules.zone_is_assumed, 2, "integer"),
        (text_rules.zone_can_be_assumed, 1, "integer"),
        (text_rules.read_found_count, 1, "integer"),
        (text_rules.is_typing_step, 2, "integer"),
    ):
        called = _null_for_null(rule)
        yield EngineFunction(rule.__name__, argument_count, returns, called)
    yield EngineFunction("text_rules_fingerprint", 0, "text", fingerprint)


@cache
def fingerprint() -> str:
    """The SHA-256, in hexadecimal, of the code and the data of the text rules."""
    digest = hashlib.sha256()
    folder = Path(text_rules.__file__).parent
    for path in sorted((*folder.glob("*.py"), *folder.glob("data/*.csv"))):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def register_on_sqlite(connection: sqlite3.Connection) -> None:
    """Register the functions on a connection."""
    for function in engine_functions():
        connection.create_function(
            function.name,
            function.argument_count,
            function.call,
            deterministic=True,
        )


def register_on_duckdb(connection: duckdb.DuckDBPyConnection) -> None:
    """Register the functions for all connections to this connection's database."""
    from duckdb.func import FunctionNullHandling
    from duckdb.sqltypes import INTEGER, VARCHAR

    types = {"text": VARCHAR, "integer": INTEGER}
    for function in engine_functions():
        connection.create_function(
            function.name,
            function.call,
            [VARCHAR] * function.argument_count,
            types[function.returns],
            null_handling=FunctionNullHandling.SPECIAL,
        )


def _null_for_null(rule: Callable[..., Any]) -> Callable[..., Any]:
    """Wraps a rule to return None for nulls and to cache recent results."""
    remembered = lru_cache(maxsize=_REMEMBERED_VALUES)(rule)

    # DuckDB counts the arguments of the function that this one wraps.
    @wraps(rule)
    def called(*arguments: str | None) -> Any:
        return None if None in arguments else remembered(*arguments)

    return called
