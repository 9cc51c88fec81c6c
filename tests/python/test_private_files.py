"""What the commands write can be read by its owner only, whatever the umask is."""

import os
import re
import shutil
import stat
import subprocess
import tempfile
from collections.abc import Collection, Iterator
from pathlib import Path

import pytest
from conftest import ROOT, NewWarehouse

from clip_search.explore.run import write_whole
from lab.warehouse import Warehouse

# Each runs a whole build.
pytestmark = pytest.mark.slow

HEADER = "search_id,search_query,ts,cuid,total\n"
# dbt makes the folder of its log before anything of ours is loaded.
MADE_BY_DBT = {Path("logs")}


def modes(folder: Path) -> dict[Path, int]:
    """The mode of each file and folder below a folder."""
    return {
        path.relative_to(folder): stat.S_IMODE(path.lstat().st_mode)
        for path in folder.rglob("*")
    }


def check_private(folder: Path, *parts: str, but: Collection[Path] = ()) -> None:
    """Checks that all of a folder is private, and that these parts are in it."""
    found = modes(folder)
    for part in parts:
        assert Path(part) in found
    wide = {path: oct(mode) for path, mode in found.items() if mode & 0o077}
    assert wide.keys() == set(but), wide


def run(folder: Path, engine: str, *command: str) -> str:
    """Runs a command that writes below a folder, with the umask 0."""
    finished = subprocess.run(
        command,
        cwd=ROOT,
        env={
            **Warehouse(folder / "warehouse.db", engine=engine).environment,
            "DBT_LOG_PATH": str(folder / "logs"),
            "CLIP_SEARCH_CACHE": str(folder / "cache"),
        },
        capture_output=True,
        text=True,
        umask=0,
    )
    assert finished.returncode == 0, finished.stdout + finished.stderr
    return finished.stdout


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "search_request.csv"
    path.write_text(f"{HEADER}s1,jaws,2020-03-10T13:24:31Z,u1,3\n")
    return path


@pytest.fixture
def place(tmp_path: Path) -> Path:
    folder = tmp_path / "place"
    folder.mkdir()
    return folder


# dbt and the plugin are the same on both.
@pytest.mark.parametrize(
    "engine", ["sqlite", pytest.param("duckdb", marks=pytest.mark.long)]
)
def test_plain_dbt_writes_for_its_owner_only(engine: str, place: Path) -> None:
    run(place, engine, "dbt", "seed", "--quiet", "--select", "reject_rule")
    check_private(
        *(place, "warehouse.db", "target/manifest.json", "logs/dbt.log"),
        but=MADE_BY_DBT,
    )


def test_a_load_writes_for_its_owner_only(place: Path, log: Path) -> None:
    run(place, "sqlite", "clip-search", "load", str(log))
    check_private(place, "warehouse.db", "warehouse.db.lock")


def test_a_wider_mode_is_kept(
    place: Path, log: Path, new_warehouse: NewWarehouse
) -> None:
    database, logs = place / "warehouse.db", place / "logs"
    database.touch()
    database.chmod(0o664)
    logs.mkdir()
    (logs / "dbt.log").write_text("of an earlier command")
    (logs / "dbt.log").chmod(0o640)
    run(place, "sqlite", "clip-search", "load", str(log))
    shutil.copytree(new_warehouse("parsed").target, place / "target")
    run(place, "sqlite", "dbt", "list", "--quiet", "--select", "reject_rule")
    found = modes(place)
    assert found[Path("warehouse.db")] == 0o664
    assert found[Path("logs/dbt.log")] == 0o640
    assert (logs / "dbt.log").read_text().count("Running with dbt") == 1


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that others can enter, unlike those of the tests."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield folder


def test_a_status_names_what_others_can_read_and_the_command_that_stops_it(
    sample_warehouse: Warehouse, open_folder: Path
) -> None:
    folder = open_folder / "of a user"
    folder.mkdir()
    folder.chmod(0o755)
    copied = sample_warehouse.copy(folder / "warehouse")
    copied.database.parent.chmod(0o755)
    log = copied.database.parent / "dbt.log"
    log.touch()
    for path, mode in ((copied.database, 0o640), (copied.target, 0o755), (log, 0o604)):
        path.chmod(mode)
    said = copied.run("clip-search", "status").stdout
    (warning,) = re.findall("^Other users can read (.*)$", said, re.MULTILINE)
    named, remedy = warning.split(". To stop it: ")
    for path in (copied.database, copied.target, log):
        assert f"'{path}'" in named
    subprocess.run(["bash", "-c", remedy], check=True)
    assert "Other users" not in copied.run("clip-search", "status").stdout
    # A folder that nobody else can enter protects what is in it.
    copied.database.chmod(0o644)
    copied.database.parent.chmod(0o700)
    assert "Other users" not in copied.run("clip-search", "status").stdout


@pytest.mark.parametrize(("umask", "mode"), [(0o022, 0o644), (0o007, 0o660)])
def test_a_copy_for_others_has_the_mode_that_the_user_wants(
    sample_warehouse: Warehouse, tmp_path: Path, umask: int, mode: int
) -> None:
    copy = tmp_path / "copy.db"
    share = ["clip-search", "share", "--replace", str(copy)]
    environment = sample_warehouse.environment
    subprocess.run(share, cwd=ROOT, env=environment, umask=umask, check=True)
    assert stat.S_IMODE(copy.stat().st_mode) == mode
    copy.chmod(0o604)
    subprocess.run(share, cwd=ROOT, env=environment, umask=umask, check=True)
    assert stat.S_IMODE(copy.stat().st_mode) == 0o604


def test_a_page_that_is_replaced_keeps_its_mode(tmp_path: Path) -> None:
    page = tmp_path / "report.html"
    page.touch()
    page.chmod(0o644)
    before = os.umask(0o077)
    try:
        write_whole(page, "new")
    finally:
        os.umask(before)
    assert stat.S_IMODE(page.stat().st_mode) == 0o644
