"""Applies the rewrite models to one query, whether or not it is in the log.

dbt compiles the models into one statement, to which the query is bound. Compiling takes
seconds, so the statement is cached until a file of the project changes.
"""

import hashlib
import json
import tempfile
from pathlib import Path

from clip_search.dbt_command import run_dbt
from clip_search.engines import engine_name
from clip_search.project import files_fingerprint, target_path

_COMPILED = "compiled/clip_search/models/marts/query_rewrite.sql"
# A new query has no known results or clicks yet.
_VARS = {"asks_one_query": 1, "rewrite_weights": "text_and_users"}


def statement(warehouse: Path) -> str:
    """The SQL that gives the rows of `query_rewrite` for one query, bound to it.

    It reads the marts of the warehouse, which hold what was learned from the log, and
    returns at most one row whose `query_text` is the bound one.

    Args:
        warehouse: The built database file of an embedded engine.

    Raises:
        RuntimeError: dbt could not compile it; the message is dbt's output.
    """
    parts = (engine_name(), warehouse.name, json.dumps(_VARS))
    key = hashlib.sha256("\n".join((files_fingerprint(), *parts)).encode()).hexdigest()
    kept = target_path() / "asked" / f"{key}.sql"
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=kept.parent) as scratch:
            command = ["compile", "--quiet", "--select", "query_rewrite"]
            # The reader holds DuckDB's lock, so dbt gets an empty file. It has the same
            # name, which is part of the compiled table names.
            empty = {"CLIP_SEARCH_DATABASE": str(Path(scratch, warehouse.name))}
            run_dbt([*command, "--vars", json.dumps(_VARS)], Path(scratch), empty)
            Path(scratch, _COMPILED).replace(kept)
    return kept.read_text("utf-8")
