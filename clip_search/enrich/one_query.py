"""Applies the rewrite models to one query, whether or not it is in the log.

dbt compiles the models, and each becomes a temporary table with the rows for the query.
One statement of all of them would be shorter, but SQLite takes seconds to plan it: it
copies a subquery wherever it is read, and with it all that it reads.

Compiling takes seconds, so the statements are cached until a file of the project
changes. A run compiles them while it builds.
"""

import fcntl
import hashlib
import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from clip_search.dbt_command import run_dbt
from clip_search.engines import Connection, database_path, engine, engine_name
from clip_search.engines.public_words import cache_folder, tidy
from clip_search.project import PROJECT_ROOT, files_fingerprint, target_path

_MODEL = "model.clip_search.query_rewrite"
_MODEL_FILE = PROJECT_ROOT / "models" / "marts" / "query_rewrite.sql"
_ASKED = "__dbt__cte__int_asked_query"
# A new query has no known results or clicks yet.
_VARS = {"asks_one_query": 1, "rewrite_weights": "text_and_users"}


@dataclass(frozen=True, slots=True)
class Compiled:
    """The models that judge a query.

    Attributes:
        steps: The name of each table and the SQL of its rows, in the order in which
            they can be made. `int_asked_query` is bound to the query.
        rewrite: The SQL of the rows of `query_rewrite`, which reads these tables.
    """

    steps: list[tuple[str, str]]
    rewrite: str


@contextmanager
def judged_alone(
    connection: Connection, compiled: Compiled, query_text: str
) -> Iterator[str]:
    """Judge a query, for as long as the context lasts.

    The tables of the warehouse hold what was learned from the log.

    Args:
        connection: A connection to a built warehouse, which is only read: the tables
            are temporary.
        compiled: The models.
        query_text: The query in its normal form.

    Yields:
        The SQL that gives at most one row, with the columns of `query_rewrite`.
    """
    made: list[str] = []
    try:
        for name, sql in compiled.steps:
            values = (query_text,) if name == _ASKED else ()
            connection.execute(f"create temporary table {name} as {sql}", values)
            made.append(name)
        yield (
            f"select * from ({compiled.rewrite}) as judged"  # noqa: S608
            f" where query_text = (select query_text from {_ASKED})"
        )
    finally:
        for name in made:
            connection.execute(f"drop table {name}")


def compiled_models(warehouse: Path) -> Compiled:
    """The models, compiled for a warehouse.

    Args:
        warehouse: The built database file of an embedded engine.

    Raises:
        RuntimeError: dbt could not compile them; the message is dbt's output.
    """
    kept = _kept(warehouse)
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        with kept.with_suffix(".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            # Another process may have compiled them while this one waited.
            if not kept.exists():
                _compile(warehouse, kept)
    tidy(kept, "*.json")
    found = json.loads(kept.read_text("utf-8"))
    return Compiled([(name, sql) for name, sql in found["steps"]], found["rewrite"])


@contextmanager
def compiled_meanwhile() -> Iterator[None]:
    """Compile the models for the warehouse in another process, if that is to be done.

    The context ends when they are compiled. If they cannot be, the next query says why.
    """
    is_needed = engine().JUDGES_NEW_QUERIES and _MODEL_FILE.exists()
    if not is_needed or _kept(database_path()).exists():
        yield
        return
    process = subprocess.Popen(  # noqa: S603
        [sys.executable, "-P", "-m", __name__],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        yield
    except BaseException:
        os.killpg(process.pid, signal.SIGINT)
        raise
    finally:
        process.wait()


def _kept(warehouse: Path) -> Path:
    """The file of the compiled models: its name says what they were compiled from."""
    parts = (files_fingerprint(), engine_name(), warehouse.name, json.dumps(_VARS))
    key = hashlib.sha256("\n".join(parts).encode()).hexdigest()
    folder = cache_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        folder = target_path()
    if not os.access(folder, os.W_OK):
        folder = target_path()
    return folder / "asked" / f"{key}.json"


def _compile(warehouse: Path, kept: Path) -> None:
    with tempfile.TemporaryDirectory(dir=kept.parent) as scratch:
        command = ["compile", "--quiet", "--select", "query_rewrite"]
        # The reader holds DuckDB's lock, so dbt gets an empty file. It has the same
        # name, which is part of the compiled table names.
        empty = {"CLIP_SEARCH_DATABASE": str(Path(scratch, warehouse.name))}
        run_dbt([*command, "--vars", json.dumps(_VARS)], Path(scratch), empty)
        manifest = json.loads(Path(scratch, "manifest.json").read_text("utf-8"))
        node = manifest["nodes"][_MODEL]
        written = Path(scratch, "compiled.json")
        written.write_text(json.dumps(_separated(node)), "utf-8")
        written.replace(kept)


def _separated(node: dict[str, Any]) -> dict[str, Any]:
    """The ephemeral models that dbt put before a model as CTEs, and the model."""
    ctes = [cte["sql"].strip() for cte in node["extra_ctes"]]
    steps = []
    for cte in ctes:
        name, sql = cte.split(" as (", 1)
        steps.append((name, sql.removesuffix(")")))
    code: str = node["compiled_code"]
    after = code.rindex(ctes[-1]) + len(ctes[-1])
    return {"steps": steps, "rewrite": "with" + code[after:].lstrip().removeprefix(",")}


if __name__ == "__main__":
    compiled_models(database_path())
