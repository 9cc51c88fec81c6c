"""Shared fixtures: warehouses that are built once for all workers."""

import csv
import fcntl
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import pytest

from lab.warehouse import Warehouse
from tests.python.increments import build_empty, built_empty

if TYPE_CHECKING:
    from playwright.sync_api import Browser

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "seeds" / "sample"
LOGS = ("search_request", "search_result_interaction")
# Our own logs break none of these: they have ids, and no impressions.
RULES_OF_OTHER_LOGS = {"ambiguous_search", "orphan_impression"}
with (ROOT / "seeds/reference/reject_rule.csv").open(encoding="utf-8") as _file:
    REJECT_RULES = {
        (log, row["rule"])
        for row in csv.DictReader(_file)
        if row["rule"] not in RULES_OF_OTHER_LOGS
        for log in (LOGS if row["log"] == "both" else (row["log"],))
        # The sample does not say what was shown.
        if log in LOGS
    }
# Logs that are next to the project on some machines, and never part of it.
SHARED = ROOT.parent / "shared"
TRIALS = ROOT / "tests" / "trials"
REAL_SAMPLE = SHARED / "data" / "real-sample"

# The slowest files, slowest first: a worker that starts one of them last would delay
# the whole run. In a single process, parity stops its Spark before the tests of the
# text rules start theirs, which keeps running.
LONGEST_FILES = (
    "test_dag_scheduler.py",
    "test_increments.py",
    "test_increments_by_day.py",
    "test_parity.py",
    "test_text_rules_engines.py",
    "test_faults.py",
    "test_run.py",
    "test_personal_data.py",
    "test_loop.py",
    "test_pipeline.py",
    "test_dag.py",
    "test_unit_tests.py",
    "test_errors.py",
    "test_site.py",
    "test_columns.py",
    "test_macro_contracts.py",
    "test_figures.py",
    "test_trials_text.py",
    "test_simulate_bulk.py",
    "test_notebook.py",
    "test_text_rules_normal_form.py",
)

# Spark runs for seconds: compiling its code with more optimization would not pay.
os.environ.setdefault("JAVA_TOOL_OPTIONS", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC")


def project_files() -> list[Path]:
    """The existing files that git tracks or would add."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    paths = [ROOT / name for name in listed.stdout.split("\0") if name]
    return [path for path in paths if path.is_file()]


NewWarehouse = Callable[[str], Warehouse]


class MadeOnce(Protocol):
    """Builds a warehouse for all workers."""

    def __call__(
        self, name: str, build: Callable[[Warehouse], None], engine: str = "sqlite"
    ) -> Warehouse: ...


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that all workers of this run share."""
    folder = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent
    return folder / "shared"


@pytest.fixture(scope="session", autouse=True)
def own_cache(shared: Path) -> None:
    """The file of public words is built by the tests, whatever the user has."""
    os.environ["CLIP_SEARCH_CACHE"] = str(shared / "cache")


@pytest.fixture(scope="session")
def made_once(shared: Path) -> MadeOnce:
    """Builds a warehouse for all workers: the first one that needs it builds it."""

    def make(
        name: str, build: Callable[[Warehouse], None], engine: str = "sqlite"
    ) -> Warehouse:
        place = shared / name
        place.mkdir(parents=True, exist_ok=True)
        warehouse = Warehouse(place / "clip_search.db", engine=engine)
        is_made = place / "is_made"
        with (place / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not is_made.exists():
                build(warehouse)
                is_made.touch()
        return warehouse

    return make


@pytest.fixture(scope="session")
def prepared_warehouse(made_once: MadeOnce) -> Warehouse:
    """One with everything that does not depend on the logs. Only copy it."""
    return made_once("prepared", Warehouse.prepare)


@pytest.fixture(scope="session")
def new_warehouse(
    prepared_warehouse: Warehouse, tmp_path_factory: pytest.TempPathFactory
) -> NewWarehouse:
    """Makes prepared warehouses, in which only what depends on the logs is missing."""

    def make(name: str) -> Warehouse:
        return prepared_warehouse.copy(tmp_path_factory.mktemp(name) / "warehouse")

    return make


def make_run(warehouse: Warehouse, logs: str) -> None:
    """`make run` on a folder of logs, or without one, as a user builds a warehouse."""
    finished = warehouse.run("make", "run", f"LOGS={logs}")
    assert finished.returncode == 0, finished.stdout + finished.stderr
    warehouse.database.with_name("printed").write_text(finished.stdout, "utf-8")


@pytest.fixture(scope="session")
def sample_warehouse(
    made_once: MadeOnce, tmp_path_factory: pytest.TempPathFactory
) -> Warehouse:
    """The synthetic sample, built from its seeds by `make run`. Read-only."""
    made = made_once("sample", lambda warehouse: make_run(warehouse, ""))
    # Each worker has its own scratch folder, because dbt writes to it.
    target = shutil.copytree(made.target, tmp_path_factory.mktemp("sample") / "target")
    return Warehouse(made.database, target)


@pytest.fixture(scope="session")
def real_warehouse(made_once: MadeOnce) -> Warehouse:
    """The real sample, if it exists, built by `make run`. Read-only."""
    return made_once("real", lambda warehouse: make_run(warehouse, str(REAL_SAMPLE)))


@pytest.fixture(scope="module")
def browser() -> Iterator["Browser"]:
    """A real browser without a window."""
    # Most tests need none.
    from playwright.sync_api import sync_playwright

    chromium = shutil.which("chromium")
    if chromium is None:
        assert not os.environ.get("CI"), "CI has no Chromium: .ci/run installs it"
        pytest.skip("no Chromium on this machine: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium,
            # As root, as in most containers, Chromium has no sandbox of its own.
            chromium_sandbox=os.geteuid() != 0,
            args=["--disable-background-networking", "--disable-component-update"],
        )
        yield browser
        browser.close()


# What differs on DuckDB is in its materialization; the law of increments covers it too.
@pytest.fixture(
    scope="module", params=["sqlite", pytest.param("duckdb", marks=pytest.mark.long)]
)
def empty_stores(
    request: pytest.FixtureRequest, made_once: MadeOnce
) -> dict[str, Warehouse]:
    """Warehouses without rows on each engine, one for each set of rules."""
    engine: str = request.param
    return built_empty(made_once(f"empty_{engine}", build_empty, engine))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Runs the slowest files first, and leaves Spark to the slow tests."""
    for item in items:
        # Java takes seconds to start.
        if "spark" in item.nodeid:
            item.add_marker(pytest.mark.slow)
    rank = {name: place for place, name in enumerate(LONGEST_FILES)}
    items.sort(key=lambda item: rank.get(item.path.name, len(rank)))


def pytest_addoption(parser: pytest.Parser) -> None:
    """The option of `make renew`."""
    parser.addoption(
        "--renew-golden",
        action="store_true",
        help="Write the golden list of tasks, or the figures, anew.",
    )
