"""The DAG as Airflow generates it: all tasks, edges and tests."""

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.python.airflow_project import ROOT, AirflowProject

GOLDEN = ROOT / "tests" / "dag" / "golden.json"


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> AirflowProject:
    """A copy of the project with its manifest."""
    made = AirflowProject(
        tmp_path_factory.mktemp("dag"), CLIP_SEARCH_SCHEDULE="0 2 * * *"
    )
    finished = made.run("-m", "clip_search.orchestration", "manifest")
    assert finished.returncode == 0, finished.stderr
    return made


@pytest.fixture(scope="module")
def dag(project: AirflowProject) -> dict[str, Any]:
    """The DAG as Airflow sees it."""
    described = project.dag()
    assert described["import_errors"] == {}
    return described


@pytest.fixture(scope="module")
def manifest(project: AirflowProject) -> dict[str, Any]:
    """The project's dbt manifest."""
    found: dict[str, Any] = json.loads(
        (project.home / "dbt" / "manifest.json").read_bytes()
    )
    return found


def ancestors(unique_id: str, manifest: dict[str, Any]) -> set[str]:
    found: set[str] = set()
    waiting = [unique_id]
    while waiting:
        for parent in manifest["parent_map"].get(waiting.pop(), []):
            if parent not in found:
                found.add(parent)
                waiting.append(parent)
    return found


def downstream(task_id: str, dag: dict[str, Any]) -> set[str]:
    found: set[str] = set()
    waiting = [task_id]
    while waiting:
        for child in dag["tasks"][waiting.pop()]["downstream"]:
            if child not in found:
                found.add(child)
                waiting.append(child)
    return found


def test_tasks_and_edges_are_the_golden_ones(
    dag: dict[str, Any], pytestconfig: pytest.Config
) -> None:
    edges = {name: task["downstream"] for name, task in sorted(dag["tasks"].items())}
    text = json.dumps(edges, indent=2) + "\n"
    if pytestconfig.getoption("--renew-golden"):
        GOLDEN.write_text(text, encoding="utf-8")
    assert text == GOLDEN.read_text("utf-8"), (
        "the DAG has changed; if that is meant, renew the list with 'make renew'"
    )


def test_every_seed_and_model_is_a_task(
    dag: dict[str, Any], manifest: dict[str, Any]
) -> None:
    built = {
        node["name"]
        for node in manifest["nodes"].values()
        if node["resource_type"] in ("model", "seed")
        # Part of the statements that read it: nothing to run.
        and node["config"]["materialized"] != "ephemeral"
    }
    made = {
        task["select"].rsplit(".", 1)[-1]
        for task in dag["tasks"].values()
        if (task["select"] or "").startswith("fqn:")
    }
    assert made == built


def test_every_data_test_is_run_by_exactly_one_task(
    dag: dict[str, Any], manifest: dict[str, Any]
) -> None:
    # dbt's rule for `buildable`: a test runs with a model if it depends on that model
    # and otherwise only on sources and on the model's ancestors.
    tested = {
        task["select"] for name, task in dag["tasks"].items() if name.endswith(".test")
    }
    for name, task in dag["tasks"].items():
        if name.endswith(".test"):
            assert task["indirect_selection"] == "buildable"
    for node in manifest["nodes"].values():
        if node["resource_type"] != "test":
            continue
        parents = {
            parent
            for parent in node["depends_on"]["nodes"]
            if not parent.startswith("source.")
        }
        runs_with = [
            parent
            for parent in parents
            if parents - {parent} <= ancestors(parent, manifest)
            and manifest["nodes"][parent]["name"] in tested
        ]
        assert len(runs_with) == 1, f"{node['name']} runs with {runs_with}"


def test_nothing_below_a_model_starts_before_its_tests(dag: dict[str, Any]) -> None:
    for name, task in dag["tasks"].items():
        test = name.removesuffix(".run") + ".test"
        if name.endswith(".run") and test in dag["tasks"]:
            assert task["downstream"] == [test]


def test_both_clean_tables_wait_for_the_tests_of_both_logs(dag: dict[str, Any]) -> None:
    for log in ("search_request", "search_result_interaction"):
        below = downstream(f"dbt.int_{log}_checked.test", dag)
        assert "dbt.clean_search_request.run" in below
        assert "dbt.clean_search_result_interaction.run" in below


def test_load_data_comes_first_and_publish_last(dag: dict[str, Any]) -> None:
    everything = set(dag["tasks"])
    assert downstream("load_data", dag) == everything - {"load_data"}
    assert dag["tasks"]["publish"]["downstream"] == []
    for task_id in everything - {"publish"}:
        assert "publish" in downstream(task_id, dag)


def test_publish_updates_an_asset_for_each_clean_table(dag: dict[str, Any]) -> None:
    assert sorted(dag["tasks"]["publish"]["outlets"]) == [
        "clean_search_request",
        "clean_search_result_interaction",
    ]


def test_one_task_writes_at_a_time_and_runs_do_not_overlap(dag: dict[str, Any]) -> None:
    assert {task["pool"] for task in dag["tasks"].values()} == {"clip_search_warehouse"}
    assert dag["settings"] == {
        "catchup": False,
        "max_active_runs": 1,
        "schedule": "0 2 * * *",
    }


def change_a_description(root: Path) -> None:
    path = root / "models" / "staging" / "_staging.yml"
    path.write_text(path.read_text("utf-8").replace("One row per", "A row per"))


def add_a_model(root: Path) -> None:
    (root / "models" / "staging" / "stg_other.sql").write_text("select 1 as one\n")


def remove_a_test(root: Path) -> None:
    (root / "tests" / "dbt" / "assert_ledger_balances.sql").unlink()


def complaint(project: AirflowProject, **settings: str) -> str:
    """The DAG file's error about the manifest; empty if there is none."""
    program = (
        "from clip_search.orchestration.manifest import ManifestError, fresh_manifest\n"
        "try:\n    fresh_manifest()\nexcept ManifestError as error:\n    print(error)"
    )
    finished = project.run("-c", program, **settings)
    assert finished.returncode == 0, finished.stderr
    return finished.stdout


@pytest.fixture
def changeable(project: AirflowProject, tmp_path: Path) -> Iterator[AirflowProject]:
    """The project; changes by a test are undone."""
    kept = shutil.copytree(project.root, tmp_path / "kept")
    yield project
    shutil.rmtree(project.root)
    shutil.copytree(kept, project.root)


@pytest.mark.parametrize("change", [change_a_description, add_a_model, remove_a_test])
def test_a_manifest_is_stale_once_the_project_has_changed(
    changeable: AirflowProject, change: Callable[[Path], None]
) -> None:
    assert complaint(changeable) == ""

    change(changeable.root)

    assert "is stale" in complaint(changeable)
    assert "make manifest" in complaint(changeable)


def test_a_stale_manifest_is_an_import_error_in_place_of_the_dag(
    changeable: AirflowProject,
) -> None:
    change_a_description(changeable.root)

    described = changeable.dag()

    (message,) = described["import_errors"].values()
    assert "is stale" in message
    assert "make manifest" in message
    assert "tasks" not in described


@pytest.mark.parametrize("content", [None, "{", "[]", "{}"])
def test_a_missing_or_broken_manifest_is_an_error_that_says_what_to_do(
    project: AirflowProject, tmp_path: Path, content: str | None
) -> None:
    if content is not None:
        (tmp_path / "dbt").mkdir()
        (tmp_path / "dbt" / "manifest.json").write_text(content)

    message = complaint(project, AIRFLOW_HOME=str(tmp_path))

    assert str(tmp_path / "dbt" / "manifest.json") in message
    assert "make manifest" in message
