"""Opens SQLite files to read, also after a process was killed while it wrote to one."""

import sqlite3
from pathlib import Path

from clip_search.engines.waiting import read_wait_seconds
from clip_search.engines.warehouse_error import WarehouseError

# A file, a file system and a folder that are read-only.
_CANNOT_UNDO = ("SQLITE_READONLY", "SQLITE_READONLY_ROLLBACK", "SQLITE_IOERR_DELETE")


def connected_to_read(file: Path) -> sqlite3.Connection:
    """A read-only connection to an existing file; the caller closes it.

    What a killed writer left is undone first: until then, nothing can be read.

    Raises:
        WarehouseError: That cannot be undone, because the file is read-only.
        sqlite3.Error: The file cannot be read.
    """
    try:
        return _connected(file, "ro")
    except sqlite3.OperationalError as error:
        if error.sqlite_errorname != "SQLITE_READONLY_ROLLBACK":
            raise
    try:
        _connected(file, "rw").close()
    except sqlite3.OperationalError as error:
        if error.sqlite_errorname not in _CANNOT_UNDO:
            raise
        raise WarehouseError(
            "a process was killed while it wrote to the database. What it left cannot"
            " be undone, because the file or its folder is read-only",
            remedy="Run this once as a user who may write to both.",
            place=file,
        ) from error
    return _connected(file, "ro")


def _connected(file: Path, mode: str) -> sqlite3.Connection:
    connection = sqlite3.connect(
        f"{file.as_uri()}?mode={mode}", uri=True, timeout=read_wait_seconds()
    )
    try:
        # Opening alone reads nothing.
        connection.execute("pragma schema_version").fetchone()
    except sqlite3.Error:
        connection.close()
        raise
    return connection
