"""Warehouses that are built in the tests' own process, load by load.

Starting dbt costs seconds and parsing the project more, so both are done once.
"""

import functools
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from dbt.adapters.duckdb.connections import DuckDBConnectionManager
from dbt.cli.main import dbtRunner
from dbt.contracts.graph.manifest import Manifest

from clip_search.load import load, unload
from clip_search.project import PROJECT_ROOT
from clip_search.warehouse import reading

Row = tuple[object, ...]

RESULT_TABLES = (
    "clean_search_request",
    "clean_search_result_interaction",
    "rejected_search_request",
    "rejected_search_result_interaction",
    "log_ledger",
)
CLEAN_LAYER = "+path:models/clean"
PUBLIC_WORDS = ("english_word", "int_listed_word_shortened")
CLEAN_TABLES = "path:models/clean,config.materialized:incremental"


@functools.cache
def _manifest(engine: str) -> Manifest:
    assert os.environ["CLIP_SEARCH_TARGET"] == engine
    parsed = dbtRunner().invoke(["parse", "--quiet", "--no-write-json"])
    assert isinstance(parsed.result, Manifest), parsed.exception
    return parsed.result


@contextmanager
def _environment(database: Path, engine: str) -> Iterator[None]:
    before = dict(os.environ)
    os.environ |= {
        "CLIP_SEARCH_DATABASE": str(database),
        "CLIP_SEARCH_TARGET": engine,
        "DBT_PROJECT_DIR": str(PROJECT_ROOT),
        "DBT_PROFILES_DIR": str(PROJECT_ROOT),
        "DBT_TARGET_PATH": str(database.parent / "target"),
        "DBT_LOG_PATH": str(database.parent),
    }
    folder = Path.cwd()
    os.chdir(PROJECT_ROOT)
    try:
        yield
    finally:
        os.chdir(folder)
        os.environ.clear()
        os.environ.update(before)


@dataclass(frozen=True)
class Store:
    """A database to load into and to build, in this process."""

    database: Path
    engine: str = "sqlite"

    def copy(self, folder: Path) -> "Store":
        """Another store that starts from what this one holds, in a folder of its own.

        Its file keeps the name, which is DuckDB's name for what is in there.
        """
        folder.mkdir()
        return Store(
            Path(shutil.copy(self.database, folder / self.database.name)), self.engine
        )

    def dbt(self, *arguments: str, is_quiet: bool = True) -> None:
        """A dbt command, which must succeed."""
        flags = ["--no-write-json", "--log-level-file", "none"]
        with _environment(self.database, self.engine):
            finished = dbtRunner(manifest=_manifest(self.engine)).invoke(
                [*arguments, *flags, *(["--quiet"] if is_quiet else [])]
            )
        if self.engine == "duckdb":
            # dbt keeps the file open to the end of its process.
            DuckDBConnectionManager.env().close()
        assert finished.success, finished.exception or [
            (result.node.name, result.message)
            for result in finished.result
            if result.status not in ("success", "pass")
        ]

    def load(self, *paths: Path) -> None:
        """Loads files, all in one go."""
        with _environment(self.database, self.engine):
            load(paths, self.database)

    def unload(self, path: Path) -> None:
        """Takes a file out again."""
        with _environment(self.database, self.engine):
            unload(path, self.database)

    def build(self, rules: str = "{}", *arguments: str) -> None:
        """Brings the clean layer's tables up to date, with these vars."""
        self.dbt("run", "--select", CLEAN_TABLES, "--vars", rules, *arguments)

    def prepare_marts(self) -> None:
        """Makes what the marts read besides the clean layer."""
        self.dbt("build", "--select", f"+{PUBLIC_WORDS[-1]}", "path:seeds/enrichment")

    def rebuild(self, rules: str = "{}") -> None:
        """Makes everything up to the clean layer anew, with these vars."""
        self.dbt("seed", "--select", CLEAN_LAYER, "--vars", rules)
        self.dbt("run", "--select", CLEAN_LAYER, "--full-refresh", "--vars", rules)

    def query(self, sql: str) -> list[Row]:
        """The rows of a query."""
        with reading(self.database, self.engine) as connection:
            rows: list[Row] = connection.execute(sql).fetchall()
        return rows

    def results(self) -> dict[str, list[Row]]:
        """All rows of each published table of the clean layer, sorted."""
        return {table: self.sorted_rows(table) for table in RESULT_TABLES}

    def marts(self, rules: str = "{}") -> dict[str, list[Row]]:
        """All rows of each mart, sorted, once they are made of the clean layer."""
        self.dbt(
            "run", "--select", "marts", "--exclude", *PUBLIC_WORDS, "--vars", rules
        )
        return {
            node.name: self.sorted_rows(node.name)
            for node in _manifest(self.engine).nodes.values()
            if node.resource_type == "model"
            and node.fqn[1] == "marts"
            and node.name not in PUBLIC_WORDS
        }

    def sorted_rows(self, table: str) -> list[Row]:
        """All rows of a table in an order of their own."""
        return sorted(self.query(f"select * from {table}"), key=repr)
