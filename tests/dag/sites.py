"""Airflow DAGs of the tests: one for each thing that can happen to a run."""

import os
from datetime import datetime, timedelta
from pathlib import Path

from clip_search.orchestration import clip_search_dag

SITES = Path(os.environ["TEST_SITES"])
# Airflow looks again after a tenth of it.
WAIT_HOURS = {"late": 0.06, "never": 0.002}

for site in ("late", "never", "cleared", "backfilled"):
    globals()[site] = clip_search_dag(
        site,
        logs=SITES / site / "%Y-%m-%d",
        database=SITES / f"{site}.db",
        wait_hours=WAIT_HOURS.get(site, 1),
        # A backfill needs a schedule; after the end date, no run starts by itself.
        end_date=datetime(2020, 1, 31),
        default_args={"retries": 3, "retry_delay": timedelta(seconds=1)},
    )
