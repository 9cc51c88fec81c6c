"""What a dbt run found wrong: what, where, how many rows, examples, what to do.

Reads what dbt leaves in its target folder, and redacted tables for the examples. Knows
nothing of who asks: the command line or a task of the DAG.
"""

from clip_search.findings.dbt_results import read_findings
from clip_search.findings.finding import Finding

__all__ = ["Finding", "read_findings"]
