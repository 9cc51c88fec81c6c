"""The result of each format's reader: batches of rows for a raw table."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from clip_search.load.files import LogFile
from clip_search.load.load_error import LoadError


class Batch(NamedTuple):
    """Some lines of a file. The columns can be read only once.

    Attributes:
        line_numbers: The line at which each record starts.
        columns: For each column of the log, its values, one per record.
        malformed: Number and text of the lines that are not records.
    """

    line_numbers: Sequence[int]
    columns: Sequence[Iterable[str | None]]
    malformed: Sequence[tuple[int, str]]


def malformed_text(line: str) -> str:
    """A malformed line as it is stored: without line break and NUL."""
    text = line.removesuffix("\n").removesuffix("\r")
    return text.replace("\0", "\N{SYMBOL FOR NULL}")


def column_positions(names: Sequence[str], file: LogFile) -> list[int | None]:
    """The positions of the log's columns among a file's columns, None if absent.

    Args:
        names: The file's column names; white space around them is ignored.
        file: The file that the header comes from.

    Raises:
        LoadError: A required column is missing, or a column of the log occurs twice.
    """
    stripped = [name.strip() for name in names]
    occurrences = Counter(stripped)
    wanted = file.log.required
    line = None if file.format == ".parquet" else 1
    missing = [name for name in wanted if not occurrences[name]]
    repeated = [name for name in file.log.columns if occurrences[name] > 1]
    if line and len(missing) == len(wanted):
        # The line is not shown: it may be a row, with what a user searched for.
        raise LoadError(
            f"there is no header: line 1 names none of {', '.join(wanted)}",
            remedy=f"Put this line first: {','.join(wanted)}",
            file=file.path,
            line=line,
        )
    if missing:
        raise missing_columns(missing, file, line)
    if repeated:
        raise LoadError(
            f"the header names more than once: {', '.join(repeated)}",
            remedy="Rename or remove all but the right column.",
            file=file.path,
            line=line,
        )
    return [
        stripped.index(name) if occurrences[name] else None for name in file.log.columns
    ]


def missing_columns(
    missing: Sequence[str], file: LogFile, line: int | None = None
) -> LoadError:
    """The error of a file that lacks some columns of its log."""
    return LoadError(
        f"the file has no column {', '.join(missing)}",
        remedy=f"A {file.log.name} file needs the columns "
        f"{', '.join(file.log.required)}, spelled like this, in any order.",
        file=file.path,
        line=line,
    )
