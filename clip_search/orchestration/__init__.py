"""Runs the pipeline in Airflow.

In a DAG file:

    from clip_search.orchestration import clip_search_dag

    dag = clip_search_dag(logs="/logs/%Y-%m-%d", database="/data/clip_search.db")

Only this package imports Airflow; the rest of clip_search works without it.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from clip_search.orchestration.dag import clip_search_dag

__all__ = ["clip_search_dag"]


def __getattr__(name: str) -> Any:
    """Import Airflow only for a DAG: it reads its settings when it is imported."""
    if name not in __all__:
        raise AttributeError(name)
    from clip_search.orchestration import dag

    return getattr(dag, name)
