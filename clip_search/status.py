"""The state of the warehouse after a run: the row ledger as a table, and remarks."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from rich.table import Table

from clip_search.clear_error import ClearError
from clip_search.engines import Connection, engine, reading
from clip_search.logs import ORPHAN_WAIT_HOURS
from clip_search.project import typed_command
from clip_search.wording import counted, standard_timestamp

LOGS = {
    "search_request": "search requests",
    "search_result_interaction": "clicks",
}
_OPTIONAL_LOGS = {"search_result_shown": "shown results"}
_SEARCHES = "clean searches"
OUTCOMES = ("raw", "clean", "folded", "waiting", "rejected")
_PENDING = """
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


class NothingBuiltError(ClearError):
    """A table is missing in the database."""


@dataclass(frozen=True)
class Ledger:
    """The rows of `log_ledger`.

    Attributes:
        counts: Rows by (log, outcome, reject reason); the reason is "" unless rejected.
    """

    counts: dict[tuple[str, str, str], int]

    @property
    def logs(self) -> dict[str, str]:
        """What the rows of each log are called: the two logs, and a third with rows."""
        counted_logs = {log for log, _, _ in self.counts}
        optional = {
            log: name for log, name in _OPTIONAL_LOGS.items() if log in counted_logs
        }
        return LOGS | optional

    def outcome(self, log: str, outcome: str) -> int:
        """The row count of a log's outcome, over all reject reasons."""
        return sum(
            count
            for (counted_log, counted_outcome, _), count in self.counts.items()
            if (counted_log, counted_outcome) == (log, outcome)
        )

    def reasons(self) -> list[str]:
        """The reject reasons of all logs, the most common first."""
        totals: dict[str, int] = {}
        for (_, outcome, reason), count in self.counts.items():
            if outcome == "rejected":
                totals[reason] = totals.get(reason, 0) + count
        return sorted(totals, key=lambda reason: (-totals[reason], reason))


@dataclass(frozen=True)
class Loads:
    """What is loaded, what is pending for the next build, arrived late, or waits.

    Attributes:
        load_count: How often logs were loaded.
        last_loaded_at: The time of the last load, in UTC.
        loaded_file_count: The files that are loaded now.
        pending_file_count: Those of them that the tables do not contain yet.
        pending_row_count: The raw rows of the pending files.
        leaving_file_count: Unloaded files whose rows are still in the tables.
        click_count: The clean clicks.
        late_click_count: Clean clicks that arrived in a later load than their search.
        late_request_count: Clean clicks that arrived in an earlier one.
        waiting_click_count: Clicks so late in the logs that their search may come.
        recent_orphan_count: Clicks without a search in files that were loaded less than
            orphan_wait_hours ago; those that wait are among them.
        left_out_count: The records of another kind in the files of other teams.
    """

    load_count: int
    last_loaded_at: str
    loaded_file_count: int
    pending_file_count: int
    pending_row_count: int
    leaving_file_count: int
    click_count: int
    late_click_count: int
    late_request_count: int
    waiting_click_count: int
    recent_orphan_count: int
    left_out_count: int

    def sentences(self) -> list[str]:
        """What a user should know, one sentence each."""
        said = [
            f"Loaded: {counted(self.loaded_file_count, 'file')}, by"
            f" {counted(self.load_count, 'load')} to {self.last_loaded_at}."
        ]
        if self.left_out_count:
            records = counted(self.left_out_count, "record")
            said.append(f"Left out: {records} of another kind in imported files.")
        if self.pending_file_count:
            said.append(
                "Pending for the next build:"
                f" {counted(self.pending_file_count, 'file')} to add"
                f" ({counted(self.pending_row_count, 'row')})."
            )
        if self.leaving_file_count:
            said.append(
                "Pending for the next build:"
                f" {counted(self.leaving_file_count, 'file')} to remove."
            )
        if self.late_click_count or self.late_request_count:
            late, early = (
                100 * count / self.click_count
                for count in (self.late_click_count, self.late_request_count)
            )
            said.append(
                f"Late: {late:.2f} % of the clean clicks arrived in a later load than"
                f" their search, {early:.2f} % in an earlier one."
            )
        if self.waiting_click_count:
            said.append(
                f"Waiting: {counted(self.waiting_click_count, 'click')};"
                " the searches that are loaded end too early to contain theirs."
            )
        if self.recent_orphan_count > self.waiting_click_count:
            clicks = counted(self.recent_orphan_count, "click")
            said.append(
                f"Recent: {clicks} without a search, loaded in the last"
                f" {ORPHAN_WAIT_HOURS} hours. They do not stop a run."
            )
        return said


@dataclass(frozen=True)
class Remarks:
    """What a user of the clean tables should know about their rows.

    Attributes:
        disputed_search_count: Clean searches with a disputed time.
        automated_search_count: Clean searches by automated users.
        automated_user_count: These users.
        loads: Where the rows come from; None for the synthetic sample.
    """

    disputed_search_count: int
    automated_search_count: int
    automated_user_count: int
    loads: Loads | None

    def sentences(self) -> list[str]:
        """The remarks, one sentence each."""
        disputed = counted(self.disputed_search_count, "clean search", _SEARCHES)
        return [
            *(self.loads.sentences() if self.loads else []),
            f"{disputed} with a disputed time (is_ts_disputed),"
            f" {self.automated_search_count:,} by"
            f" {counted(self.automated_user_count, 'automated user')} (is_automated).",
        ]


def read_status(database: Path) -> tuple[Ledger, Remarks]:
    """The ledger and the remarks, over one connection: Spark is slow to start.

    Args:
        database: The warehouse. It is only read.

    Raises:
        NothingBuiltError: As for `read_ledger`.
        WarehouseError: As for `read_ledger`.
    """
    with reading(database):
        return read_ledger(database), read_remarks(database)


def read_ledger(database: Path) -> Ledger:
    """Reads the ledger of the last finished run.

    Args:
        database: The warehouse. It is only read.

    Raises:
        NothingBuiltError: There is no ledger in it.
        WarehouseError: It does not exist or cannot be read.
    """
    with _reading_tables(database) as connection:
        rows = connection.execute(
            "select log, outcome, coalesce(reject_reason, ''), row_count"
            " from log_ledger"
        ).fetchall()
    return Ledger({(log, outcome, reason): n for log, outcome, reason, n in rows})


def read_remarks(database: Path) -> Remarks:
    """What a user of the clean tables should know.

    Args:
        database: The built warehouse. It is only read.

    Raises:
        NothingBuiltError: A table is missing in it.
        WarehouseError: It does not exist or cannot be read.
    """
    with _reading_tables(database) as connection:
        disputed, automated, automated_users = connection.execute(
            "select coalesce(sum(is_ts_disputed), 0), coalesce(sum(is_automated), 0),"
            " count(distinct case when is_automated = 1 then cuid end)"
            " from clean_search_request"
        ).fetchone()
        loads = _read_loads(connection)
    return Remarks(int(disputed), int(automated), automated_users, loads)


@contextmanager
def _reading_tables(database: Path) -> Iterator[Connection]:
    try:
        with reading(database) as connection:
            yield connection
    except engine().errors() as error:
        raise NothingBuiltError(
            f"nothing is built yet: {error}",
            remedy=f"Build it: {typed_command()} run",
            place=database,
        ) from error


def _read_loads(connection: Connection) -> Loads | None:
    load_count, last_at = connection.execute(
        "select count(distinct loaded_at), max(loaded_at) from load_record"
    ).fetchone()
    if not load_count:
        return None
    (path_count,) = connection.execute(
        "select count(distinct file_path) from load_record where unloaded_at is null"
    ).fetchone()
    pending_files, pending_rows, leaving_files = connection.execute(_PENDING).fetchone()
    clicks, late, late_requests, waiting = connection.execute(
        "select click_count, late_click_count, late_request_count, waiting_click_count"
        " from late_arrival"
    ).fetchone()
    return Loads(
        load_count,
        last_at,
        path_count,
        pending_files,
        int(pending_rows or 0),
        leaving_files,
        clicks,
        late,
        late_requests,
        waiting,
        _recent_orphans(connection),
        _left_out(connection),
    )


def _left_out(connection: Connection) -> int:
    try:
        (count,) = connection.execute(
            "select coalesce(sum(left_out_count), 0) from import_record"
            " where load_id in"
            " (select load_id from load_record where unloaded_at is null)"
        ).fetchone()
    except engine().errors():
        # The warehouse is older than imports.
        return 0
    return int(count)


def _recent_orphans(connection: Connection) -> int:
    since = datetime.now(UTC) - timedelta(hours=ORPHAN_WAIT_HOURS)
    (count,) = connection.execute(
        "select count(*) from int_search_result_interaction_checked"
        " where outcome <> 'clean' and reject_reason = 'orphan_click' and file_id in ("
        "select file_id from load_record"
        " where log = 'search_result_interaction' and loaded_at >= ?)",
        (standard_timestamp(since),),
    ).fetchone()
    return int(count)


def status_document(
    database: Path, ledger: Ledger, remarks: Remarks
) -> dict[str, object]:
    """The status for programs: the rows of each log by outcome, and the remarks.

    Args:
        database: The warehouse.
        ledger: Its ledger.
        remarks: Its remarks.
    """
    return {
        "database": str(database),
        "row_counts": {
            log: {
                **{outcome: ledger.outcome(log, outcome) for outcome in OUTCOMES},
                "rejected_as": {
                    reason: ledger.counts[log, "rejected", reason]
                    for reason in ledger.reasons()
                    if (log, "rejected", reason) in ledger.counts
                },
            }
            for log in ledger.logs
        },
        **asdict(remarks),
    }


def ledger_table(ledger: Ledger) -> Table:
    """The ledger with two columns per log: rows, and their share of the raw rows."""
    table = Table(show_edge=False)
    table.add_column("Where every raw row ended")
    for name in ledger.logs.values():
        table.add_column(name, justify="right")
        table.add_column("%", justify="right")
    for outcome in OUTCOMES:
        if outcome == "waiting" and not any(
            ledger.outcome(log, outcome) for log in ledger.logs
        ):
            continue
        cells = [
            _cells(ledger.outcome(log, outcome), ledger, log) for log in ledger.logs
        ]
        table.add_row(outcome, *sum(cells, ()))
    for reason in ledger.reasons():
        cells = [
            _cells(ledger.counts.get((log, "rejected", reason)), ledger, log)
            for log in ledger.logs
        ]
        table.add_row(f"  {reason}", *sum(cells, ()), style="dim")
    return table


def _cells(count: int | None, ledger: Ledger, log: str) -> tuple[str, str]:
    raw = ledger.outcome(log, "raw")
    if count is None:
        return "", ""
    return f"{count:,}", f"{100 * count / raw:.2f}" if raw else ""
