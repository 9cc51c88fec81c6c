"""Loads files into the raw tables and unloads them, each in one transaction."""

import hashlib
import shlex
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from clip_search.engines import Connection, check_place, engine, explained
from clip_search.engines.one_writer import sole_writer
from clip_search.engines.warehouse_error import WarehouseError
from clip_search.load.content import Content
from clip_search.load.csv_records import csv_batches
from clip_search.load.definitions import landing_statements, new_column_statements
from clip_search.load.files import find_log_files, find_mapped_files
from clip_search.load.imported_files import ImportedFiles
from clip_search.load.jsonl_records import jsonl_batches
from clip_search.load.load_error import LoadError
from clip_search.load.load_progress import Progress, Silent
from clip_search.load.log_file import JSONL, PARQUET, LogFile, path_text
from clip_search.load.plan import (
    LoadRecord,
    Outcome,
    Plan,
    Step,
    Surveyed,
    make_plan,
    unreferenced,
)
from clip_search.load.records import Batch
from clip_search.load.writers import writer
from clip_search.logs import LANDED_LOGS
from clip_search.mapping import Mapping
from clip_search.project import typed_command
from clip_search.wording import printable, standard_timestamp

LISTED_FILES = 20
_DELETE = {
    log.name: f"delete from landed_{log.name} where file_id = ?" for log in LANDED_LOGS
}
# The next build recomputes whatever depended on a removed row, then forgets the ids.
_KEEP_IDS = {
    log.name: (
        "insert into unloaded_search_id (log, file_id, search_id) "
        f"select distinct '{log.name}', file_id, search_id "
        f"from landed_{log.name} "
        "where file_id = ? and search_id is not null"
    )
    for log in LANDED_LOGS
    if "search_id" in log.columns
}
# What takes the place of the name and the checksum of a file that was erased.
FORGOTTEN = "[erased]"
_FORGET_FILES = """
    update load_record set file_path = ?, checksum = ? where unloaded_at is not null
"""


@dataclass(frozen=True)
class FileReport:
    """The result of loading one file.

    Attributes:
        log: The log's name.
        path: The file's resolved path.
        outcome: See `Step`.
        known_from: The other path from which the same content was loaded first, if any.
        row_count: Its raw rows, including malformed lines.
        malformed_count: Its malformed lines; None if this load did not parse it.
        left_out_count: The records of a mapped file that belong to no log.
    """

    log: str
    path: str
    outcome: Outcome
    known_from: str | None
    row_count: int
    malformed_count: int | None
    left_out_count: int = 0

    def __str__(self) -> str:
        """The report as one line."""
        origin = f" of {self.known_from}" if self.outcome == "duplicate" else ""
        malformed = (
            f", {self.malformed_count:,} malformed" if self.malformed_count else ""
        )
        left_out = (
            f", {self.left_out_count:,} records of another kind left out"
            if self.left_out_count
            else ""
        )
        return printable(
            f"{self.path}: {self.row_count:,} rows{malformed}{left_out},"
            f" {self.outcome}{origin}"
        )


@dataclass(frozen=True)
class LoadReport:
    """The result of a load: its files by log and path, and notes for the user."""

    files: tuple[FileReport, ...]
    notes: tuple[str, ...]

    def lines(self) -> Iterator[str]:
        """The report, a line for each file and note."""
        for file in self.files:
            yield f"{file.log}  {file}"
        for note in self.notes:
            yield f"note: {note}"


def load(
    paths: Sequence[Path],
    database: Path,
    progress: Progress | None = None,
    mapping: Mapping | None = None,
) -> LoadReport:
    """Load log files: all or none.

    Args:
        paths: Log files, or folders that contain them.
        database: The warehouse, which is created if missing.
        progress: Receives the progress.
        mapping: How the records of another team's files become rows.

    Raises:
        LoadError: Something is wrong; the database is unchanged.
    """
    progress = progress or Silent()
    found = find_mapped_files(paths, mapping) if mapping else find_log_files(paths)
    with _load_errors(database):
        check_place(database)
    progress.begin("Checking files", _bytes_of(found.files))
    surveyed = _surveyed(found.files, progress)
    notes = list(found.notes)
    with _writing(database, progress) as connection:
        plan = make_plan(
            _current_records(connection),
            surveyed,
            _next_id(connection, "select max(file_id) from load_record"),
        )
        if mapping:
            with _imported(plan, mapping, connection, database, progress) as imported:
                notes += imported.notes
                reports = _carry_out(plan, connection, progress, imported)
        else:
            reports = _carry_out(plan, connection, progress)
    return LoadReport(tuple(reports), tuple(notes))


def unload(
    path: Path,
    database: Path,
    progress: Progress | None = None,
    is_for_good: bool = False,
) -> tuple[LoadRecord, ...]:
    """Remove a file's rows, unless they were also loaded from another path.

    Args:
        path: The file's path when it was loaded; it need not exist any more.
        database: The warehouse.
        progress: Is told before a wait for another process.
        is_for_good: Fail if the rows were also loaded from another path.

    Returns:
        The closed records: one, or two for a file that was loaded as both logs.

    Raises:
        LoadError: The file is not loaded, and the message lists what is; its rows
            would stay; or the database cannot be written.
    """
    with _load_errors(database):
        check_place(database)
    if not database.exists():
        raise _not_loaded(path, [])
    known_as = path_text(path.resolve())
    with _writing(database, progress or Silent()) as connection:
        current = _current_records(connection)
        closed = [record for record in current if record.file_path == known_as]
        if not closed:
            raise _not_loaded(path, current)
        others = [record for record in current if record.file_path != known_as]
        if is_for_good:
            _check_only_place(path, closed, others)
        kept_file_ids = {record.file_id for record in others}
        _close(closed, connection, _now())
        _drop(unreferenced(closed, kept_file_ids), connection)
    return tuple(closed)


def forget_unloaded(database: Path, progress: Progress | None = None) -> None:
    """Remove names and checksums of unloaded files from the records.

    A file may be named after a person, and a checksum can be compared.

    Args:
        database: The warehouse, built after the files were unloaded.
        progress: Is told before a wait for another process.

    Raises:
        LoadError: The database cannot be written.
    """
    with _writing(database, progress or Silent()) as connection:
        connection.execute(_FORGET_FILES, (FORGOTTEN, FORGOTTEN))


@contextmanager
def _writing(database: Path, progress: Progress) -> Iterator[Connection]:
    """One transaction on existing landing tables, committed unless it fails.

    Raises:
        LoadError: The database reported an error; replaces the engine's own exception.
    """
    with (
        _load_errors(database),
        sole_writer(database, progress.waiting),
        writer().transaction(database, progress.waiting) as connection,
    ):
        for statement in landing_statements():
            connection.execute(statement)
        for statement in new_column_statements(connection.execute):
            connection.execute(statement)
        yield connection


@contextmanager
def _load_errors(database: Path) -> Iterator[None]:
    """Replaces errors about the database by those of the loader."""
    try:
        with explained(database):
            yield
    except WarehouseError as error:
        raise LoadError(error.problem, remedy=error.remedy, file=database) from error
    except engine().errors() as error:
        raise LoadError(
            f"the database reported an error: {error}",
            remedy="Check that the file is this project's database.",
            file=database,
        ) from error


def _bytes_of(files: Sequence[LogFile]) -> int:
    return sum(file.path.stat().st_size for file in files)


def _surveyed(files: Sequence[LogFile], progress: Progress) -> list[Surveyed]:
    """Each file with its checksum. One that holds several logs is read once."""
    checksums: dict[Path, str] = {}
    for file in files:
        if file.path not in checksums:
            checksums[file.path] = _checksum(file, progress)
    return [Surveyed(file, checksums[file.path]) for file in files]


def _imported(
    plan: Plan,
    mapping: Mapping,
    connection: Connection,
    database: Path,
    progress: Progress,
) -> ImportedFiles:
    """Read what a load inserts of another team's files."""
    files = {
        step.surveyed.file.path: step.surveyed.file
        for step in plan.steps
        if step.is_landed
    }
    progress.begin("Reading records", _bytes_of(list(files.values())))
    known = connection.execute(
        "select distinct load_record.log, import_record.position_from"
        " from import_record"
        " inner join load_record on import_record.load_id = load_record.load_id"
        " where load_record.unloaded_at is null and import_record.mapping = ?"
        " and import_record.position_from is not null",
        (mapping.name,),
    )
    return ImportedFiles(
        mapping,
        list(files.values()),
        dict(known.fetchall()),
        database if database.is_dir() else database.parent,
        progress,
    )


def _checksum(file: LogFile, progress: Progress) -> str:
    content = Content(file, progress)
    for _ in content.chunks() if file.format == PARQUET else content.text_blocks():
        pass
    return _checksum_of_rows(file, content.checksum)


def _checksum_of_rows(file: LogFile, checksum: str) -> str:
    """The content's, and with a mapping that of both: other rules give other rows."""
    if file.mapping is None:
        return checksum
    both = f"{checksum} {file.mapping.fingerprint}"
    return hashlib.sha256(both.encode()).hexdigest()


def _current_records(connection: Connection) -> list[LoadRecord]:
    rows = connection.execute("""
        select load_id, log, file_path, checksum, file_id, row_count
        from load_record
        where unloaded_at is null
        order by load_id
    """)
    return [LoadRecord(*row) for row in rows.fetchall()]


def _next_id(connection: Connection, greatest: str) -> int:
    (greatest_id,) = connection.execute(greatest).fetchone()
    return (greatest_id or 0) + 1


def _now() -> str:
    return standard_timestamp(datetime.now(UTC))


def _carry_out(
    plan: Plan,
    connection: Connection,
    progress: Progress,
    imported: ImportedFiles | None = None,
) -> list[FileReport]:
    now = _now()
    _close(plan.closed, connection, now)
    _drop(plan.dropped, connection)
    to_land = [step.surveyed.file for step in plan.steps if step.is_landed]
    progress.begin("Loading rows", _bytes_of(to_land))
    row_counts = {
        record.file_id: record.row_count for record in _current_records(connection)
    }
    row_counts |= {record.file_id: record.row_count for record in plan.closed}
    reports = []
    for step in plan.steps:
        landed = _land(step, connection, progress, imported) if step.is_landed else None
        if landed:
            row_counts[step.file_id] = landed.row_count
        if step.outcome != "unchanged":
            load_id = _record(step, row_counts[step.file_id], connection, now)
            if imported and landed:
                _record_import(load_id, step.surveyed.file, imported, connection)
        file = step.surveyed.file
        report = FileReport(
            file.log.name,
            file.known_as,
            step.outcome,
            step.known_from,
            row_counts[step.file_id],
            landed.malformed_count if landed else None,
            landed.left_out_count if landed else 0,
        )
        progress.file_done(str(report))
        reports.append(report)
    return reports


class _Landed(NamedTuple):
    """How many rows of a file were inserted, and what else it holds."""

    row_count: int
    malformed_count: int
    left_out_count: int


def _land(
    step: Step,
    connection: Connection,
    progress: Progress,
    imported: ImportedFiles | None,
) -> _Landed:
    """Insert a file's rows into its raw table."""
    file = step.surveyed.file
    content = Content(file, progress)
    row_count = malformed_count = 0

    def counted() -> Iterator[Batch]:
        nonlocal row_count, malformed_count
        batches = (
            imported.batches(file) if imported else _batches(file, content, progress)
        )
        for batch in batches:
            row_count += len(batch.line_numbers) + len(batch.malformed)
            malformed_count += len(batch.malformed)
            yield batch

    writer().insert(counted(), file.log, step.file_id, connection)
    if imported:
        checksum = _checksum_of_rows(file, imported.checksum(file))
    elif file.format == PARQUET:
        checksum = _checksum(file, Silent())
    else:
        checksum = content.checksum
    if checksum != step.surveyed.checksum:
        raise LoadError(
            "the file changed while it was being loaded",
            remedy="Load it again when it is complete.",
            file=file.path,
        )
    left_out = imported.left_out(file) if imported else 0
    return _Landed(row_count, malformed_count, left_out)


def _batches(file: LogFile, content: Content, progress: Progress) -> Iterator[Batch]:
    if file.format == PARQUET:
        from clip_search.load.parquet_records import parquet_batches

        return parquet_batches(file, progress)
    if file.format == JSONL:
        return jsonl_batches(content.text_blocks(), file)
    return csv_batches(content.text_blocks(), file)


def _close(records: Sequence[LoadRecord], connection: Connection, now: str) -> None:
    for record in records:
        connection.execute(
            "update load_record set unloaded_at = ? where load_id = ?",
            (now, record.load_id),
        )


def _drop(contents: Sequence[tuple[str, int]], connection: Connection) -> None:
    for log, file_id in contents:
        if log in _KEEP_IDS:
            connection.execute(_KEEP_IDS[log], (file_id,))
        connection.execute(_DELETE[log], (file_id,))


def _record(step: Step, row_count: int, connection: Connection, now: str) -> int:
    """Record that a file is loaded; returns the id of the record."""
    file = step.surveyed.file
    load_id = _next_id(connection, "select max(load_id) from load_record")
    connection.execute(
        """
        insert into load_record (
            load_id, log, file_path, checksum, file_id, row_count, loaded_at
        ) values (?, ?, ?, ?, ?, ?, ?)
        """,
        (
            load_id,
            file.log.name,
            file.known_as,
            step.surveyed.checksum,
            step.file_id,
            row_count,
            now,
        ),
    )
    return load_id


def _record_import(
    load_id: int, file: LogFile, imported: ImportedFiles, connection: Connection
) -> None:
    connection.execute(
        """
        insert into import_record (load_id, mapping, position_from, left_out_count)
        values (?, ?, ?, ?)
        """,
        (
            load_id,
            file.mapping.name if file.mapping else None,
            imported.first_position(file.log),
            imported.left_out(file),
        ),
    )


def _check_only_place(
    path: Path, records: Sequence[LoadRecord], others: Sequence[LoadRecord]
) -> None:
    """Check that no other path has the content of these records."""
    contents = {(record.log, record.file_id) for record in records}
    for other in others:
        if (other.log, other.file_id) in contents:
            raise LoadError(
                "the same rows were also loaded from another file, so they would stay:"
                f" {printable(other.file_path)}",
                remedy="Unload that one first:"
                f" {typed_command()} unload {shlex.quote(other.file_path)}",
                file=path,
            )


def _not_loaded(path: Path, current: Sequence[LoadRecord]) -> LoadError:
    names = sorted(printable(record.file_path) for record in current)
    listed = [f"\n             {name}" for name in names[:LISTED_FILES]]
    if len(names) > LISTED_FILES:
        listed.append(f"\n             and {len(names) - LISTED_FILES} more")
    return LoadError(
        "no such file is loaded, so there is nothing to unload",
        remedy="Name one of the loaded files:" + "".join(listed)
        if listed
        else f"Nothing is loaded. Load logs first: {typed_command()} load PATH",
        file=path,
    )
