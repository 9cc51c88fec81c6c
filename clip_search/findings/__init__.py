"""Findings of a dbt run: what is wrong, where, how many rows, examples, what to do.

Reads dbt's results in its target folder, and redacted tables for the examples. Both the
command line and the tasks of the DAG use it.
"""

from clip_search.findings.dbt_results import findings_of_nodes, read_findings
from clip_search.findings.finding import Finding

__all__ = ["Finding", "findings_of_nodes", "read_findings"]
