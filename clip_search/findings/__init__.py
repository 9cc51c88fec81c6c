"""What a dbt run found wrong: what, where, how many rows, examples, what to do.

Reads what dbt leaves in its target folder, and redacted tables for the examples. Knows
nothing of who asks: the command line or a task of the DAG.
"""

from clip_search.findings.finding import Finding
from clip_search.findings.results import read_findings

__all__ = ["Finding", "read_findings"]
