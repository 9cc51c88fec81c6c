"""The last task: what became of the rows, pages to read, and word to other DAGs."""

import logging
import os
import subprocess
import sys
from pathlib import Path

from airflow.sdk import Asset, get_current_context, task

from clip_search.engines import database_path
from clip_search.orchestration.environment import (
    DOCS_PAGE,
    REPORT_PAGE,
    dbt_environment,
    docs_folder,
)
from clip_search.project import PROJECT_ROOT
from clip_search.site.dbt_docs import build_dbt_docs
from clip_search.status import LOGS, OUTCOMES, Ledger, read_ledger, read_remarks

# The assets that another DAG names in its schedule, by log.
ASSETS = {log: Asset(f"clean_{log}") for log in LOGS}
_log = logging.getLogger(__name__)


@task(outlets=list(ASSETS.values()))
def publish() -> None:
    """Log the ledger, write docs and report, update the assets of the clean tables."""
    ledger = read_ledger(database_path())
    for line in [*ledger_lines(ledger), *read_remarks(database_path())]:
        _log.info("%s", line)
    page = build_dbt_docs(docs_folder() / DOCS_PAGE, dbt_environment())
    _log.info("the dbt docs are in %s", page)
    write_report()
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


def write_report() -> None:
    """Write what the logs tell as a page; where that fails, a warning says why.

    The clean tables are good by now, and those who wait for them need no page: so a
    report that cannot be written does not fail the run.
    """
    page = docs_folder() / REPORT_PAGE
    finished = subprocess.run(
        [str(Path(sys.executable).parent / "clip-search"), "report", "--out", page],
        cwd=PROJECT_ROOT,
        env={**os.environ, **dbt_environment()},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if finished.returncode == 0:
        _log.info("what the logs tell is in %s", page)
    else:
        _log.warning(
            "the report could not be written, and %s is that of an earlier run, if any;"
            " the clean tables are good\n%s",
            page,
            finished.stdout,
        )


def _line(log: str, outcome: str, count: int, raw: int) -> str:
    share = f", {100 * count / raw:.2f} % of the log" if raw else ""
    return f"{log}: {count:,} rows {outcome}{share}"
