"""The configuration of Airflow, entirely by environment variables."""

import json
import os
from pathlib import Path

from clip_search.engines import database_path
from clip_search.project import PROJECT_ROOT

DAG_ID = "clip_search"
POOL = "clip_search_warehouse"
DEFAULT_PORT = 8080
# What `publish` writes and Airflow's UI shows: the dbt docs and the report on the logs.
DOCS_PAGE = "static_index.html"
REPORT_PAGE = "report.html"
# After midnight, so that the day's last logs are complete before they are loaded.
DEFAULT_SCHEDULE = "0 2 * * *"


def airflow_home() -> Path:
    """The folder that holds all of Airflow's state.

    Returns:
        `AIRFLOW_HOME`, or `airflow` in the project's root. It need not exist.
    """
    return Path(os.environ.get("AIRFLOW_HOME") or PROJECT_ROOT / "airflow").resolve()


def schedule() -> str | None:
    """When a scheduler runs the pipeline.

    Returns:
        The cron expression (UTC) in `CLIP_SEARCH_SCHEDULE`, or daily at 02:00; None
        (only manual runs) if the variable is set but empty.
    """
    return os.environ.get("CLIP_SEARCH_SCHEDULE", DEFAULT_SCHEDULE).strip() or None


def dbt_environment() -> dict[str, str]:
    """The environment variables of dbt in every task.

    Cosmos runs dbt in a temporary copy of the project, so the path of the database must
    be absolute.
    """
    return {
        "CLIP_SEARCH_DATABASE": str(database_path()),
        "DBT_USE_COLORS": "False",
        "DO_NOT_TRACK": "1",
    }


def manifest_path() -> Path:
    """The manifest that the DAG is generated from.

    It is not target/manifest.json: every dbt command overwrites that one, and Airflow
    might read an incomplete file.
    """
    return airflow_home() / "dbt" / "manifest.json"


def docs_folder() -> Path:
    """The folder to which `publish` writes its pages, which Airflow's UI serves."""
    return airflow_home() / "dbt_docs"


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
    settings = {
        "AIRFLOW_HOME": str(airflow_home()),
        "AIRFLOW__CORE__DAGS_FOLDER": str(PROJECT_ROOT / "dags"),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__EXECUTOR": "LocalExecutor",
        # The pool allows one task at a time; more workers would only use memory.
        "AIRFLOW__CORE__PARALLELISM": "2",
        "AIRFLOW__CORE__DAGS_ARE_PAUSED_AT_CREATION": "False",
        "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"http://127.0.0.1:{port}/execution/",
        "AIRFLOW__API__HOST": "127.0.0.1",
        "AIRFLOW__API__PORT": str(port),
        "AIRFLOW__API__BASE_URL": f"http://127.0.0.1:{port}",
        "AIRFLOW__API__WORKERS": "1",
        "AIRFLOW__USAGE_DATA_COLLECTION__ENABLED": "False",
        "AIRFLOW__COSMOS__ENABLE_TELEMETRY": "False",
        "AIRFLOW__COSMOS__CACHE_DIR": str(airflow_home() / "cosmos"),
        # Cosmos would read every file below the root, including .venv and the
        # warehouse, each time it generates the DAG. The manifest's fingerprint replaces
        # this check.
        "AIRFLOW__COSMOS__ENABLE_DAG_VERSIONING": "False",
        "AIRFLOW__COSMOS__DBT_DOCS_PROJECTS": json.dumps(
            {
                DAG_ID: {
                    "name": "clip-search",
                    "dir": str(docs_folder()),
                    "index": DOCS_PAGE,
                },
                # Cosmos can show any page this way; this one is not dbt docs.
                f"{DAG_ID}_report": {
                    "name": "What the logs tell",
                    "dir": str(docs_folder()),
                    "index": REPORT_PAGE,
                },
            }
        ),
        "DO_NOT_TRACK": "1",
    }
    return settings | {
        name: os.environ[name] for name in settings if name in os.environ
    }
