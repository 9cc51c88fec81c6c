"""Warehouses for the tests, built by dbt in the process of the tests.

Starting dbt takes seconds and parsing the project takes longer, so both are done once.
Commands for users run in a separate process.
"""

import functools
import io
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

from dbt.artifacts.resources.types import NodeType
from dbt.cli.main import dbtRunner
from dbt.contracts.graph.manifest import Manifest
from dbt.contracts.graph.nodes import CompiledNode

from clip_search.dbt_command import lend_parsed_project, without_garbage_collection
from clip_search.engines import engine, reading
from clip_search.engines.public_words import cache_folder
from clip_search.load import load, unload
from clip_search.project import PROJECT_ROOT, target_path

Row = tuple[object, ...]

RESULT_TABLES = (
    "clean_search_request",
    "clean_search_result_interaction",
    "clean_search_result_shown",
    "rejected_search_request",
    "rejected_search_result_interaction",
    "rejected_search_result_shown",
    "waiting_search_result_interaction",
    "log_ledger",
)
CLEAN_LAYER = "+path:models/clean"
# Selects what is downstream of the clean layer.
ABOVE_CLEAN_LAYER = ("session", "judgment", "learned", "rewrite", "marts")
# Selects what the clean layer does not read.
BESIDES_CLEAN_LAYER = (
    *(f"path:models/{folder}" for folder in ABOVE_CLEAN_LAYER),
    "path:seeds/enrichment",
)
PUBLIC_WORDS = (
    "english_word",
    "int_common_word_shortened",
    "int_listed_word_shortened",
)
# Models and data tests of a prepared warehouse. Unit tests have their own test.
TESTED_BUILD = ("build", "--exclude-resource-types", "unit_test", "seed")
CLEAN_TABLES = "config.materialized:kept_up_to_date"


def _manifest(engine: str) -> Manifest:
    """The parsed project. dbt notes in it what it has compiled: forget that."""
    manifest = _parsed(engine)
    for node in manifest.nodes.values():
        if isinstance(node, CompiledNode):
            node.compiled = node.extra_ctes_injected = False
            node.extra_ctes = []
    return manifest


@functools.cache
def _parsed(engine: str) -> Manifest:
    assert os.environ["CLIP_SEARCH_TARGET"] == engine
    with _parsed_once(target_path(), engine):
        parsed = dbtRunner().invoke(["parse", "--quiet", "--no-write-json"])
    assert isinstance(parsed.result, Manifest), parsed.exception
    return parsed.result


@contextmanager
def _parsed_once(target: Path, engine: str) -> Iterator[None]:
    """What dbt parses in one target folder is there for all others."""
    parsed = cache_folder() / "parsed" / engine
    lend_parsed_project(parsed, target)
    yield
    lend_parsed_project(target, parsed)


@contextmanager
def _environment(
    variables: dict[str, str], folder: Path = PROJECT_ROOT
) -> Iterator[None]:
    before = dict(os.environ)
    os.environ |= variables
    left = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(left)
        os.environ.clear()
        os.environ.update(before)


@dataclass(frozen=True)
class Told:
    """The result and the output of a dbt command."""

    has_succeeded: bool
    said: str


def dbt_in(
    folder: Path,
    variables: dict[str, str],
    *arguments: str,
    manifest: Callable[[], Manifest | None] = lambda: None,
) -> Told:
    """Runs a dbt command on the project in a folder, in this process.

    Args:
        folder: The folder of the project.
        variables: Additional environment variables.
        arguments: The command and its options.
        manifest: Returns the parsed project, called in that environment; without it,
            dbt parses the project.
    """
    said = io.StringIO()
    with (
        _environment(variables, folder),
        redirect_stdout(said),
        without_garbage_collection(),
    ):
        runner = dbtRunner(manifest=manifest())
        finished = runner.invoke([*arguments, "--log-level-file", "none"])
    if finished.exception:
        raise finished.exception
    return Told(finished.success, said.getvalue())


class Warehouse:
    """A separate database to load, build and read."""

    def __init__(
        self, database: Path, target: Path | None = None, engine: str = "sqlite"
    ) -> None:
        """Takes the paths; nothing is created yet.

        Args:
            database: Its file. In DuckDB, the file's name is part of table names.
            target: dbt's target folder; by default next to the file.
            engine: `sqlite` or `duckdb`.
        """
        self.database = database
        self.target = target or database.parent / "target"
        self.engine = engine

    @property
    def variables(self) -> dict[str, str]:
        """The environment variables that select this warehouse."""
        return {
            "CLIP_SEARCH_DATABASE": str(self.database),
            "CLIP_SEARCH_TARGET": self.engine,
            "DBT_PROJECT_DIR": str(PROJECT_ROOT),
            "DBT_PROFILES_DIR": str(PROJECT_ROOT),
            "DBT_TARGET_PATH": str(self.target),
            "DBT_LOG_PATH": str(self.database.parent),
        }

    @property
    def environment(self) -> dict[str, str]:
        """The complete environment of a command on this warehouse."""
        programs = Path(sys.executable).parent
        return {
            **os.environ,
            **self.variables,
            "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
            "COLUMNS": "120",
        }

    def copy(self, folder: Path) -> "Warehouse":
        """A copy of this warehouse.

        The copy has the same file name in a new folder. It includes what dbt has parsed
        and compiled, which saves the next process seconds.
        """
        folder.mkdir(parents=True)
        copied = shutil.copy(self.database, folder / self.database.name)
        other = Warehouse(Path(copied), engine=self.engine)
        other.target.mkdir()
        lend_parsed_project(self.target, other.target)
        return other

    # --- in a separate process, as a user does ------------------------------------

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        """Runs a command of the project; the caller checks the exit code."""
        with _parsed_once(self.target, self.engine):
            return subprocess.run(
                command,
                cwd=PROJECT_ROOT,
                env=self.environment,
                capture_output=True,
                text=True,
                check=False,
            )

    # --- in this process -------------------------------------------------------

    def try_dbt(self, *arguments: str) -> Told:
        """Runs a dbt command, without result files; the caller checks the result."""
        try:
            return dbt_in(
                PROJECT_ROOT,
                self.variables,
                *(*arguments, "--no-write-json"),
                manifest=lambda: _manifest(self.engine),
            )
        finally:
            engine(self.engine).release_dbt()

    def dbt(self, *arguments: str) -> str:
        """Runs a dbt command, which must succeed; returns its output."""
        told = self.try_dbt(*arguments)
        assert told.has_succeeded, told.said
        return told.said

    def selected(self) -> AbstractContextManager[None]:
        """Selects this warehouse for functions that read the environment."""
        return _environment(self.variables)

    def load(self, *paths: Path) -> None:
        """Loads files in one load."""
        with _environment(self.variables):
            load(paths, self.database)

    def unload(self, path: Path) -> None:
        """Unloads a file."""
        with _environment(self.variables):
            unload(path, self.database)

    def prepare(self) -> None:
        """Builds what does not depend on loaded files: seeds and their dependents."""
        self.dbt("seed", "--quiet")
        self.dbt("run", "--quiet", "--select", *(f"+{name}" for name in PUBLIC_WORDS))

    def build(self, *arguments: str) -> None:
        """Builds all models that depend on the logs, without tests; needs `prepare`."""
        self.dbt("run", "--quiet", "--exclude", *PUBLIC_WORDS, *arguments)

    def build_clean_layer(self, rules: str = "{}", *arguments: str) -> None:
        """Builds the same without the marts, with these vars; needs `prepare`."""
        self.dbt("run", "--quiet", "--select", CLEAN_LAYER, "--vars", rules, *arguments)

    def take_in(self, rules: str = "{}", *arguments: str) -> None:
        """Updates the tables of an existing clean layer incrementally."""
        self.dbt(
            "run", "--quiet", "--select", CLEAN_TABLES, "--vars", rules, *arguments
        )

    def rebuild(self, rules: str = "{}") -> None:
        """Does a full refresh of everything up to the clean layer, with these vars."""
        self.dbt("seed", "--quiet", "--select", CLEAN_LAYER, "--vars", rules)
        self.build_clean_layer(rules, "--full-refresh")

    # --- reading --------------------------------------------------------------------

    def query(self, sql: str) -> list[Row]:
        """The rows of a query."""
        with reading(self.database, self.engine) as connection:
            rows: list[Row] = connection.execute(sql).fetchall()
        return rows

    def sorted_rows(self, table: str) -> list[Row]:
        """All rows of a table in a canonical order, for comparison."""
        return sorted(self.query(f"select * from {table}"), key=repr)

    def results(self) -> dict[str, list[Row]]:
        """All rows of each published table of the clean layer, sorted."""
        return {table: self.sorted_rows(table) for table in RESULT_TABLES}

    def models(self) -> list[str]:
        """The names of all models."""
        return [
            node.name
            for node in _manifest(self.engine).nodes.values()
            if node.resource_type is NodeType.Model
        ]

    def marts(self, rules: str = "{}") -> dict[str, list[Row]]:
        """All rows of each table downstream of the clean layer, sorted."""
        self.dbt(
            *("run", "--quiet", "--select", *ABOVE_CLEAN_LAYER),
            *("--exclude", *PUBLIC_WORDS, "--vars", rules),
        )
        return {
            node.name: self.sorted_rows(node.name)
            for node in _manifest(self.engine).nodes.values()
            if node.resource_type is NodeType.Model
            and node.fqn[1] in ABOVE_CLEAN_LAYER
            and node.name not in PUBLIC_WORDS
        }

    def tables(self, kind: str = "table") -> list[str]:
        """The names of SQLite's tables (or of its views)."""
        rows = self.query(f"select name from sqlite_master where type = '{kind}'")
        return sorted(str(name) for (name,) in rows)
