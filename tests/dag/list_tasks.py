"""Prints the DAG as JSON, as Airflow sees it: its settings, and each task with its own.

A separate program, because Airflow reads its settings once, on import.
"""

import json
import os
import sys
from pathlib import Path

from clip_search.orchestration.environment import airflow_environment

os.environ.update(airflow_environment())

from airflow.dag_processing.dagbag import DagBag

folder = Path(sys.argv[1])
bag = DagBag(dag_folder=str(folder), bundle_path=folder, bundle_name="dags-folder")
dag = bag.dags.get("clip_search")
described = {"import_errors": bag.import_errors}
if dag:
    described["settings"] = {
        "catchup": dag.catchup,
        "max_active_runs": dag.max_active_runs,
        "schedule": dag.timetable.summary,
    }
    described["tasks"] = {
        task.task_id: {
            "downstream": sorted(task.downstream_task_ids),
            "pool": task.pool,
            "retries": task.retries,
            "outlets": [asset.name for asset in task.outlets],
            "select": getattr(task, "select", None),
            "exclude": getattr(task, "exclude", None),
            "indirect_selection": getattr(task, "indirect_selection", None),
        }
        for task in dag.tasks
    }
print("\n" + json.dumps(described))
