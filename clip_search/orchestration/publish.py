"""The last task: what became of the rows, the docs site, and word to other DAGs."""

import logging
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from airflow.sdk import Asset, get_current_context, task

from clip_search.orchestration.environment import (
    dbt_environment,
    dbt_target,
    docs_folder,
)
from clip_search.project import PROJECT_ROOT, database_path
from clip_search.status import LOGS, OUTCOMES, Ledger, read_ledger, read_remarks

DOCS_PAGE = "static_index.html"
# The assets that another DAG names in its schedule, by log.
ASSETS = {log: Asset(f"clean_{log}") for log in LOGS}
_log = logging.getLogger(__name__)


@task(outlets=list(ASSETS.values()))
def publish() -> None:
    """Log the ledger, build the docs site, update the assets of the clean tables."""
    ledger = read_ledger(database_path())
    for line in [*ledger_lines(ledger), *read_remarks(database_path())]:
        _log.info("%s", line)
    _log.info("the dbt docs are in %s", build_docs())
    events = get_current_context()["outlet_events"]
    for log, asset in ASSETS.items():
        events[asset].extra = {"row_count": ledger.outcome(log, "clean")}


def ledger_lines(ledger: Ledger) -> list[str]:
    """Where the rows of each log ended, and what each reject rule took: a line each."""
    lines = []
    for log in LOGS:
        raw = ledger.outcome(log, "raw")
        lines += [
            _line(log, outcome, ledger.outcome(log, outcome), raw)
            for outcome in OUTCOMES
        ]
        for reason in ledger.reasons():
            count = ledger.counts.get((log, "rejected", reason))
            if count is not None:
                lines.append(_line(log, f"rejected as {reason}", count, raw))
    return lines


def build_docs() -> Path:
    """Build the dbt docs site as one page, and put it in place of the old one.

    Raises:
        RuntimeError: dbt could not build it; the message is dbt's.
    """
    docs_folder().mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=docs_folder()) as scratch:
        finished = subprocess.run(
            [
                str(Path(sys.executable).parent / "dbt"),
                *("docs", "generate", "--static", "--quiet", "--target", dbt_target()),
            ],
            cwd=PROJECT_ROOT,
            env={
                **os.environ,
                **dbt_environment(),
                "DBT_PROJECT_DIR": str(PROJECT_ROOT),
                "DBT_PROFILES_DIR": str(PROJECT_ROOT),
                "DBT_TARGET_PATH": scratch,
                "DBT_LOG_PATH": scratch,
            },
            capture_output=True,
            text=True,
            check=False,
        )
        if finished.returncode != 0:
            raise RuntimeError(
                f"dbt could not build the docs:\n{finished.stdout}{finished.stderr}"
            )
        return Path(scratch, DOCS_PAGE).replace(docs_folder() / DOCS_PAGE)


def _line(log: str, outcome: str, count: int, raw: int) -> str:
    share = f", {100 * count / raw:.2f} % of the log" if raw else ""
    return f"{log}: {count:,} rows {outcome}{share}"
