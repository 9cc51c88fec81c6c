"""The configuration of Airflow, entirely by environment variables."""

import json
import os
from pathlib import Path
from typing import Any

from clip_search.engines import database_path, engine_name
from clip_search.project import PROJECT_ROOT, is_installed

DAG_ID = "clip_search"
POOL = "clip_search_warehouse"
DEFAULT_PORT = 8080
# What `publish` writes and Airflow's UI shows: the dbt docs and the report on the logs.
DOCS_PAGE = "static_index.html"
REPORT_PAGE = "report.html"
# After midnight, so that the day's last logs are complete before they are loaded.
DEFAULT_SCHEDULE = "0 2 * * *"
DEFAULT_WAIT_HOURS = 6.0


def airflow_home() -> Path:
    """The folder that holds all of Airflow's state.

    Returns:
        `AIRFLOW_HOME`; without it, `airflow` in a checkout, else Airflow's own default.
        It need not exist.
    """
    default = Path.home() if is_installed() else PROJECT_ROOT
    return Path(os.environ.get("AIRFLOW_HOME") or default / "airflow").resolve()


def state_folder(dag_id: str) -> Path:
    """The folder of what a DAG writes in addition to its warehouse."""
    return airflow_home() / "clip_search" / dag_id


def dag_arguments() -> dict[str, Any]:
    """The arguments of `clip_search_dag` that the environment gives."""
    schedule = os.environ.get("CLIP_SEARCH_SCHEDULE", DEFAULT_SCHEDULE).strip()
    return {
        "logs": os.environ.get("CLIP_SEARCH_LOGS", ""),
        "logs_as": os.environ.get("CLIP_SEARCH_LOGS_AS", ""),
        # Set but empty: manual runs only.
        "schedule": schedule or None,
        "target": engine_name(),
        "database": database_path(),
        "wait_hours": float(
            os.environ.get("CLIP_SEARCH_WAIT_HOURS") or DEFAULT_WAIT_HOURS
        ),
        "pool": POOL,
        "exports": os.environ.get("CLIP_SEARCH_EXPORTS", "").replace(",", " ").split(),
    }


def alert_file() -> Path:
    """The file with one JSON line for each failure and each warning."""
    return airflow_home() / "logs" / "alerts.jsonl"


def airflow_environment(port: int = DEFAULT_PORT) -> dict[str, str]:
    """The settings of Airflow and Cosmos for `airflow_home()`.

    Variables that are already set keep their values: a deployment may have its own
    metadata database, executor or address.

    Args:
        port: The port of the UI and the tasks' API, on this machine only.
    """
    pages = state_folder(DAG_ID) / "pages"
    settings = {
        "AIRFLOW_HOME": str(airflow_home()),
        "AIRFLOW__CORE__DAGS_FOLDER": str(PROJECT_ROOT / "dags"),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__EXECUTOR": "LocalExecutor",
        "AIRFLOW__CORE__PARALLELISM": "4",
        # Most tasks are short: look for what can run next more often than each second,
        # and do not wait five seconds for a process that has ended in the meantime.
        "AIRFLOW__SCHEDULER__SCHEDULER_IDLE_SLEEP_TIME": "0.3",
        "AIRFLOW__WORKERS__MIN_HEARTBEAT_INTERVAL": "1",
        # After an upgrade, reading the DAG file includes parsing the dbt project.
        # Airflow's limits are 30 and 50 s. A busy machine needs longer, and a stopped
        # attempt leaves nothing behind, so it would never succeed.
        "AIRFLOW__CORE__DAGBAG_IMPORT_TIMEOUT": "300",
        "AIRFLOW__DAG_PROCESSOR__DAG_FILE_PROCESSOR_TIMEOUT": "330",
        "AIRFLOW__CORE__DAGS_ARE_PAUSED_AT_CREATION": "False",
        "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"http://127.0.0.1:{port}/execution/",
        "AIRFLOW__API__HOST": "127.0.0.1",
        "AIRFLOW__API__PORT": str(port),
        "AIRFLOW__API__BASE_URL": f"http://127.0.0.1:{port}",
        "AIRFLOW__API__WORKERS": "1",
        # Airflow sets the modes of the logs of tasks itself.
        "AIRFLOW__LOGGING__FILE_TASK_HANDLER_NEW_FOLDER_PERMISSIONS": "0o700",
        "AIRFLOW__LOGGING__FILE_TASK_HANDLER_NEW_FILE_PERMISSIONS": "0o600",
        "AIRFLOW__USAGE_DATA_COLLECTION__ENABLED": "False",
        "AIRFLOW__COSMOS__ENABLE_TELEMETRY": "False",
        "AIRFLOW__COSMOS__CACHE_DIR": str(airflow_home() / "cosmos"),
        "AIRFLOW__COSMOS__DBT_DOCS_PROJECTS": json.dumps(
            {
                DAG_ID: {
                    "name": "clip-search",
                    "dir": str(pages),
                    "index": DOCS_PAGE,
                },
                # Cosmos can show any page this way; this one is not dbt docs.
                f"{DAG_ID}_report": {
                    "name": "What the logs tell",
                    "dir": str(pages),
                    "index": REPORT_PAGE,
                },
            }
        ),
        "DO_NOT_TRACK": "1",
    }
    return settings | {
        name: os.environ[name] for name in settings if name in os.environ
    }
