"""The images and the dev container: what is in them, and who runs and reaches them."""

import json
import re
from fnmatch import fnmatchcase

from tests.python.conftest import ROOT

DOCKERFILE = (ROOT / "Dockerfile").read_text("utf-8")
IGNORE = [
    line
    for line in (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    if line and not line.startswith("#")
]


def stages() -> dict[str, tuple[str, str]]:
    """The base and the instructions of each stage."""
    parts = re.split(r"^FROM (\S+) AS (\S+)$", DOCKERFILE, flags=re.MULTILINE)
    return {
        name: (base, text.replace("\\\n", ""))
        for base, name, text in zip(parts[1::3], parts[2::3], parts[3::3], strict=True)
    }


def instructions(stage: str) -> str:
    """The instructions of a stage, after those of the stages that it is based on."""
    base, text = stages()[stage]
    return (instructions(base) if base in stages() else "") + text


def is_sent(path: str) -> bool:
    """Whether Docker sends a file to the build: the last line that matches decides."""
    sent = True
    for line in IGNORE:
        pattern = line.removeprefix("!")
        names = path.split("/")
        above = ["/".join(names[:end]) for end in range(1, len(names) + 1)]
        depth = pattern.count("/")
        if any(
            fnmatchcase(each, pattern)
            for each in above
            if each.count("/") == depth or pattern.startswith("**/")
        ):
            sent = line.startswith("!")
    return sent


def test_no_log_and_no_warehouse_gets_into_an_image() -> None:
    for path in (
        *("warehouse/clip_search.db", "logs/dbt.log", "airflow/airflow.cfg"),
        *(
            "search_request.csv",
            "data/search_request.csv",
            ".env",
            "target/report.html",
        ),
        *(
            ".git/config",
            ".venv/bin/python",
            "tests/python/test_docs.py",
            "docs/docker.md",
        ),
    ):
        assert not is_sent(path), path
    assert IGNORE[0] == "*"


def test_an_image_is_built_from_all_that_the_wheel_needs() -> None:
    hook = (ROOT / "hatch_build.py").read_text("utf-8")
    (listed,) = re.findall(r"^_PARTS = \($(.*?)^\)$", hook, re.MULTILINE | re.DOTALL)
    packages = ("clip_search", "dbt", "dbt_clip_search")
    parts = [*re.findall(r'"([^"]+)"', listed), *packages, "dags"]
    assert len(parts) > 10
    for name in (*parts, "pyproject.toml", "uv.lock", "LICENSE"):
        inside = f"{name}/a.sql" if (ROOT / name).is_dir() else name
        assert (ROOT / name).exists()
        assert is_sent(inside), inside


def test_no_image_runs_as_root() -> None:
    for stage in ("run", "airflow", "develop"):
        users = re.findall(r"^USER (\S+)", instructions(stage), re.MULTILINE)
        assert users[-1:] == ["1000:1000"], stage


def test_every_stage_has_the_same_pinned_base() -> None:
    outside = {base for base, _ in stages().values()} - stages().keys()
    assert outside == {"python:3.12-slim-bookworm"}


def test_packages_come_from_the_lock_alone() -> None:
    installing = re.findall(r"^RUN (.*(?:pip|uv) .*)$", DOCKERFILE, re.MULTILINE)
    assert len(installing) == 5
    for command in installing:
        if command.startswith("pip "):
            assert "--require-hashes --requirement /tmp/uv-requirements.txt" in command
        else:
            assert command.startswith("uv sync --frozen "), command


def test_the_documented_command_publishes_airflow_on_this_machine_only() -> None:
    page = (ROOT / "docs" / "docker.md").read_text("utf-8")
    commands = "\n".join(re.findall(r"^```\n(.*?)^```", page, re.MULTILINE | re.DOTALL))
    published = re.findall(r"(?:-p|--publish)[ =](\S+)", commands)
    assert published == ["127.0.0.1:8080:8080"]


def test_the_dev_container_has_what_the_required_checks_install() -> None:
    config = json.loads((ROOT / ".devcontainer" / "devcontainer.json").read_text())
    assert config["postCreateCommand"] == "make setup"
    folder = ROOT / ".devcontainer"
    assert (folder / config["build"]["dockerfile"]).resolve() == ROOT / "Dockerfile"
    _, develop = stages()[config["build"]["target"]]
    checks = (ROOT / ".ci" / "run").read_text("utf-8")
    needed = re.findall(r"--no-install-recommends (\S+)", checks)
    assert needed == ["chromium", "openjdk-17-jdk-headless", "liblucene8-java"]
    for package in (*needed, "git", "make"):
        assert re.search(rf"\b{package}\b", develop), package
