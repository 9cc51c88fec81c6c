"""Remedies for failures, from the project's own descriptions."""

import csv
from collections.abc import Mapping
from typing import Any

from clip_search.project import PROJECT_ROOT

MODEL_REMEDY = (
    "The table keeps the rows of the last good run. Fix the model (or raise the limit "
    "it hit: disk, memory), then run again; in Airflow, clear this task."
)
QUERY_REMEDY = (
    "The test could not run, so it is unknown whether it would pass. Fix its SQL "
    "(or raise the limit it hit), then run again; in Airflow, clear this task."
)
DISK_REMEDY = (
    "The disk of the warehouse is full or failing. Nothing was lost: free some "
    "space, then run again; in Airflow, clear this task."
)
TRANSIENT_REMEDY = (
    "Another process is writing to the warehouse; this one waited a minute for it. Let "
    "it end, then run again. Airflow retries the task automatically; clear it if it "
    "failed for good."
)
TEST_REMEDY = (
    "Fix the model or the log that the rows come from, then run again; in Airflow, "
    "clear the failed task."
)
# This project's tests have descriptions in tests/dbt/generic; dbt's own have none.
_DBT_TESTS = {
    "not_null": "It is never null.",
    "unique": "It has no duplicates.",
    "accepted_values": "It only has the values that its description lists.",
    "relationships": "Each of its values is also in the other table.",
}


def rule_remedy(rule: str) -> str:
    """The remedy for rows that a rule rejected, from the seed of reject rules."""
    seed = PROJECT_ROOT / "seeds" / "reference" / "reject_rule.csv"
    with seed.open(encoding="utf-8", newline="") as file:
        remedies = {row["rule"]: row["remedy"] for row in csv.DictReader(file)}
    return f"{remedies.get(rule, '')} See docs/errors.md#{rule}.".strip()


def promise_of(node: Mapping[str, Any], manifest: Mapping[str, Any]) -> str:
    """What a test guarantees: its description or that of its generic test."""
    name = node.get("test_metadata", {}).get("name", "")
    macro = manifest["macros"].get(f"macro.clip_search.test_{name}", {})
    described = node.get("description") or macro.get("description")
    column = f"{node['column_name']}: " if node.get("column_name") else ""
    words = (described or _DBT_TESTS.get(name, node["name"])).split()
    return column + " ".join(words)
