"""One writer at a time: a lock on a file next to the warehouse, for a whole run.

SQLite's own lock lasts for one transaction, and a run has many. The kernel releases
this one when its process ends, however it ends. The file stays: if it were deleted,
two processes could lock two files of this name.
"""

import fcntl
import os
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from clip_search.engines.waiting import Tell, opened_when_free
from clip_search.engines.warehouse_error import WarehouseError
from clip_search.wording import printable

# How often this process has begun to write, and the open lock file, by warehouse.
_held: dict[Path, tuple[int, int]] = {}


@contextmanager
def sole_writer(database: Path, tell: Tell) -> Iterator[None]:
    """Be the only process that writes to a warehouse, until the end.

    In a process that already is, this does nothing.

    Args:
        database: The warehouse's file or folder, in an existing folder; it need not
            exist.
        tell: Called with one line before a wait.

    Raises:
        WarehouseError: Another process was writing for longer than `wait_seconds`; the
            message names it.
        OSError: The lock file cannot be written.
    """
    database = database.resolve()
    count, file = _held.get(database) or (0, None)
    if file is None:
        file = opened_when_free(lambda: _locked_now(database), database, tell)
    _held[database] = count + 1, file
    try:
        yield
    finally:
        count, file = _held.pop(database)
        if count > 1:
            _held[database] = count - 1, file
        else:
            os.close(file)


def lock_path(database: Path) -> Path:
    """The lock file of a warehouse."""
    return database.with_name(f"{database.name}.lock")


def _locked_now(database: Path) -> int:
    """The open lock file of a warehouse, which no other process has locked."""
    file = _opened(lock_path(database), database)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        holder = os.pread(file, 1000, 0).decode("utf-8", "replace")
        os.close(file)
        raise WarehouseError(
            "another process is writing to the database",
            remedy="Wait until it has ended, then run this again. Or let this wait"
            " longer: export CLIP_SEARCH_WAIT_SECONDS=600",
            place=database,
            is_transient=True,
            holder=printable(holder),
        ) from None
    except OSError:
        os.close(file)
        raise
    os.truncate(file, 0)
    os.pwrite(file, _this_process().encode("utf-8", "replace"), 0)
    return file


def _opened(path: Path, database: Path) -> int:
    # Whoever may write to the warehouse may lock it.
    mode = stat.S_IMODE(database.stat().st_mode) & 0o666 if database.exists() else 0o600
    flags = os.O_RDWR | os.O_NOFOLLOW
    try:
        return os.open(path, flags)
    except FileNotFoundError:
        file = os.open(path, flags | os.O_CREAT, mode)
        os.fchmod(file, mode)
        return file


def _this_process() -> str:
    # Further arguments may be the names of people's files.
    command = " ".join([Path(sys.argv[0]).name, *sys.argv[1:2]])
    return f"{command}, process {os.getpid()}, since {datetime.now(UTC):%F %T} UTC"
