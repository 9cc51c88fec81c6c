"""Turns dbt's results into findings: each failure and warning, where and what to do."""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from clip_search.engines import database_path
from clip_search.engines.warehouse_error import is_busy, is_full
from clip_search.findings.examples import Row, Warehouse, example_lines
from clip_search.findings.finding import Finding
from clip_search.findings.remedies import (
    DISK_REMEDY,
    MODEL_REMEDY,
    QUERY_REMEDY,
    TEST_REMEDY,
    TRANSIENT_REMEDY,
    promise_of,
    rule_remedy,
)
from clip_search.project import PROJECT_ROOT

_SEVERITIES = {
    "error": "failure",
    "runtime error": "failure",
    "fail": "failure",
    "warn": "warning",
}

Node = Mapping[str, Any]


def read_findings(target: Path) -> Iterator[Finding]:
    """The failures and warnings of the last dbt command, in dbt's order.

    Args:
        target: The folder where dbt left `run_results.json` and `manifest.json`.
    """
    for _, finding in findings_of_nodes(target):
        yield finding


def findings_of_nodes(target: Path) -> Iterator[tuple[str, Finding]]:
    """The findings of the last dbt command, each with dbt's id of its test or model.

    Args:
        target: The folder where dbt left `run_results.json` and `manifest.json`.
    """
    results_file = target / "run_results.json"
    if not results_file.is_file():
        # dbt ended before it ran anything, and has reported why.
        return
    manifest = json.loads((target / "manifest.json").read_bytes())
    warehouse = Warehouse(database_path())
    for result in json.loads(results_file.read_bytes())["results"]:
        if result["status"] not in _SEVERITIES:
            continue
        node = manifest["nodes"].get(result["unique_id"], {})
        is_judged = result["status"] in ("fail", "warn")
        if is_judged and node.get("resource_type") == "test":
            findings = _test_findings(result, node, manifest, warehouse)
        else:
            findings = iter([_error_finding(result, node)])
        for finding in findings:
            yield result["unique_id"], finding


def _error_finding(result: Mapping[str, Any], node: Node) -> Finding:
    message = str(result["message"])
    is_transient = is_busy(message)
    return Finding(
        severity="failure",
        name=node.get("name", result["unique_id"]),
        problem=message,
        place=node.get("original_file_path", "dbt_project.yml"),
        remedy=TRANSIENT_REMEDY if is_transient else _lasting_remedy(message, node),
        model=node.get("name") if node.get("resource_type") == "model" else None,
        is_transient=is_transient,
    )


def _lasting_remedy(message: str, node: Node) -> str:
    if is_full(message):
        return DISK_REMEDY
    return QUERY_REMEDY if node.get("resource_type") == "test" else MODEL_REMEDY


def _test_findings(
    result: Mapping[str, Any], node: Node, manifest: Node, warehouse: Warehouse
) -> Iterator[Finding]:
    tested = manifest["nodes"].get(node.get("attached_node") or "", {})
    failing = warehouse.failing_rows(result["compiled_code"], node, manifest)
    common: dict[str, Any] = {
        "severity": _SEVERITIES[result["status"]],
        "name": node["name"],
        "place": _place(node, tested),
        "model": tested.get("name"),
    }
    if node.get("test_metadata", {}).get("name") == "reject_share_below":
        # The limit is given as `{{ var('its_name') }}`.
        share = str(node["test_metadata"]["kwargs"]["largest_share"])
        limit = re.sub(r"\W|\bvar\b", "", share) if "var" in share else share
        for row in failing:
            yield _share_finding(row, tested, warehouse, limit, common)
        if failing:
            return
    yield Finding(
        problem=f"this is not true: {promise_of(node, manifest)}",
        row_count=result["failures"],
        examples=example_lines(warehouse.rows_behind(failing, node, tested), tested),
        remedy=TEST_REMEDY,
        **common,
    )


def _share_finding(
    row: Row, tested: Node, warehouse: Warehouse, limit: str, common: dict[str, Any]
) -> Finding:
    rule = str(row["reject_reason"])
    share = float(str(row["rejected_share"]))
    behind = warehouse.matching_rows(tested["alias"], {"reject_reason": rule})
    warehouse.add_offending_values(behind, tested, rule)
    return Finding(
        problem=f"the rule rejected {100 * share:.2f} % of the log's rows, more than "
        f"{limit} allows",
        rule=rule,
        row_count=int(str(row["rejected_row_count"])),
        examples=example_lines(behind, tested),
        remedy=rule_remedy(rule),
        **common,
    )


def _place(node: Node, tested: Node) -> str:
    """The file and line that define the test, or else those of its model."""
    path = node["original_file_path"]
    names = [node["name"], tested.get("name", "")]
    lines = (PROJECT_ROOT / path).read_text(encoding="utf-8").splitlines()
    for name in filter(None, names):
        for number, line in enumerate(lines, start=1):
            if re.fullmatch(rf"\s*(- )?name: {re.escape(name)}\s*", line):
                return f"{path}:{number}"
    return f"{path}:1"
