"""The last task: logs the ledger, writes docs and report, updates the assets."""

import logging
import os
import subprocess
import sys
from pathlib import Path

from airflow.sdk import Asset, get_current_context, task

from clip_search.clear_error import ClearError
from clip_search.engines import database_path
from clip_search.orchestration.environment import (
    DOCS_PAGE,
    REPORT_PAGE,
    dbt_environment,
    docs_folder,
)
from clip_search.orchestration.failures import fail_with
from clip_search.project import PROJECT_ROOT
from clip_search.site.dbt_docs import build_dbt_docs
from clip_search.status import LOGS, OUTCOMES, Ledger, read_status

# The assets that other DAGs can schedule on, by log.
ASSETS = {log: Asset(f"clean_{log}") for log in LOGS}
_log = logging.getLogger(__name__)


@task(outlets=list(ASSETS.values()))
def publish() -> None:
    """Log the ledger, write docs and report, update the assets of the clean tables."""
    try:
        ledger, remarks = read_status(database_path())
    except ClearError as error:
        fail_with(error, "publish")
    for line in [*ledger_lines(ledger), *remarks.sentences()]:
        _log.info("%s", line)
    page = build_dbt_docs(docs_folder() / DOCS_PAGE, dbt_environment())
    _log.info("the dbt docs are in %s", page)
    write_report()
    events = get_current_context()["outlet_events"]
    for log, asset in ASSETS.items():
        events[asset].extra = {"row_count": ledger.outcome(log, "clean")}


def ledger_lines(ledger: Ledger) -> list[str]:
    """The row counts of each log's outcomes and reject rules, one per line."""
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
    """Write the report on the logs; if that fails, a warning says why.

    The clean tables are ready by now, and their users do not need the report, so a
    failure to write it does not fail the run.
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
        _log.info("the report on the logs is in %s", page)
    else:
        _log.warning(
            "the report could not be written; %s, if any, is that of an earlier run;"
            " the clean tables are correct\n%s",
            page,
            finished.stdout,
        )


def _line(log: str, outcome: str, count: int, raw: int) -> str:
    share = f", {100 * count / raw:.2f} % of the log" if raw else ""
    return f"{log}: {count:,} rows {outcome}{share}"
