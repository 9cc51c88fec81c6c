"""Another team's DAG: it runs whenever both clean tables have been published."""

from airflow.sdk import DAG, Asset, task

with DAG(
    "on_clean_tables",
    schedule=[Asset("clean_search_request"), Asset("clean_search_result_interaction")],
):

    @task
    def read_row_counts(triggering_asset_events):
        """Returns the row counts that the publisher reported."""
        return {
            asset.name: events[-1].extra["row_count"]
            for asset, events in triggering_asset_events.items()
        }

    read_row_counts()
