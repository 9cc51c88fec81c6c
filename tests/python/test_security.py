"""What docs/security.md claims and no other test proves."""

import json
import re
import tomllib
from pathlib import Path
from types import SimpleNamespace

import pytest
import yaml  # type: ignore[import-untyped]

from clip_search.findings import Finding
from clip_search.orchestration import alerts
from clip_search.orchestration.environment import airflow_environment, alert_file
from tests.python.conftest import ROOT, project_files

SHELL = re.compile(
    r"shell=True|os\.(system|popen)\(|getoutput\(|create_subprocess_shell"
)
SPREADSHEET = re.compile(
    r"csv\.(writer|DictWriter)|to_(csv|excel)\(|write_csv|xlsx"
    r"|\bcopy (?!from database present to compacted\b).*\bto\b",
    re.I,
)
SECRETS = re.compile(
    r"-----BEGIN [A-Z ]*PRIVATE KEY|\bAKIA[0-9A-Z]{16}\b|\bgh[pousr]_\w{36}"
    r"|\bgithub_pat_\w{20}|\bxox[abpr]-\w|hooks\.slack\.com/services/\w"
    r"|^\s*\w*(password|passwd|secret|token|api_key)\w*\s*[:=]\s*['\"][^'\"]+['\"]\s*$",
    re.IGNORECASE | re.MULTILINE,
)


def ours(*suffixes: str) -> list[Path]:
    """The project's files, with one of these suffixes."""
    return [path for path in project_files() if not suffixes or path.suffix in suffixes]


def holding(pattern: re.Pattern[str], paths: list[Path]) -> list[str]:
    """The files in which a pattern occurs, relative to the project."""
    return [
        path.relative_to(ROOT).as_posix()
        for path in paths
        if pattern.search(path.read_text("utf-8", errors="replace"))
    ]


def product() -> list[Path]:
    """The Python files that users run."""
    folders = ("clip_search", "dags", "dbt")
    return [path for path in ours(".py") if path.relative_to(ROOT).parts[0] in folders]


def test_no_program_is_started_through_a_shell() -> None:
    assert len(product()) > 50
    assert holding(SHELL, product()) == []


def test_only_exports_write_files_for_spreadsheets() -> None:
    # Unicode's tables, written by hand once for each version of Unicode.
    without_logs = "clip_search/text_rules/pin_unicode.py"
    without_formulas = "clip_search/export/spreadsheet.py"
    assert holding(SPREADSHEET, product()) == [without_formulas, without_logs]


def test_the_report_allows_no_scripts() -> None:
    template = ROOT / "clip_search" / "explore" / "template" / "index.html.j2"
    (policy,) = re.findall(
        r'http-equiv="Content-Security-Policy" content="([^"]*)"',
        template.read_text("utf-8"),
    )
    assert "default-src 'none'" in policy
    assert "script-src" not in policy


def test_an_alert_holds_no_example_rows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AIRFLOW_HOME", str(tmp_path))
    finding = Finding(
        *("warning", "name", "problem", "models/a.yml:1", "remedy"),
        examples=("cats of anna berg",),
    )
    task = SimpleNamespace(dag_id="d", run_id="r", task_id="t", try_number=1)
    alerts.send_warnings([finding], {"ti": task})
    (line,) = alert_file().read_text("utf-8").splitlines()
    assert json.loads(line)["problem"] == "problem"
    assert "anna" not in line


def test_spark_listens_on_this_machine_only() -> None:
    profiles = yaml.safe_load((ROOT / "profiles.yml").read_text("utf-8"))
    settings = profiles["clip_search"]["outputs"]["spark"]["server_side_parameters"]
    assert settings["spark.driver.bindAddress"] == "127.0.0.1"
    assert settings["spark.driver.host"] == "127.0.0.1"
    assert settings["spark.ui.enabled"] == "false"


def test_no_tool_sends_usage_data(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AIRFLOW__USAGE_DATA_COLLECTION__ENABLED", "DO_NOT_TRACK"):
        monkeypatch.delenv(name, raising=False)
    project = yaml.safe_load((ROOT / "dbt_project.yml").read_text("utf-8"))
    assert project["flags"]["send_anonymous_usage_stats"] is False
    settings = airflow_environment()
    assert settings["AIRFLOW__USAGE_DATA_COLLECTION__ENABLED"] == "False"
    assert settings["AIRFLOW__COSMOS__ENABLE_TELEMETRY"] == "False"
    assert settings["DO_NOT_TRACK"] == "1"


def test_what_is_installed_is_pinned_with_hashes() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    uv = project["tool"]["uv"]
    assert uv["require-build-hashes"] is True
    constraints = uv["build-constraint-dependencies"]
    pinned = {
        constraint["requirement"]
        for constraint in constraints
        if all(
            re.fullmatch("sha256:[0-9a-f]{64}", each) for each in constraint["hashes"]
        )
    }
    assert len(pinned) == len(constraints) > 5
    assert {*project["build-system"]["requires"]} <= pinned
    assert all(re.fullmatch(r"[a-z_-]+==[0-9.]+", each) for each in pinned)
    ours = (ROOT / ".ci" / "uv-requirements.txt").read_text("utf-8")
    assert re.findall(r"^[a-z]\S*", ours, re.MULTILINE) == [
        re.search(r"uv==[0-9.]+", ours)[0]  # type: ignore[index]
    ]
    assert len(re.findall("--hash=sha256:[0-9a-f]{64}", ours)) > 5
    for file in ("Makefile", "Dockerfile", ".ci/run", ".github/workflows/ci.yml"):
        text = (ROOT / file).read_text("utf-8").replace("\\\n", "")
        for command in re.findall("pip install.*", text):
            assert "--require-hashes" in command, file
        for command in re.findall("uv\\)? sync.*", text):
            assert "--frozen" in command, file


def test_no_file_holds_a_secret() -> None:
    files = ours()
    assert len(files) > 300
    assert holding(SECRETS, files) == []


@pytest.mark.parametrize(
    "text",
    [
        "-----BEGIN RSA " + "PRIVATE KEY-----",
        'airflow_password = "hunter2"',
        "  api_key: 'abc'",
        "AKIA" + "A" * 16,
        "ghp_" + "a" * 36,
    ],
)
def test_a_planted_secret_would_be_found(text: str, tmp_path: Path) -> None:
    assert SECRETS.search(text)
