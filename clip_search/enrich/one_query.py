"""What the models make of one query, whether or not anybody typed it before.

dbt compiles the models of rewrites into one statement, in which the query is bound.
Compiling takes seconds, so the statement is kept until a file of the project changes.
"""

import hashlib
import json
import tempfile
from pathlib import Path

from clip_search.dbt_command import run_dbt
from clip_search.engines import engine_name
from clip_search.project import files_fingerprint, target_path

_COMPILED = "compiled/clip_search/models/marts/query_rewrite.sql"
# What a new query finds and whether it is clicked is not known yet.
_VARS = {"asks_one_query": 1, "rewrite_weights": "text_and_users"}


def statement(warehouse: Path) -> str:
    """The rows of `query_rewrite` that one query would have: a query to bind it in.

    It reads what was learned from the log, the marts of the warehouse, and gives at
    most one row whose `query_text` is the one asked for.

    Args:
        warehouse: The built file of an embedded engine.

    Raises:
        RuntimeError: dbt could not compile it; the message is dbt's.
    """
    parts = (engine_name(), warehouse.name, json.dumps(_VARS))
    key = hashlib.sha256("\n".join((files_fingerprint(), *parts)).encode()).hexdigest()
    kept = target_path() / "asked" / f"{key}.sql"
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=kept.parent) as scratch:
            command = ["compile", "--quiet", "--select", "query_rewrite"]
            # DuckDB's file belongs to whoever reads it now, and its name to the tables.
            empty = {"CLIP_SEARCH_DATABASE": str(Path(scratch, warehouse.name))}
            run_dbt([*command, "--vars", json.dumps(_VARS)], Path(scratch), empty)
            Path(scratch, _COMPILED).replace(kept)
    return kept.read_text("utf-8")
