"""The DAG as Airflow generates it: all tasks, edges and tests."""

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from clip_search.orchestration.node_results import owner
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
    (path,) = manifests(project)
    found: dict[str, Any] = json.loads(path.read_bytes())
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
    assert {task["node"] for task in dag["tasks"].values()} - {None} == built


def test_a_dozen_boxes_at_most_from_left_to_right(dag: dict[str, Any]) -> None:
    assert len(dag["boxes"]) <= 12
    assert {"load_data", "build", "seeds", "staging", "clean", "publish"} <= set(
        dag["boxes"]
    )


def test_people_see_what_each_task_is(
    dag: dict[str, Any], manifest: dict[str, Any]
) -> None:
    described = {
        node["name"]: node["description"] for node in manifest["nodes"].values()
    }
    for name, task in dag["tasks"].items():
        assert task["owner"] == "search"
        assert task["documentation"], name
        assert "Args:" not in task["documentation"]
        if task["node"]:
            assert task["documentation"] == described[task["node"]]
    assert dag["settings"]["tags"] == ["clip-search", "sqlite"]


def parents_by_test(manifest: dict[str, Any]) -> Iterator[tuple[str, set[str]]]:
    """Each data test with the seeds and models that it reads."""
    for node in manifest["nodes"].values():
        if node["resource_type"] == "test":
            parents = {
                parent
                for parent in node["depends_on"]["nodes"]
                if not parent.startswith("source.")
            }
            yield node["unique_id"], parents


def test_every_data_test_belongs_to_exactly_one_task(
    dag: dict[str, Any], manifest: dict[str, Any]
) -> None:
    # dbt's rule for `buildable`, with which a cleared task builds its node: a test runs
    # with a model if it depends on that model and otherwise only on its ancestors.
    nodes = {task["node"] for task in dag["tasks"].values()}
    for test, parents in parents_by_test(manifest):
        runs_with = [
            parent
            for parent in parents
            if parents - {parent} <= ancestors(parent, manifest)
            and manifest["nodes"][parent]["name"] in nodes
        ]
        assert len(runs_with) == 1, f"{test} runs with {runs_with}"
        assert owner(test, manifest) == manifest["nodes"][runs_with[0]]["name"]


def test_nothing_that_reads_a_node_is_above_its_tests(
    dag: dict[str, Any], manifest: dict[str, Any]
) -> None:
    task_of = {task["node"]: name for name, task in dag["tasks"].items()}
    readers: dict[str, set[str]] = {}
    for unique_id, node in manifest["nodes"].items():
        if node["resource_type"] == "model" and node["name"] in task_of:
            for parent in manifest["parent_map"][unique_id]:
                readers.setdefault(parent, set()).add(node["name"])
    for test, parents in parents_by_test(manifest):
        last = max(parents, key=lambda parent: len(ancestors(parent, manifest)))
        reporter = task_of[manifest["nodes"][last]["name"]]
        for parent in parents:
            for reader in readers.get(parent, ()):
                above = {reporter} | {
                    name for name in dag["tasks"] if reporter in downstream(name, dag)
                }
                below = downstream(reporter, dag)
                assert task_of[reader] in below | above, f"{test}: {reader}"


def test_the_clean_tables_wait_for_the_tests_of_all_logs(dag: dict[str, Any]) -> None:
    logs = ("search_request", "search_result_interaction", "search_result_shown")
    for log in logs:
        below = downstream(f"clean.int_{log}_checked", dag)
        assert below > {f"clean.clean_{name}" for name in logs}


def test_load_data_comes_first_and_publish_last(dag: dict[str, Any]) -> None:
    everything = set(dag["tasks"])
    assert downstream("load_data", dag) == everything - {"load_data"}
    assert downstream("build", dag) == everything - {"load_data", "build"}
    assert dag["tasks"]["publish"]["downstream"] == []
    for task_id in everything - {"publish"}:
        assert "publish" in downstream(task_id, dag)


def test_the_assets_show_the_path_from_the_logs_to_what_is_published(
    dag: dict[str, Any],
) -> None:
    load, publish = dag["tasks"]["load_data"], dag["tasks"]["publish"]
    assert load["inlets"] == ["raw_search_logs"]
    assert load["outlets"] == publish["inlets"] == ["landed_search_logs"]
    assert sorted(publish["outlets"]) == [
        "clean_search_request",
        "clean_search_result_interaction",
        "search_docs",
        "search_report",
    ]


def test_one_task_writes_at_a_time_and_runs_do_not_overlap(dag: dict[str, Any]) -> None:
    writers = {"load_data", "build", "publish"}
    assert {dag["tasks"][name]["pool"] for name in writers} == {"clip_search_warehouse"}
    settings = dag["settings"]
    assert settings["catchup"] is False
    assert settings["max_active_runs"] == 1
    assert settings["schedule"] == "0 2 * * *"


@pytest.mark.slow
@pytest.mark.parametrize("task_id", ["build", "clean.log_ledger"])
def test_the_process_of_a_task_parses_that_task_only(
    project: AirflowProject, dag: dict[str, Any], task_id: str
) -> None:
    parsed = project.dag(task_id)["tasks"]

    assert len(parsed) <= 3
    for name in ("kind", "node", "pool", "retries", "inlets", "outlets"):
        assert parsed[task_id][name] == dag["tasks"][task_id][name]


@pytest.mark.slow
def test_a_node_runs_without_cosmos_and_without_the_manifest(
    project: AirflowProject,
) -> None:
    program = (
        "import sys\n"
        "from airflow.sdk.definitions._internal.dag_parsing_context import (\n"
        "    _airflow_parsing_context_manager as parsing)\n"
        "from clip_search.orchestration import clip_search_dag\n"
        "with parsing('clip_search', 'clean.log_ledger'):\n"
        "    print(clip_search_dag().task_ids)\n"
        "sys.exit('cosmos.converter' in sys.modules)"
    )
    finished = project.run("-c", program, AIRFLOW_HOME=str(project.home / "empty"))

    assert finished.returncode == 0, finished.stderr
    assert finished.stdout.endswith("['clean.log_ledger']\n")


def change_a_description(root: Path) -> None:
    path = root / "models" / "staging" / "_staging.yml"
    path.write_text(path.read_text("utf-8").replace("One row per", "A row per"))


def add_a_model(root: Path) -> None:
    (root / "models" / "staging" / "stg_other.sql").write_text("select 1 as one\n")


def remove_a_test(root: Path) -> None:
    (root / "tests" / "dbt" / "assert_ledger_balances.sql").unlink()


def manifests(project: AirflowProject) -> list[Path]:
    """The manifests that Airflow keeps."""
    return sorted((project.home / "clip_search" / "manifests").glob("*/manifest.json"))


@pytest.fixture
def changeable(project: AirflowProject, tmp_path: Path) -> Iterator[AirflowProject]:
    """The project; changes by a test are undone."""
    kept = shutil.copytree(project.root, tmp_path / "kept")
    yield project
    shutil.rmtree(project.root)
    shutil.copytree(kept, project.root)


@pytest.mark.slow
@pytest.mark.parametrize(
    "change",
    [
        add_a_model,
        # dbt parses the project for each, which takes seconds.
        pytest.param(change_a_description, marks=pytest.mark.long),
        pytest.param(remove_a_test, marks=pytest.mark.long),
    ],
)
def test_a_changed_project_gets_a_new_manifest_in_place_of_the_old_one(
    changeable: AirflowProject, change: Callable[[Path], None]
) -> None:
    changeable.run("-m", "clip_search.orchestration", "manifest")
    before = manifests(changeable)

    change(changeable.root)
    described = changeable.dag()

    assert described["import_errors"] == {}
    (after,) = manifests(changeable)
    assert after not in before
    assert ("staging.stg_other" in described["tasks"]) == (change is add_a_model)


@pytest.mark.slow
def test_a_project_that_dbt_cannot_read_is_an_import_error_in_place_of_the_dag(
    changeable: AirflowProject,
) -> None:
    (changeable.root / "models" / "staging" / "stg_other.sql").write_text(
        "select * from {{ ref('nothing') }}\n"
    )

    described = changeable.dag()

    (message,) = described["import_errors"].values()
    assert "dbt could not parse the project" in message
    assert "stg_other" in message
    assert "tasks" not in described
