"""The wheel, installed without a checkout."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from conftest import SAMPLE, NewWarehouse

from lab.warehouse import Warehouse

# Builds the package, and a warehouse with what is installed from it: a minute.
pytestmark = pytest.mark.long

ROOT = Path(__file__).resolve().parents[2]
# The pinned version, as in the Makefile.
INSTALLED_UV = ROOT / ".uv" / "bin" / "uv"
UV = str(INSTALLED_UV) if INSTALLED_UV.exists() else shutil.which("uv") or "uv"
ENVIRONMENT = {
    name: value
    for name, value in os.environ.items()
    if not name.startswith(("CLIP_SEARCH", "DBT", "PYTHON", "VIRTUAL_ENV"))
}


def run(*command: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    # Public words that were built once serve the wheel, too.
    environment = ENVIRONMENT | {"CLIP_SEARCH_CACHE": os.environ["CLIP_SEARCH_CACHE"]}
    return subprocess.run(
        command, cwd=cwd, env=environment, capture_output=True, text=True, check=False
    )


def done(*command: str | Path, cwd: Path) -> str:
    finished = run(*command, cwd=cwd)
    assert finished.returncode == 0, finished.stdout + finished.stderr
    return finished.stdout


def install(folder: Path, extras: str = "", *more: str) -> Path:
    """Builds the wheel, and installs it into a new virtual environment.

    Args:
        folder: Where to; it exists.
        extras: Extras of the package, in brackets.
        more: More packages.

    Returns:
        The folder of the environment's programs.
    """
    done(UV, "build", "--quiet", "--wheel", "--out-dir", folder / "dist", cwd=ROOT)
    (wheel,) = (folder / "dist").glob("*.whl")
    locked = ("export", "--quiet", "--frozen", "--no-emit-project", "--no-hashes")
    locked_in = folder / "locked.txt"
    done(UV, *locked, "--all-extras", "--output-file", locked_in, cwd=ROOT)
    done(UV, "venv", "--quiet", folder / "venv", cwd=folder)
    programs = folder / "venv" / "bin"
    command = (UV, "pip", "install", "--quiet", "--python", programs / "python")
    done(*command, "--constraint", locked_in, f"{wheel}{extras}", *more, cwd=folder)
    return programs


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a virtual environment in which only the wheel was installed."""
    folder = tmp_path_factory.mktemp("somewhere_else")
    install(folder)
    return folder


def test_a_folder_of_logs_is_cleaned_outside_of_any_checkout(
    home: Path, new_warehouse: NewWarehouse
) -> None:
    logs = home / "logs"
    logs.mkdir()
    for log in ("search_request", "search_result_interaction"):
        shutil.copy(SAMPLE / f"{log}.csv", logs)
    said = done(home / "venv" / "bin" / "clip-search", "run", "logs", cwd=home)
    assert "Where every raw row ended" in said
    database = home / "warehouse" / "clip_search.db"
    assert str(database) in said
    checkout = new_warehouse("checkout")
    checkout.load(logs)
    checkout.build_clean_layer()
    installed = Warehouse(database, home / "target")
    assert installed.results() == checkout.results()
    # It writes only to the folder in which it was run.
    assert {path.name for path in home.iterdir()} - {"dist", "locked.txt", "venv"} == {
        *("logs", "target", "warehouse")
    }


def test_a_new_query_is_judged_outside_of_any_checkout(home: Path) -> None:
    said = done(home / "venv" / "bin" / "clip-search", "enrich", "shortfilm", cwd=home)
    assert said.startswith("shortfilm  ->  short film")


def test_the_lab_stays_in_the_checkout(home: Path) -> None:
    clip_search = home / "venv" / "bin" / "clip-search"
    assert "simulate" not in done(clip_search, "--help", cwd=home)
    assert run(
        home / "venv" / "bin" / "python", "-c", "import lab", cwd=home
    ).returncode
