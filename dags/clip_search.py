"""The project's own Airflow DAG; its environment variables give the settings."""

from clip_search.orchestration import clip_search_dag
from clip_search.orchestration.environment import dag_arguments

dag = clip_search_dag(**dag_arguments())
