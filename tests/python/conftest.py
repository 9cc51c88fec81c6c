"""What the tests share: building a warehouse with dbt, and reading its tables."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "seeds" / "sample"

# What nothing of the clean layer reads.
BESIDES_CLEAN_LAYER = ("path:models/marts", "path:seeds/enrichment")
# The files that take longest, longest first: a worker that takes one up last would keep
# the whole run waiting.
LONGEST_FILES = (
    "test_dag_scheduler.py",
    "test_increments.py",
    "test_faults.py",
    "test_pipeline.py",
    "test_figures.py",
    "test_notebook.py",
    "test_parity.py",
    "test_site.py",
)

Row = tuple[object, ...]


class Warehouse:
    """A database of its own, with the commands a user would run on it."""

    def __init__(self, database: Path, target: Path) -> None:
        """Names the database file and dbt's scratch folder (which tests may share)."""
        self.database = database
        self.target = target
        self.environment = {
            **os.environ,
            "CLIP_SEARCH_DATABASE": str(database),
            "DBT_TARGET_PATH": str(target),
            "DBT_LOG_PATH": str(database.parent),
            "DBT_PROJECT_DIR": str(ROOT),
            "DBT_PROFILES_DIR": str(ROOT),
            "COLUMNS": "120",
        }
        self.environment.pop("CLIP_SEARCH_TARGET", None)

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        """Runs a command of the project; the caller judges how it ends."""
        executable = Path(sys.executable).parent / command[0]
        return subprocess.run(
            [str(executable), *command[1:]],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )

    def build(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """`dbt build`, which must succeed. Unit tests are left to their own test."""
        finished = self.run(
            "dbt", "build", "--exclude-resource-type", "unit_test", *arguments
        )
        assert finished.returncode == 0, finished.stdout
        return finished

    def build_clean_layer(self) -> None:
        """`dbt build` without the marts, which take as long again."""
        self.build("--exclude", *BESIDES_CLEAN_LAYER)

    def load(self, *paths: Path) -> None:
        """`clip-search load`, which must succeed."""
        finished = self.run("clip-search", "load", *map(str, paths))
        assert finished.returncode == 0, finished.stderr

    def query(self, sql: str) -> list[Row]:
        """The rows of a query."""
        with sqlite3.connect(f"{self.database.as_uri()}?mode=ro", uri=True) as reader:
            return reader.execute(sql).fetchall()

    def sorted_rows(self, table: str) -> list[Row]:
        """All the rows of a table in an order of their own, to compare as sets."""
        return sorted(self.query(f"select * from {table}"), key=repr)

    def tables(self, kind: str = "table") -> list[str]:
        """The names of the tables (or of the views)."""
        rows = self.query(f"select name from sqlite_master where type = '{kind}'")
        return sorted(str(name) for (name,) in rows)


NewWarehouse = Callable[[str], Warehouse]


@pytest.fixture(scope="session")
def new_warehouse(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NewWarehouse]:
    """Makes warehouses; they share dbt's parsed project, which saves seconds each."""
    target = tmp_path_factory.mktemp("target")

    def make(name: str) -> Warehouse:
        folder = tmp_path_factory.mktemp(name)
        return Warehouse(folder / "clip_search.db", target)

    yield make


@pytest.fixture(scope="session")
def sample_warehouse(new_warehouse: NewWarehouse) -> Warehouse:
    """The made-up sample, built from its seeds. Only to be read."""
    warehouse = new_warehouse("sample")
    warehouse.build()
    return warehouse


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Lets the longest files begin first."""
    rank = {name: place for place, name in enumerate(LONGEST_FILES)}
    items.sort(key=lambda item: rank.get(item.path.name, len(rank)))


def pytest_addoption(parser: pytest.Parser) -> None:
    """What `make dag-golden` and `make figures` ask for."""
    parser.addoption(
        "--renew-golden",
        action="store_true",
        help="Write the golden list of tasks, or the figures, anew.",
    )
