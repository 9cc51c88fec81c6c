"""What a user gives to `make` reaches commands as it is: nothing in it is run."""

import shutil
import subprocess
from pathlib import Path

import pytest
from conftest import ROOT

# In place of each program: writes its arguments to a file of its own, and does nothing.
UV_PINNED = (ROOT / ".ci" / "uv-requirements.txt").read_text().partition("uv==")[2]
RECORDER = rf"""#!/bin/bash
if [ "${{1:-}}" = --version ]; then
    if [ "${{0##*/}}" = uv ]; then echo "uv {UV_PINNED.split()[0]}"; fi
    exit
fi
calls=$(dirname "$(realpath "$0")")/calls
printf '%s\0' "${{0##*/}}" "$@" > "$(mktemp "$calls/$(date +%s%N)-XXXXXX")"
"""
PROGRAMS = (
    *("clip-search", "python", "pytest", "dbt", "dbt-score", "lint-imports"),
    *("mypy", "ruff", "sqlfluff"),
)
READY = (
    *("to-run", "to-develop", "for-airflow", "for-report", "for-docs"),
    *("for-duckdb", "for-spark"),
)
# Each would create the file, if make or the shell looked into it.
TOUCH = "touch run-by-make"
HOSTILE = (
    f"x`{TOUCH}`",
    f"x$({TOUCH})",
    f"x$$({TOUCH})",
    f"$(shell {TOUCH})",
    f"$$(shell {TOUCH})",
    f"${{shell {TOUCH}}}",
    f"x$(eval $(shell {TOUCH}))",
    f'x"; {TOUCH}; "',
    f"x'; {TOUCH}; '",
    f"x\\'\\\"$({TOUCH})",
    f"x; {TOUCH}",
    f"x | {TOUCH} & {TOUCH} #",
    f"x\n{TOUCH}\n",
    "-rf * ~ $HOME ${HOME} $$ $@ %s \\",
)
# All of that in one name.
WORST = "/data/" + "/".join(HOSTILE)
# The targets that hand a value on, and the argument that it becomes.
HANDED_ON = [
    ("run", "LOGS", "{}"),
    ("run", "CLIP_SEARCH_LOGS", "{}"),
    ("parity", "LOGS", "--logs={}"),
    ("parity", "ENGINES", "--engines={}"),
    ("dag", "DAY", "--day={}"),
    ("airflow", "PORT", "--port={}"),
    ("backfill", "FROM", "--from={}"),
    ("backfill", "TO", "--to={}"),
    ("bench", "REQUESTS", "--requests={}"),
    ("bench", "ROUNDS", "--rounds={}"),
    ("bench-increment", "REQUESTS", "--requests={}"),
    ("bench-memory", "REQUESTS", "--requests={}"),
    ("bench-dag", "ROUNDS", "--rounds={}"),
    ("bench-candidates", "SEARCHES", "--searches={}"),
    ("bench-candidates", "WORDS", "--words={}"),
    ("fit", "FOLDER", "{}"),
    ("quality-rewrites", "QUERIES", "{}"),
    ("lint", "DBT_TARGET_PATH", "{}/manifest.json"),
    ("wheel", "PYTHON", None),
    ("run", "PYTHON", None),
    ("run", "CLIP_SEARCH_TARGET", None),
    ("parity", "JAVA_HOME", None),
    ("parity", "CLEAN", None),
    ("renew", "ALL", None),
    ("bench-growth", "ROWS", None),
    ("bench-growth", "ENGINES", None),
    ("help", "MAKEFILE_LIST", None),
    ("run", "NOBODY_KNOWS", None),
    ("run", "AS", None),
    *((target, name, None) for target in ("run", "wheel") for name in ("BIN", "UV")),
    ("clean", "DBT_TARGET_PATH", None),
]


class Project:
    """The Makefile in a folder of its own, with recorders in place of all programs."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.programs = folder / ".venv" / "bin"
        self.calls = self.programs / "calls"
        self.calls.mkdir(parents=True)
        shutil.copy(ROOT / "Makefile", folder)
        shutil.copytree(ROOT / ".ci", folder / ".ci")
        for name in ("pyproject.toml", "uv.lock"):
            (folder / name).touch()
        for name in (*PROGRAMS, "uv"):
            program = self.programs / name
            program.write_text(RECORDER)
            program.chmod(0o755)
        subprocess.run(["git", "init", "--quiet"], cwd=folder, check=True)
        self.make_ready()

    def make_ready(self) -> None:
        """Everything is installed already."""
        (self.folder / ".venv" / "pyvenv.cfg").touch()
        for name in READY:
            (self.folder / ".venv" / f"ready-{name}").touch()

    def make(self, *arguments: str, **environment: str) -> str:
        """Runs make; returns what it printed. Some recorders cannot please it."""
        made = subprocess.run(
            ["make", *arguments],
            cwd=self.folder,
            env={"PATH": f"{self.programs}:/usr/bin:/bin", **environment},
            capture_output=True,
            text=True,
            check=False,
        )
        printed = made.stdout + made.stderr
        created = self.folder / "run-by-make"
        was_run = created.exists()
        created.unlink(missing_ok=True)
        assert not was_run, (arguments, environment)
        return printed

    def recorded(self) -> list[list[str]]:
        """The programs that were started since the last look, with their arguments."""
        calls = []
        for file in sorted(self.calls.iterdir()):
            calls.append(file.read_text("utf-8").split("\0")[:-1])
            file.unlink()
        return calls


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    folder = tmp_path_factory.mktemp("make") / "a project's $(folder)"
    folder.mkdir()
    return Project(folder)


@pytest.mark.parametrize(("target", "name", "argument"), HANDED_ON)
def test_a_value_is_handed_on_as_it_is_and_nothing_in_it_runs(
    project: Project, target: str, name: str, argument: str | None
) -> None:
    for given, environment in (([f"{name}={WORST}"], {}), ([], {name: WORST})):
        project.make(target, *given, **environment)
        arguments = [part for call in project.recorded() for part in call[1:]]
        if argument is not None:
            assert argument.format(WORST) in arguments
        printed = project.make("--dry-run", target, *given, **environment)
        assert TOUCH not in printed
        assert project.recorded() == []


@pytest.mark.parametrize("folder", HOSTILE)
def test_each_hostile_folder_name_is_one_argument(
    project: Project, folder: str
) -> None:
    for given, environment in (
        ([f"LOGS={folder}"], {}),
        ([], {"LOGS": folder}),
        ([], {"CLIP_SEARCH_LOGS": folder}),
        (["-e"], {"LOGS": folder}),
    ):
        project.make("run", *given, **environment)
        assert project.recorded() == [["clip-search", "run", "--", folder]]


def test_a_python_of_any_name_is_only_looked_for(project: Project) -> None:
    (project.folder / ".venv" / "pyvenv.cfg").unlink()
    try:
        for python in HOSTILE:
            assert "not a Python that starts" in project.make("run", f"PYTHON={python}")
            assert "not a Python that starts" in project.make("run", PYTHON=python)
            assert project.recorded() == []
        # The names of targets are given as well.
        for target in HOSTILE:
            project.make("run", target)
    finally:
        project.make_ready()
        project.recorded()


def test_a_target_folder_with_a_space_deletes_nothing_else(project: Project) -> None:
    kept = [project.folder / "a", project.folder / "b" / "kept"]
    kept[1].parent.mkdir()
    for file in kept:
        file.touch()
    for target in ("lint", "clean", "run", "renew"):
        project.make(target, "DBT_TARGET_PATH=a b")
        project.make(target, DBT_TARGET_PATH="a b")
    assert all(file.exists() for file in kept)
    project.recorded()


def test_a_list_of_sizes_becomes_one_option_each(project: Project) -> None:
    measure = ["python", "-m", "lab.benchmarks.measure_growth"]
    project.make("bench-growth", "ROWS=1000 2000", "ENGINES=duckdb")
    assert project.recorded() == [[*measure, "--rows=1000", "--rows=2000"]]
    project.make("bench-growth")
    assert project.recorded() == [measure, measure]


def test_what_is_not_given_is_no_argument(project: Project) -> None:
    project.make("run")
    project.make("run", "LOGS=", CLIP_SEARCH_LOGS="/logs")
    project.make("parity")
    assert project.recorded() == [
        ["clip-search", "run"],
        ["clip-search", "run"],
        ["clip-search", "parity"],
    ]


def test_a_preset_is_given_on_the_command_line_only(project: Project) -> None:
    """Elsewhere, AS is the assembler, which many environments name."""
    for preset in ("ubi", *HOSTILE):
        project.make("run", f"AS={preset}", "LOGS=/logs")
        assert project.recorded() == [
            ["clip-search", "run", f"--as={preset}", "--", "/logs"]
        ]
    project.make("run", AS="/usr/bin/as")
    assert project.recorded() == [["clip-search", "run"]]
