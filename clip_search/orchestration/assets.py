"""The assets of a DAG: what other DAGs can schedule on, and Airflow's UI shows."""

from collections.abc import Iterable
from dataclasses import dataclass

from airflow.sdk import Asset

from clip_search.logs import LOGS
from clip_search.orchestration.environment import DAG_ID


@dataclass(frozen=True)
class Assets:
    """The assets of one DAG.

    Attributes:
        raw: The log files, which another DAG may deliver.
        landed: The raw tables. Updated by `load_data`.
        clean: The clean tables, by log. Updated by `publish`, like the rest.
        docs: The page of the dbt docs.
        report: The report on the logs.
        exports: The exports, by format.
    """

    raw: Asset
    landed: Asset
    clean: dict[str, Asset]
    docs: Asset
    report: Asset
    exports: dict[str, Asset]


def assets_of(dag_id: str, exports: Iterable[str] = ()) -> Assets:
    """The assets of a DAG; their names start with its id unless it is the default.

    Args:
        dag_id: The id.
        exports: The formats that it writes.
    """
    prefix = "" if dag_id == DAG_ID else f"{dag_id}_"
    return Assets(
        raw=Asset(f"{prefix}raw_search_logs"),
        landed=Asset(f"{prefix}landed_search_logs"),
        clean={log.name: Asset(f"{prefix}clean_{log.name}") for log in LOGS},
        docs=Asset(f"{prefix}search_docs"),
        report=Asset(f"{prefix}search_report"),
        exports={
            name: Asset(f"{prefix}search_export_{name.replace('-', '_')}")
            for name in exports
        },
    )
