"""Starts Airflow's scheduler with everything imported that tasks need.

LocalExecutor forks each task from the scheduler. There are some sixty of them in a run,
and most take less time than these imports.
"""

import runpy
import sys
from importlib import import_module

from clip_search.engines import engine_name

MODULES = (
    "airflow.sdk.execution_time.task_runner",
    "clip_search.orchestration.dag",
    "dbt.cli.main",
    "dbt.task.build",
)

if __name__ == "__main__":
    for module in (*MODULES, f"dbt.adapters.{engine_name()}"):
        import_module(module)
    sys.argv = ["airflow", "scheduler", *sys.argv[1:]]
    runpy.run_module("airflow", run_name="__main__", alter_sys=False)
