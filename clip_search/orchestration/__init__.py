"""Runs the pipeline in Airflow: what dags/clip_search.py needs in addition to dbt.

Only this package imports Airflow; the rest of clip_search works without it.
"""
