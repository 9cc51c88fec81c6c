"""Turns what an engine says about its file into an error that a person can act on.

The engines raise different exceptions, and dbt passes on only their text. So the text
decides, and it is read in this one place.
"""

import os
import re
import shlex
from dataclasses import dataclass
from pathlib import Path

from clip_search.clear_error import ClearError
from clip_search.wording import is_utf8


class WarehouseError(ClearError):
    """The warehouse cannot be read or written as it is.

    Attributes:
        is_transient: Whether another process has it open, so that a later attempt may
            succeed.
        holder: That process, in words, if it is known.
    """

    def __init__(
        self,
        problem: str,
        *,
        remedy: str,
        place: Path,
        is_transient: bool = False,
        holder: str = "",
    ) -> None:
        """See the class."""
        super().__init__(problem, remedy=remedy, place=place)
        self.is_transient = is_transient
        self.holder = holder


@dataclass(frozen=True)
class _Kind:
    """A kind of trouble with a file.

    Attributes:
        pattern: Finds it in the message of any engine.
        problem: What is wrong.
        remedy: What to do; `{folder}` and `{file}` are quoted for a shell.
    """

    pattern: re.Pattern[str]
    problem: str
    remedy: str


def _kind(pattern: str, problem: str, remedy: str) -> _Kind:
    return _Kind(re.compile(pattern, re.I), problem, remedy)


_OTHER_PATH = 'set another path: export CLIP_SEARCH_DATABASE="$HOME/clip_search.db"'
_BUSY = _kind(
    r"database (table |schema )?is locked",
    "another process is writing to the database",
    "Wait until the other run has ended, then run this again.",
)
_OPEN = _kind(
    r"could not set lock|another instance of derby",
    "another process has the database open",
    "Wait until the other run has ended, then run this again.",
)
_FULL = _kind(
    r"disk I/O error|disk is full|no space left|quota exceeded|file too large"
    r"|could not write all bytes",
    "the disk of the database is full or failing; what was finished is safe",
    "Free some space on it, then run this again. This shows how much there is:"
    " df -h {folder}",
)
# The first that is found counts.
_KINDS = (
    _BUSY,
    _OPEN,
    _FULL,
    _kind(
        r"readonly database|read-only file system|permission denied"
        r"|operation not permitted",
        "the database or its folder is read-only",
        f"Change the permissions of both, or {_OTHER_PATH}",
    ),
    _kind(
        r"is not a database|not a valid DuckDB|newer than the latest",
        "the file is not a database of the selected engine",
        f"Set CLIP_SEARCH_TARGET to the engine that wrote it, or {_OTHER_PATH}",
    ),
    _kind(
        r"disk image is malformed|corrupt",
        "the database is damaged",
        "Restore a backup. Without one, move it away, load the logs again and build:"
        " mv {file} {file}.damaged",
    ),
    _kind(
        r"unable to open database|cannot open (file|database)|is a directory",
        "the database cannot be opened",
        f"Check the path and its permissions, or {_OTHER_PATH}",
    ),
)


def known_error(message: str, database: Path) -> WarehouseError | None:
    """The error that a message of an engine, or of dbt, is about.

    Args:
        message: What the engine said.
        database: The warehouse's file or folder.

    Returns:
        None if the message is about something else, for example about a table.
    """
    kind = next((kind for kind in _KINDS if kind.pattern.search(message)), None)
    if kind is None:
        return None
    return WarehouseError(
        kind.problem,
        remedy=kind.remedy.format(
            folder=shlex.quote(str(database.parent)), file=shlex.quote(str(database))
        ),
        place=database,
        is_transient=is_busy(message),
    )


def is_busy(message: str) -> bool:
    """Whether a message says that another process has the database open."""
    return bool(_BUSY.pattern.search(message) or _OPEN.pattern.search(message))


def is_full(message: str) -> bool:
    """Whether a message says that the disk is full or failing."""
    return bool(_FULL.pattern.search(message))


def check_path(database: Path, is_folder: bool) -> None:
    """Check that a path can be that of a warehouse, whether or not one exists.

    Args:
        database: The path.
        is_folder: Whether the engine's warehouses are folders, not files.

    Raises:
        WarehouseError: Engines and dbt cannot have such a path, or it names a file
            instead of a folder, or the other way round.
    """
    if not is_utf8(database):
        raise WarehouseError(
            "the path of the database is not UTF-8",
            remedy=f"Rename what is not, or {_OTHER_PATH}",
            place=database,
        )
    if is_folder and database.is_file():
        raise WarehouseError(
            "the path of the database is a file; Spark needs a folder",
            remedy="Set CLIP_SEARCH_TARGET to the engine that wrote it, or"
            f" {_OTHER_PATH}",
            place=database,
        )
    if not is_folder and database.is_dir():
        named = shlex.quote(str(database / "clip_search.db"))
        raise WarehouseError(
            "the path of the database is a folder",
            remedy=f"Name a file in it: export CLIP_SEARCH_DATABASE={named}"
            " (if Spark wrote it: export CLIP_SEARCH_TARGET=spark)",
            place=database,
        )


def check_folder(database: Path) -> None:
    """Check that the folder of a warehouse exists.

    Raises:
        WarehouseError: It does not. A folder that was mistyped is not created.
    """
    folder = database.parent
    if folder.is_dir():
        return
    if folder.exists():
        raise WarehouseError(
            f"this is a file, so no database can be in it: {folder}",
            remedy=f"Name a file in a folder, or {_OTHER_PATH}",
            place=database,
        )
    raise WarehouseError(
        f"the folder of the database does not exist: {folder}",
        remedy=f"Create it: mkdir -p {shlex.quote(str(folder))}",
        place=database,
    )


def check_permissions(database: Path) -> None:
    """Check that a warehouse in an existing folder can be written.

    Engines notice a read-only folder only when they write, long after they started.

    Raises:
        WarehouseError: The file or its folder is read-only.
    """
    for place in (database, database.parent):
        if place.exists() and not os.access(place, os.W_OK):
            kind = "folder" if place.is_dir() else "file"
            raise WarehouseError(
                f"the {kind} is read-only: {place}",
                remedy=f"Change its permissions (chmod u+w {shlex.quote(str(place))}),"
                f" or {_OTHER_PATH}",
                place=database,
            )
