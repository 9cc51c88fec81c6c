"""The last task: logs the ledger, writes what people read, updates the assets."""

import json
import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from airflow.sdk import get_current_context, task

from clip_search.build import LastRun
from clip_search.clear_error import ClearError
from clip_search.orchestration import documentation
from clip_search.orchestration.assets import Assets
from clip_search.orchestration.dag_settings import Settings
from clip_search.orchestration.environment import DOCS_PAGE, REPORT_PAGE
from clip_search.orchestration.export_files import write_exports
from clip_search.orchestration.failures import fail_with
from clip_search.orchestration.load_data import day_of
from clip_search.project import WORK_ROOT
from clip_search.site.dbt_docs import build_dbt_docs
from clip_search.status import OUTCOMES, Ledger, read_status

_log = logging.getLogger(__name__)


def publish_task(settings: Settings, assets: Assets, **arguments: Any) -> Any:
    """The task `publish`.

    Args:
        settings: The DAG's settings.
        assets: The DAG's assets; the task updates those of what it publishes.
        arguments: More arguments of the operator.
    """

    @task(
        task_id="publish",
        inlets=[assets.landed],
        outlets=[
            *assets.clean.values(),
            *(assets.docs, assets.report),
            *assets.exports.values(),
        ],
        doc_md=documentation.of_task(publish),
        **arguments,
    )
    def publish_all() -> None:
        settings.apply()
        publish(settings, assets)

    return publish_all()


def publish(settings: Settings, assets: Assets) -> None:
    """Log the ledger, write docs, report and exports, and update the assets.

    Each asset of a clean table gets its row count, the day and the ledger of its log.

    Args:
        settings: The DAG's settings.
        assets: The DAG's assets.

    Raises:
        LastingFailure: The warehouse cannot be read, or an export cannot be written.
    """
    fingerprint = LastRun(settings.database).fingerprint
    ledger = log_ledger(settings)
    report = settings.pages / REPORT_PAGE
    with report_being_written(report):
        docs = build_dbt_docs(
            settings.pages / DOCS_PAGE, parsed_in=settings.target_path
        )
    _log.info("the dbt docs are in %s", docs)
    exported = write_exports(settings)
    context = get_current_context()
    events = context["outlet_events"]
    for log, asset in assets.clean.items():
        events[asset].extra = {
            "row_count": ledger.outcome(log, "clean"),
            "day": day_of(context).date().isoformat(),
            "ledger": {
                **{outcome: ledger.outcome(log, outcome) for outcome in OUTCOMES},
                "rejected_as": _rejected_as(ledger, log),
            },
        }
    events[assets.docs].extra = {"path": str(docs)}
    events[assets.report].extra = {"path": str(report)}
    for name, asset in assets.exports.items():
        events[asset].extra = exported[name]
    published = {"fingerprint": fingerprint, "exports": settings.exports}
    _published(settings).write_text(json.dumps(published))


def published_fingerprint(settings: Settings) -> str | None:
    """The fingerprint of what was published last.

    Returns:
        None if nothing was, or if other exports are wanted now.
    """
    try:
        content = json.loads(_published(settings).read_text())
    except (OSError, ValueError):
        return None
    if content.get("exports", []) != list(settings.exports):
        return None
    fingerprint: str | None = content.get("fingerprint")
    return fingerprint


def log_ledger(settings: Settings) -> Ledger:
    """Log where every row ended up.

    Raises:
        LastingFailure: The warehouse cannot be read.
    """
    try:
        ledger, remarks = read_status(settings.database)
    except ClearError as error:
        fail_with(error, "publish")
    for line in [*_ledger_lines(ledger), *remarks.sentences()]:
        _log.info("%s", line)
    return ledger


def _published(settings: Settings) -> Path:
    return settings.folder / "published.json"


def _rejected_as(ledger: Ledger, log: str) -> dict[str, Any]:
    counts = {
        reason: ledger.counts.get((log, "rejected", reason))
        for reason in ledger.reasons()
    }
    return {reason: count for reason, count in counts.items() if count is not None}


def _ledger_lines(ledger: Ledger) -> Iterator[str]:
    """The row counts of each log's outcomes and reject rules, one per line."""
    for log in ledger.logs:
        raw = ledger.outcome(log, "raw")
        for outcome in OUTCOMES:
            yield _line(log, outcome, ledger.outcome(log, outcome), raw)
        for reason, count in _rejected_as(ledger, log).items():
            yield _line(log, f"rejected as {reason}", count, raw)


@contextmanager
def report_being_written(page: Path) -> Iterator[None]:
    """Write the report on the logs while other work is done; if that fails, warn.

    The clean tables are ready by now, and their users do not need the report, so a
    failure to write it does not fail the run.

    Args:
        page: The output file.
    """
    program = str(Path(sys.executable).parent / "clip-search")
    writer = subprocess.Popen(
        [program, "report", "--out", str(page)],
        cwd=WORK_ROOT,
        env=os.environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    yield
    said, _ = writer.communicate()
    if writer.returncode == 0:
        _log.info("the report on the logs is in %s", page)
    else:
        _log.warning(
            "the report could not be written; %s, if any, is that of an earlier run;"
            " the clean tables are correct\n%s",
            page,
            said,
        )


def _line(log: str, outcome: str, count: int, raw: int) -> str:
    share = f", {100 * count / raw:.2f} % of the log" if raw else ""
    return f"{log}: {count:,} rows {outcome}{share}"
