"""What broke and what to do, in the words that the project itself has for it."""

import csv
from collections.abc import Mapping
from typing import Any

from clip_search.project import PROJECT_ROOT

MODEL_REMEDY = (
    "The table keeps the rows of the last good run. Mend the model (or raise what it "
    "ran out of: disk, memory), then run again; in Airflow, clear this task."
)
QUERY_REMEDY = (
    "The test could not be run, so nobody knows whether it would pass. Mend its SQL "
    "(or raise what it ran out of), then run again; in Airflow, clear this task."
)
DISK_REMEDY = (
    "The disk of the warehouse has no room left, or fails. Nothing was lost: free some "
    "space, then run again; in Airflow, clear this task."
)
TRANSIENT_REMEDY = (
    "Another process is writing to the warehouse, and was waited for a minute. Let it "
    "end, then run again. In Airflow the task is tried again by itself; clear it if it "
    "failed for good."
)
TEST_REMEDY = (
    "Mend the model or the log that the rows come from, then run again; in Airflow, "
    "clear the failed task."
)
# The tests of this project describe themselves in tests/dbt/generic; dbt's own do not.
_DBT_TESTS = {
    "not_null": "It is never null.",
    "unique": "No value of it is there twice.",
    "accepted_values": "It has no value but those that its description names.",
    "relationships": "Each value of it is also in the other table.",
}


def rule_remedy(rule: str) -> str:
    """What the seed of reject rules proposes for the rows that a rule took."""
    seed = PROJECT_ROOT / "seeds" / "reference" / "reject_rule.csv"
    with seed.open(encoding="utf-8", newline="") as file:
        remedies = {row["rule"]: row["remedy"] for row in csv.DictReader(file)}
    return f"{remedies.get(rule, '')} See docs/errors.md#{rule}.".strip()


def promise_of(node: Mapping[str, Any], manifest: Mapping[str, Any]) -> str:
    """What a test stands for, by its description or that of its generic test."""
    name = node.get("test_metadata", {}).get("name", "")
    macro = manifest["macros"].get(f"macro.clip_search.test_{name}", {})
    described = node.get("description") or macro.get("description")
    column = f"{node['column_name']}: " if node.get("column_name") else ""
    words = (described or _DBT_TESTS.get(name, node["name"])).split()
    return column + " ".join(words)
