"""Whether anything has changed since the last build of every table that succeeded.

dbt records that build in the warehouse (macros/increments/record_run.sql) with a
fingerprint of everything that the tables depend on, and deletes the record when any dbt
command starts. So the record exists only if that build was the last dbt command.
"""

import hashlib
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from clip_search.engines import Connection, engine, engine_name, reading
from clip_search.project import PROJECT_ROOT, files_fingerprint
from clip_search.text_rules import engine_functions

_ROOT = Path(__file__).resolve().parents[2]
# Code, apart from the dbt project and the text rules, that decides what a build writes.
_CODE = (
    "clip_search/engines",
    *(f"dbt/{part}/clipsqlite" for part in ("adapters", "include")),
    *(f"dbt/{part}/clipspark" for part in ("adapters", "include")),
)
# Another version of these may build other tables.
_PACKAGES = (
    *("clip-search", "dbt-core", "dbt-sqlite", "dbt-duckdb", "dbt-spark"),
    *("duckdb", "pyspark"),
)


class LastRun:
    """The recorded build of a warehouse, and what a build would record now.

    Args:
        database: The warehouse's file or folder; it need not exist yet.
        project: The folder of the dbt project.
    """

    def __init__(self, database: Path, project: Path = PROJECT_ROOT) -> None:
        self._database = database
        loads, self._finished = _recorded(database)
        self.fingerprint = _fingerprint(project, loads)

    def unchanged_since(self) -> str | None:
        """When the tables were last built from the same files, code and settings.

        Returns:
            The time in UTC, or None if a build has something to do.
        """
        since = self._finished.get(self.fingerprint)
        return since if since and engine().is_complete(self._database) else None


def _recorded(database: Path) -> tuple[list[Any], dict[str, str]]:
    """The loads of a warehouse, and the time of its recorded build by fingerprint."""
    if not database.exists():
        return [], {}
    try:
        with reading(database) as connection:
            loads = _rows(connection, "load_id, unloaded_at", "load_record")
            finished = _rows(connection, "fingerprint, finished_at", "run_record")
    except engine().errors():
        return [], {}
    return loads, dict(finished)


def _rows(connection: Connection, columns: str, table: str) -> list[Any]:
    """The rows of a table; none if it does not exist."""
    try:
        query = f"select {columns} from {table}"  # noqa: S608
        rows: list[Any] = connection.execute(query).fetchall()
    except engine().errors():
        return []
    return rows


def _fingerprint(project: Path, loads: list[Any]) -> str:
    digest = hashlib.sha256(
        "\n".join(
            (
                engine_name(),
                files_fingerprint(project),
                engine_functions.fingerprint(),
                *map(_version, _PACKAGES),
                *sorted(map(repr, loads)),
            )
        ).encode()
    )
    for folder in _CODE:
        for path in sorted((_ROOT / folder).rglob("*")):
            if path.suffix in (".py", ".sql"):
                digest.update(path.read_bytes())
    return digest.hexdigest()


def _version(package: str) -> str:
    try:
        return f"{package} {version(package)}"
    except PackageNotFoundError:
        return f"{package} missing"
