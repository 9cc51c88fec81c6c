"""Adds the dbt project to a DAG: a group for each layer, a task for each node."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from airflow.sdk import DAG, TaskGroup

from clip_search.build.build_progress import SEEDS
from clip_search.orchestration.dag_settings import Settings
from clip_search.orchestration.manifest import current_manifest
from clip_search.orchestration.node_results import (
    ancestors,
    built_parents,
    is_built,
    last_parent,
)
from clip_search.orchestration.node_task import NodeTask
from clip_search.project import PROJECT_ROOT

_TOOLTIPS = {
    SEEDS: "Word lists, the catalog of reject rules, and the synthetic sample",
    "staging": "Typed and redacted copies of the raw logs",
    "clean": "One outcome for every raw row; the two clean tables",
    "session": "Searches of one person in a row",
    "judgment": "How sure clicks are that a clip answers a query",
    "learned": "What the log teaches about words and queries",
    "rewrite": "What a query should be rewritten to",
    "marts": "What people read: totals by day, related queries, support",
}


def add_only_node(task_id: str, dag: DAG, settings: Settings) -> None:
    """Add one task, as `add_nodes` would, without Cosmos and the manifest.

    Args:
        task_id: The task, in its group.
        dag: The DAG.
        settings: Its settings.
    """
    layer, _, node = task_id.partition(".")
    NodeTask(
        node=node, settings=settings, dag=dag, task_group=TaskGroup(layer, dag=dag)
    )


def add_nodes(dag: DAG, settings: Settings) -> list[NodeTask]:
    """Add a task for each seed and model to a DAG, with the edges of dbt.

    Args:
        dag: The DAG.
        settings: Its settings.

    Returns:
        The tasks.

    Raises:
        ManifestError: dbt cannot read the project.
    """
    # Only who adds all nodes needs Cosmos, which takes a while to import.
    from cosmos import ExecutionConfig, ProfileConfig, ProjectConfig, RenderConfig
    from cosmos.constants import DbtResourceType, LoadMode, TestBehavior
    from cosmos.converter import DbtToAirflowConverter

    manifest_path = current_manifest(settings.target)
    manifest = json.loads(manifest_path.read_bytes())
    groups: dict[str, TaskGroup] = {}

    def to_task(*, node: Any, **_: Any) -> NodeTask:
        details = manifest["nodes"][node.unique_id]
        layer = layer_of(details)
        if layer not in groups:
            groups[layer] = TaskGroup(layer, dag=dag, tooltip=_TOOLTIPS.get(layer, ""))
        return NodeTask(
            node=details["name"],
            settings=settings,
            dag=dag,
            task_group=groups[layer],
            doc_md=details["description"] or None,
        )

    converter = DbtToAirflowConverter(
        dag=dag,
        project_config=ProjectConfig(
            manifest_path=manifest_path, project_name="clip_search"
        ),
        profile_config=ProfileConfig(
            profile_name="clip_search",
            target_name=settings.target,
            profiles_yml_filepath=PROJECT_ROOT / "profiles.yml",
        ),
        # Cosmos reads all files of this folder to give the DAG a version. It has only
        # the manifest, which stands for the whole project.
        execution_config=ExecutionConfig(dbt_project_path=manifest_path.parent),
        render_config=RenderConfig(
            load_method=LoadMode.DBT_MANIFEST,
            # An ephemeral model is part of the statements that read it, so there is
            # nothing to show.
            exclude=["resource_type:unit_test", "config.materialized:ephemeral"],
            test_behavior=TestBehavior.NONE,
            node_converters={
                DbtResourceType.MODEL: to_task,
                DbtResourceType.SEED: to_task,
            },
            emit_datasets=False,
        ),
    )
    tasks = converter.tasks_map
    for above, below in _edges(manifest):
        if tasks[below].task_id not in tasks[above].downstream_task_ids:
            tasks[above].set_downstream(tasks[below])
    return list(tasks.values())


def layer_of(details: Mapping[str, Any]) -> str:
    """The layer of a seed or model, by its entry in the manifest."""
    if details["resource_type"] == "seed":
        return SEEDS
    folders = Path(details["original_file_path"]).parts
    return folders[1] if len(folders) > 2 else "models"


def _edges(manifest: Mapping[str, Any]) -> set[tuple[str, str]]:
    """The edges that Cosmos does not add, as dbt follows them, by unique id.

    They go through ephemeral models; and from the node that a test belongs to, to
    whatever reads another parent of that test: dbt builds it after the test.
    """
    parents = {
        unique_id: built_parents(unique_id, manifest)
        for unique_id in manifest["nodes"]
        if is_built(unique_id, manifest)
    }
    edges = {(parent, child) for child in parents for parent in parents[child]}
    for test in manifest["nodes"]:
        last = last_parent(test, manifest) if test.startswith("test.") else None
        if last is None:
            continue
        tested = built_parents(test, manifest)
        # What is built before the last parent cannot wait for the test.
        earlier = ancestors(last, manifest) | {last}
        edges |= {
            (last, child)
            for child in parents.keys() - earlier
            if parents[child] & tested
        }
    return edges
