"""Checks that engines build the same tables: a canonical hash, and the differences.

A table's hash depends neither on the order of its rows nor on the engine: each row
becomes one line of JSON, and the SHA-256 sums of all lines are added modulo 2**256.
Duplicate rows count as often as they occur.
"""

import hashlib
import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from clip_search.engines import Connection, reading
from clip_search.project import PROJECT_ROOT

CLEAN_LAYER = (
    "int_search_request_checked",
    "int_search_result_interaction_checked",
    "clean_search_request",
    "clean_search_result_interaction",
    "rejected_search_request",
    "rejected_search_result_interaction",
    "log_ledger",
)
TABLES = (
    *CLEAN_LAYER,
    "log_day",
    "search_session",
    "reformulation",
    "query_frequency",
    "query_term",
    "equivalent_query",
    "rewrite_feature",
    "rewrite_score",
    "query_rewrite",
    "related_query",
    "spell",
    "position_bias",
    "judgment_holdout",
    "judgment",
    "judgment_pair",
    "ranking_change",
    "judgment_to_ask",
    "log_support",
)
ROWS_AT_ONCE = 10_000
SHOWN_ROWS = 5


@dataclass(frozen=True)
class Fingerprint:
    """A table's row count, and the hash of its rows in hexadecimal."""

    row_count: int
    digest: str


@dataclass(frozen=True)
class Difference:
    """The first rows, as sorted JSON lines, that only one of two tables has."""

    only_here: Sequence[str]
    only_there: Sequence[str]


def fingerprint(lines: Iterable[str]) -> Fingerprint:
    """The fingerprint of rows.

    Args:
        lines: The rows as given by `row_lines`, in any order.
    """
    total = row_count = 0
    for line in lines:
        total += int.from_bytes(hashlib.sha256(line.encode()).digest(), "big")
        row_count += 1
    return Fingerprint(row_count, f"{total % (1 << 256):064x}")


def row_lines(connection: Connection, table: str, columns: Sequence[str]) -> Any:
    """The rows of a table as lines of JSON, in the engine's order.

    Args:
        connection: A connection to the engine.
        table: The name of a table of this project.
        columns: Its columns, in their order within a line.
    """
    names = ", ".join(columns)
    rows = connection.execute(f"select {names} from {table}")  # noqa: S608
    while batch := rows.fetchmany(ROWS_AT_ONCE):
        for row in batch:
            # One engine returns decimals where others return floating-point numbers.
            yield json.dumps(row, ensure_ascii=False, default=float)


def column_names(connection: Connection, table: str) -> list[str]:
    """The columns of a table, sorted by name, as engines may order them differently."""
    empty = connection.execute(f"select * from {table} where 1 = 0")  # noqa: S608
    return sorted(column[0] for column in empty.description)


def fingerprints(
    engine: str, database: Path, tables: Sequence[str] = TABLES
) -> dict[str, Fingerprint]:
    """The fingerprints of tables, by name.

    Args:
        engine: `sqlite`, `duckdb` or `spark`.
        database: Its file or folder.
        tables: Their names.
    """
    with reading(database, engine) as connection:
        return {
            table: fingerprint(
                row_lines(connection, table, column_names(connection, table))
            )
            for table in tables
        }


def difference(
    table: str, here: tuple[str, Path], there: tuple[str, Path]
) -> Difference:
    """The rows that only one of two tables has. Reads both into memory.

    Args:
        table: The name of the table.
        here: An engine and its file or folder.
        there: Another engine and its file or folder.
    """
    counts = []
    for engine, database in (here, there):
        with reading(database, engine) as connection:
            columns = column_names(connection, table)
            counts.append(Counter(row_lines(connection, table, columns)))
    only_here, only_there = counts[0] - counts[1], counts[1] - counts[0]
    return Difference(
        sorted(only_here.elements())[:SHOWN_ROWS],
        sorted(only_there.elements())[:SHOWN_ROWS],
    )


def build_on(
    engine: str, folder: Path, logs: Path | None, is_clean_layer: bool = False
) -> Path:
    """Build everything in a new database, without its data tests.

    Args:
        engine: `sqlite`, `duckdb` or `spark`.
        folder: The folder for the database, dbt's target folder and its log.
        logs: Log files to load first; if there are none, the sample is built.
        is_clean_layer: Whether to build only the clean layer, without marts.

    Returns:
        The database.

    Raises:
        subprocess.CalledProcessError: A command failed; its output says why.
    """
    database = folder / f"parity_{engine}.db"
    environment = {
        **os.environ,
        "CLIP_SEARCH_TARGET": engine,
        "CLIP_SEARCH_DATABASE": str(database),
        "DBT_TARGET_PATH": str(folder / f"target_{engine}"),
        "DBT_LOG_PATH": str(folder / f"log_{engine}"),
    }
    programs = Path(sys.executable).parent
    commands = [["clip-search", "load", str(logs)]] if logs else []
    build = ["dbt", "--quiet", "build", "--exclude-resource-types", "unit_test", "test"]
    if is_clean_layer:
        build += ["--select", "+path:models/clean"]
    commands.append(build)
    for program, *arguments in commands:
        subprocess.run(  # noqa: S603
            [str(programs / program), *arguments],
            cwd=PROJECT_ROOT,
            env=environment,
            stdout=sys.stderr,
            check=True,
        )
    return database
