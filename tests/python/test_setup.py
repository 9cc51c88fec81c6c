"""What `make` installs: pinned, and enough for the commands that a run mentions."""

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions, requires
from pathlib import Path

import pytest
from conftest import ROOT, project_files
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from test_wheel import UV

_IMPORTED_WITH_THE_COMMANDS = """
import json, sys
before = set(sys.modules)
import clip_search.cli
imported = {name.partition(".")[0] for name in set(sys.modules) - before}
print(json.dumps(sorted(imported)))
"""


def installed_by_run() -> set[str]:
    """The distributions of the package's own dependencies, including indirect ones."""
    seen: set[tuple[str, frozenset[str]]] = set()
    waiting = [("clip-search", frozenset[str]())]
    while waiting:
        name, extras = waiting.pop()
        if (name, extras) in seen:
            continue
        seen.add((name, extras))
        for line in requires(name) or ():
            needed = Requirement(line)
            if needed.marker is None or any(
                needed.marker.evaluate({"extra": extra}) for extra in ("", *extras)
            ):
                waiting.append(
                    (canonicalize_name(needed.name), frozenset(needed.extras))
                )
    return {name for name, _ in seen}


def test_a_changed_build_backend_is_refused(tmp_path: Path) -> None:
    project = (ROOT / "pyproject.toml").read_text("utf-8")
    (backend,) = tomllib.loads(project)["build-system"]["requires"]
    known = project.index(f'requirement = "{backend}"')
    first = project.index("sha256:", known)
    ends = project.index("]", first)
    changed = re.sub("sha256:[0-9a-f]{64}", "sha256:" + "0" * 64, project[first:ends])
    (tmp_path / "pyproject.toml").write_text(
        project[:first] + changed + project[ends:], "utf-8"
    )
    for name in ("README.md", "LICENSE", "hatch_build.py"):
        shutil.copy(ROOT / name, tmp_path)
    built = subprocess.run(
        [UV, "build", "--wheel", "--out-dir", "dist", "."],
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert built.returncode != 0
    assert f"Hash mismatch for `{backend}`" in built.stderr
    assert not list(tmp_path.glob("dist/*.whl"))


@pytest.mark.long
def test_a_new_clone_is_set_up_without_a_uv_on_the_path(tmp_path: Path) -> None:
    """It downloads uv and what a run needs."""
    for path in project_files():
        copied = tmp_path / path.relative_to(ROOT)
        copied.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, copied)
    programs = tmp_path / "programs"
    programs.mkdir()
    # Another version is not used.
    (programs / "uv").write_text("#!/bin/sh\necho uv 0.1.0\n")
    (programs / "uv").chmod(0o755)
    made = subprocess.run(
        ["make", ".venv/ready-to-run", f"PYTHON={sys.executable}"],
        cwd=tmp_path,
        env={**os.environ, "PATH": f"{programs}:/usr/bin:/bin"},
        capture_output=True,
        text=True,
    )
    assert made.returncode == 0, made.stdout + made.stderr
    assert "installing uv into .uv" in made.stdout
    told = subprocess.run(
        [tmp_path / ".venv" / "bin" / "clip-search", "--version"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout.startswith("clip-search ")


def test_the_commands_start_with_what_a_run_installs() -> None:
    """A command that imports an extra on start-up would break every `make run`."""
    finished = subprocess.run(
        [sys.executable, "-c", _IMPORTED_WITH_THE_COMMANDS],
        capture_output=True,
        text=True,
        check=True,
    )
    installed = installed_by_run()
    distributions = packages_distributions()
    from_elsewhere = {
        name: distributions[name]
        for name in json.loads(finished.stdout)
        if name in distributions
        and installed.isdisjoint(map(canonicalize_name, distributions[name]))
    }
    assert from_elsewhere == {}
