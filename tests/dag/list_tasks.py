"""Prints the DAG as JSON, as Airflow sees it: its settings, its boxes and its tasks.

With the id of a task, the DAG is parsed as in the process that runs this task.

A separate program, because Airflow reads its settings once, on import.
"""

import json
import os
import sys
from pathlib import Path

from clip_search.orchestration.environment import airflow_environment

os.environ.update(airflow_environment())

from airflow.dag_processing.dagbag import DagBag
from airflow.sdk.definitions._internal.dag_parsing_context import (
    _airflow_parsing_context_manager,
)

folder, *only = sys.argv[1:]
with _airflow_parsing_context_manager("clip_search" if only else None, *only):
    bag = DagBag(dag_folder=folder, bundle_path=Path(folder), bundle_name="dags-folder")
dag = bag.dags.get("clip_search")
described = {"import_errors": bag.import_errors}
if dag:
    described["settings"] = {
        "catchup": dag.catchup,
        "max_active_runs": dag.max_active_runs,
        "schedule": dag.timetable.summary,
        "tags": sorted(dag.tags),
    }
    described["boxes"] = list(dag.task_group.children)
    described["tasks"] = {
        task.task_id: {
            "downstream": sorted(task.downstream_task_ids),
            "pool": task.pool,
            "retries": task.retries,
            "outlets": [asset.name for asset in task.outlets],
            "inlets": [asset.name for asset in task.inlets],
            "node": getattr(task, "node", None),
            "kind": type(task).__name__,
            "owner": task.owner,
            "documentation": task.doc_md,
        }
        for task in dag.tasks
    }
print("\n" + json.dumps(described))
