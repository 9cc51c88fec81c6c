"""Finds the columns of a log among the names in a file."""

import re
from collections.abc import Sequence

from clip_search.load.limits import MAX_COLUMNS
from clip_search.load.load_error import LoadError
from clip_search.load.log_file import LogFile
from clip_search.logs import Log
from clip_search.wording import printable

_LISTED_NAMES = 10


def loose(name: str) -> str:
    """A name without what differs between spellings: `Search ID` is `search_id`."""
    return re.sub(r"[\s_-]+", "", name.casefold())


def places_of_columns(names: Sequence[str], log: Log) -> dict[str, list[int]]:
    """Where each column of a log is among a file's names.

    White space around a name is ignored. A name in another spelling counts if no name
    is spelled exactly like the column.
    """
    exact: dict[str, list[int]] = {column: [] for column in log.columns}
    others: dict[str, list[int]] = {}
    for at, name in enumerate(names):
        if name.strip() in exact:
            exact[name.strip()].append(at)
        else:
            others.setdefault(loose(name), []).append(at)
    return {
        column: places or others.get(loose(column), [])
        for column, places in exact.items()
    }


def missing_columns(names: Sequence[str], log: Log) -> list[str]:
    """The required columns of a log that are not among a file's names."""
    places = places_of_columns(names, log)
    return [column for column in log.required if not places[column]]


def column_positions(
    names: Sequence[str], file: LogFile, line: int | None = None
) -> list[int | None]:
    """The positions of the log's columns among a file's names, None if absent.

    Args:
        names: The names in the file.
        file: The file that they come from.
        line: Their line, if they are in one.

    Raises:
        LoadError: There are too many names, a required column is missing, or a column
            of the log occurs twice.
    """
    if len(names) > MAX_COLUMNS.value():
        raise LoadError(
            f"there are {len(names):,} columns, more than {MAX_COLUMNS.value():,}",
            remedy=f"Leave out what is not needed, or {MAX_COLUMNS.raising()}",
            file=file.path,
            line=line,
        )
    if missing := missing_columns(names, file.log):
        raise LoadError(
            f"the file has no column {', '.join(missing)}"
            + _found(names, missing, file),
            remedy=f"A {file.log.name} file needs the columns "
            f"{', '.join(file.log.required)}, in any order.",
            file=file.path,
            line=line,
        )
    places = places_of_columns(names, file.log)
    if repeated := [column for column in places if len(places[column]) > 1]:
        raise LoadError(
            f"the header names more than once: {', '.join(repeated)}",
            remedy="Rename or remove all but the right column.",
            file=file.path,
            line=line,
        )
    return [
        places[column][0] if places[column] else None for column in file.log.columns
    ]


def _found(names: Sequence[str], missing: Sequence[str], file: LogFile) -> str:
    """The names, unless the line may be a row, with what a user searched for."""
    if len(file.log.required) - len(missing) < 2:
        return ""
    listed = ", ".join(printable(name.strip()) for name in names[:_LISTED_NAMES])
    left_out = len(names) - _LISTED_NAMES
    more = f", and {left_out:,} more" if left_out > 0 else ""
    return f"; found: {listed}{more}"
