"""Whether anything has changed since the last build of every table that succeeded.

dbt records that build in the warehouse (macros/increments/record_run.sql) with a
fingerprint of all that the tables depend on, and deletes the record when any dbt
command starts. So the record is there only if that build was the last dbt command.
"""

import hashlib
from importlib.metadata import distributions
from pathlib import Path

from clip_search.engines import engine, engine_name, reading
from clip_search.project import PROJECT_ROOT, files_fingerprint

_PACKAGE = Path(__file__).resolve().parents[1]
_ADAPTERS = _PACKAGE.parent / "dbt"
# Another version of these may build other tables.
_PACKAGES = {"clip-search", "dbt-core", "dbt-sqlite", "dbt-duckdb", "dbt-spark"} | {
    *("duckdb", "pyspark")
}


class LastRun:
    """The recorded build of a warehouse, and what a build would record now.

    Args:
        database: The warehouse's file or folder; it need not exist yet.
        project: The folder of the dbt project.
    """

    def __init__(self, database: Path, project: Path = PROJECT_ROOT) -> None:
        self._database = database
        self._project = project
        self.fingerprint = self._now()

    def unchanged_since(self) -> str | None:
        """When the tables were last built from the same files, code and settings.

        Returns:
            The time in UTC, or None if a build has something to do.
        """
        rows = self._read("select fingerprint, finished_at from run_record")
        finished = {str(fingerprint): str(at) for fingerprint, at in rows}
        return finished.get(self.fingerprint)

    def _now(self) -> str:
        digest = hashlib.sha256(
            f"{engine_name()} {files_fingerprint(self._project)}".encode()
        )
        for path in _code():
            digest.update(f"{path.name} ".encode() + path.read_bytes())
        for name, version in _versions():
            digest.update(f"{name} {version}\n".encode())
        loads = self._read("select load_id, unloaded_at from load_record")
        digest.update(repr(sorted(map(repr, loads))).encode())
        return digest.hexdigest()

    def _read(self, query: str) -> list[tuple[object, ...]]:
        """The rows of a query; none if the table or the database does not exist."""
        if not self._database.exists():
            return []
        try:
            with reading(self._database) as connection:
                rows: list[tuple[object, ...]] = connection.execute(query).fetchall()
        except engine().errors():
            return []
        return rows


def _code() -> list[Path]:
    """The Python and SQL files that decide what a build writes, besides the project."""
    folders = [_PACKAGE / "text_rules", _PACKAGE / "engines"]
    adapters = [
        _ADAPTERS / kind / name
        for kind in ("adapters", "include")
        for name in ("clipsqlite", "clipspark")
    ]
    found = (path for folder in [*folders, *adapters] for path in folder.rglob("*"))
    return sorted(path for path in found if path.suffix in (".py", ".sql", ".csv"))


def _versions() -> list[tuple[str, str]]:
    return sorted(
        (installed.name, installed.version)
        for installed in distributions()
        if installed.name in _PACKAGES
    )
