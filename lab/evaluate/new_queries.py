"""Judges any queries by a built warehouse, each as if nobody had typed it before."""

import shutil
import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing
from pathlib import Path

from clip_search.dbt_command import run_dbt
from clip_search.enrich.rewrites import Rewrite, Rewrites

REWRITE_MODELS = ("int_log_query_term", "path:models/rewrite", "query_rewrite")


def rewrites_of(
    queries: Iterable[str],
    warehouse: Path,
    folder: Path,
    weights: str = "text_and_users",
) -> dict[str, Rewrite]:
    """The rewrites of queries, by the evidence that a warehouse has.

    Args:
        queries: Their texts in normal form.
        warehouse: A SQLite warehouse with the marts. It is not changed.
        folder: A folder for the copy and for dbt's files.
        weights: The set of weights.

    Raises:
        sqlite3.Error: The warehouse has no marts.
        RuntimeError: dbt failed.
    """
    copy = judged_as_new(queries, warehouse, folder, REWRITE_MODELS, weights)
    return {rewrite.query_text: rewrite for rewrite in Rewrites(copy).all()}


def judged_as_new(
    queries: Iterable[str],
    warehouse: Path,
    folder: Path,
    models: Sequence[str],
    weights: str = "text_and_users",
) -> Path:
    """A copy of a warehouse that judges these queries in place of those of its log.

    Args:
        queries: Their texts in normal form.
        warehouse: A SQLite warehouse with what these models read. It is not changed.
        folder: A folder for the copy and for dbt's files.
        models: The models to build.
        weights: The set of weights.

    Raises:
        sqlite3.Error: The warehouse has not learned from a log.
        RuntimeError: dbt failed.
    """
    copy = folder / "judged.db"
    shutil.copy(warehouse, copy)
    with closing(sqlite3.connect(copy)) as connection, connection:
        connection.execute("delete from int_log_query")
        connection.executemany(
            "insert into int_log_query (query_text, compact_text)"
            " values (?, replace(?, ' ', ''))",
            sorted({(query, query) for query in queries if query}),
        )
    run_dbt(
        [
            *("run", "--quiet", "--select", *models),
            *("--vars", f"{{rewrite_weights: {weights}}}"),
        ],
        folder / "target",
        {"CLIP_SEARCH_TARGET": "sqlite", "CLIP_SEARCH_DATABASE": str(copy)},
    )
    return copy
