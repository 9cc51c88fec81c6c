"""The state of the warehouse after a run: the row ledger as a table, and remarks."""

from dataclasses import dataclass
from pathlib import Path

from rich.table import Table

from clip_search.engines import Connection, engine, reading
from clip_search.wording import counted

LOGS = {
    "search_request": "search requests",
    "search_result_interaction": "clicks",
}
OUTCOMES = ("raw", "clean", "folded", "rejected")
_WAITING = """
    with loaded as (
        select distinct log, file_id, row_count
        from load_record
        where unloaded_at is null
    ),

    built as (
        select log, file_id
        from built_file
        where model_name = 'log_ledger'
    )

    select
        (
            select count(*)
            from loaded
            where (log, file_id) not in (select log, file_id from built)
        ),
        (
            select sum(row_count)
            from loaded
            where (log, file_id) not in (select log, file_id from built)
        ),
        (
            select count(*)
            from built
            where (log, file_id) not in (select log, file_id from loaded)
        )
"""


class NothingBuiltError(Exception):
    """The database contains no ledger."""


@dataclass(frozen=True)
class Ledger:
    """The rows of `log_ledger`.

    Attributes:
        counts: Rows by (log, outcome, reject reason); the reason is "" unless rejected.
    """

    counts: dict[tuple[str, str, str], int]

    def outcome(self, log: str, outcome: str) -> int:
        """The row count of a log's outcome, over all reject reasons."""
        return sum(
            count
            for (counted_log, counted_outcome, _), count in self.counts.items()
            if (counted_log, counted_outcome) == (log, outcome)
        )

    def reasons(self) -> list[str]:
        """The reject reasons of both logs, the most common first."""
        totals: dict[str, int] = {}
        for (_, outcome, reason), count in self.counts.items():
            if outcome == "rejected":
                totals[reason] = totals.get(reason, 0) + count
        return sorted(totals, key=lambda reason: (-totals[reason], reason))


def read_status(database: Path) -> tuple[Ledger, list[str]]:
    """The ledger and the remarks, over one connection: Spark is slow to start.

    Args:
        database: The warehouse. It is only read.

    Raises:
        NothingBuiltError: As for `read_ledger`.
    """
    if not database.exists():
        raise NothingBuiltError(f"there is no database at {database}")
    with reading(database):
        return read_ledger(database), read_remarks(database)


def read_ledger(database: Path) -> Ledger:
    """Reads the ledger of the last finished run.

    Args:
        database: The warehouse. It is only read.

    Raises:
        NothingBuiltError: There is no such file, or no ledger in it.
    """
    if not database.exists():
        raise NothingBuiltError(f"there is no database at {database}")
    try:
        with reading(database) as connection:
            rows = connection.execute(
                "select log, outcome, coalesce(reject_reason, ''), row_count"
                " from log_ledger"
            ).fetchall()
    except engine().errors() as error:
        raise NothingBuiltError(f"{database} contains no ledger: {error}") from error
    return Ledger({(log, outcome, reason): n for log, outcome, reason, n in rows})


def read_remarks(database: Path) -> list[str]:
    """What a user of the clean tables should know, one sentence each."""
    with reading(database) as connection:
        disputed, automated, automated_users = connection.execute(
            "select coalesce(sum(is_ts_disputed), 0), coalesce(sum(is_automated), 0),"
            " count(distinct case when is_automated = 1 then cuid end)"
            " from clean_search_request"
        ).fetchone()
        loads = _load_remarks(connection)
    return [
        *(loads or ["Rows come from the synthetic sample."]),
        f"{counted(disputed, 'clean search', 'clean searches')} with a disputed time"
        " (is_ts_disputed).",
        f"{counted(automated, 'clean search', 'clean searches')} by"
        f" {counted(automated_users, 'automated user')} (is_automated).",
    ]


def _load_remarks(connection: Connection) -> list[str]:
    """What is loaded, what is pending for the next build, and what arrived late."""
    load_count, last_at = connection.execute(
        "select count(distinct loaded_at), max(loaded_at) from load_record"
    ).fetchone()
    if not load_count:
        return []
    path_count = connection.execute(
        "select count(*) from load_record where unloaded_at is null"
    ).fetchone()[0]
    waiting_files, waiting_rows, leaving_files = connection.execute(_WAITING).fetchone()
    clicks, late_clicks, late_requests = connection.execute(
        "select click_count, late_click_count, late_request_count from late_arrival"
    ).fetchone()
    remarks = [
        f"Loaded: {counted(path_count, 'file')}, by {counted(load_count, 'load')}"
        f" to {last_at}."
    ]
    if waiting_files:
        remarks.append(
            f"Pending for the next build: {counted(waiting_files, 'file')} to add"
            f" ({counted(waiting_rows, 'row')})."
        )
    if leaving_files:
        remarks.append(
            f"Pending for the next build: {counted(leaving_files, 'file')} to remove."
        )
    if late_clicks or late_requests:
        remarks.append(
            f"Late: {100 * late_clicks / clicks:.2f} % of the clean clicks arrived in a"
            f" later load than their search, {100 * late_requests / clicks:.2f} % in"
            " an earlier one."
        )
    return remarks


def ledger_table(ledger: Ledger) -> Table:
    """The ledger with two columns per log: rows, and their share of the raw rows."""
    table = Table(title="Where every raw row ended")
    table.add_column("outcome")
    for name in LOGS.values():
        table.add_column(name, justify="right")
        table.add_column("%", justify="right")
    for outcome in OUTCOMES:
        cells = [_cells(ledger.outcome(log, outcome), ledger, log) for log in LOGS]
        table.add_row(outcome, *sum(cells, ()))
    for reason in ledger.reasons():
        cells = [
            _cells(ledger.counts.get((log, "rejected", reason)), ledger, log)
            for log in LOGS
        ]
        table.add_row(f"  {reason}", *sum(cells, ()), style="dim")
    return table


def _cells(count: int | None, ledger: Ledger, log: str) -> tuple[str, str]:
    raw = ledger.outcome(log, "raw")
    if count is None:
        return "", ""
    return f"{count:,}", f"{100 * count / raw:.2f}" if raw else ""
