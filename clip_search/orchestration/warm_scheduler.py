"""Starts Airflow's scheduler with dbt already imported.

LocalExecutor forks each task from the scheduler. So the tasks do not have to import
these modules, which would take seconds each time.
"""

import runpy
import sys
from importlib import import_module

from clip_search.engines import engine_name

MODULES = (
    "airflow.sdk.execution_time.task_runner",
    "cosmos.operators.local",
    "dbt.cli.main",
    "dbt.task.build",
    "clip_search.orchestration.load_data",
    "clip_search.orchestration.publish",
    "clip_search.orchestration.failures",
)

if __name__ == "__main__":
    for module in (*MODULES, f"dbt.adapters.{engine_name()}"):
        import_module(module)
    sys.argv = ["airflow", "scheduler", *sys.argv[1:]]
    runpy.run_module("airflow", run_name="__main__", alter_sys=False)
