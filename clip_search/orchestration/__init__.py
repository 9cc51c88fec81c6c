"""Running the pipeline in Airflow: all that dags/clip_search.py needs beside dbt.

Airflow is imported by this package only, and the rest of clip_search does without it.
"""
