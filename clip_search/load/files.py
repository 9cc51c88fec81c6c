"""Finds the files of the two logs."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from clip_search.load.load_error import LoadError
from clip_search.logs import LOGS, Log
from clip_search.wording import printable

FORMATS = (".csv", ".csv.gz", ".jsonl", ".jsonl.gz", ".parquet")


LOOKED_FOR = (
    f"files named {' or '.join(f'{log.name}*' for log in LOGS)} "
    f"that end in {', '.join(FORMATS)}"
)


@dataclass(frozen=True, order=True)
class LogFile:
    """A file of one log.

    Attributes:
        log: The log whose rows it contains.
        path: Its resolved absolute path, which identifies it.
        format: One of `FORMATS`.
    """

    log: Log
    path: Path
    format: str

    @property
    def known_as(self) -> str:
        """The path as text that any database accepts, whatever its bytes are."""
        return path_text(self.path)


@dataclass(frozen=True)
class FoundFiles:
    """The result of a search for log files.

    Attributes:
        files: Each file once, sorted, however often it was given.
        notes: What a user should know: ignored files with similar names, a missing log.
    """

    files: tuple[LogFile, ...]
    notes: tuple[str, ...]


def path_text(path: Path) -> str:
    """A path as valid Unicode; bytes that are not UTF-8 become escapes."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def find_log_files(paths: Sequence[Path]) -> FoundFiles:
    """Find the log files among files and in folders, but not in subfolders.

    Args:
        paths: Files, whose names must give log and format, or folders, in which other
            files are ignored.

    Raises:
        LoadError: A path does not exist, a folder cannot be read, a file's name is not
            that of a log file, or there is no log file at all.
    """
    files: set[LogFile] = set()
    notes: list[str] = []
    for path in paths:
        if path.is_dir():
            for entry in _entries(path):
                if found := _in_folder(entry, notes):
                    files.add(found)
        else:
            files.add(_named(path))
    if not files:
        raise LoadError(
            f"it contains no log file; looked for {LOOKED_FOR}",
            remedy="Give the folder that contains the logs, or rename the files.",
            file=paths[0],
        )
    notes.extend(_absent_logs(files))
    return FoundFiles(tuple(sorted(files)), tuple(notes))


def holds_logs(path: Path) -> bool:
    """Whether a path is a file, or a folder that contains a log file."""
    if not path.is_dir():
        return path.exists()
    return any(
        _log_of(entry.name) and _format_of(entry.name) for entry in _entries(path)
    )


def _entries(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())
    except OSError as error:
        raise LoadError(
            f"the folder cannot be read: {error.strerror}",
            remedy="Check the folder's permissions.",
            file=folder,
        ) from error


def _in_folder(entry: Path, notes: list[str]) -> LogFile | None:
    log = _log_of(entry.name)
    if log is None:
        return None
    file_format = _format_of(entry.name)
    if file_format is None or entry.is_dir():
        notes.append(
            f"ignored {printable(str(entry))}: it is named like a log, but is not a "
            f"file that ends in {', '.join(FORMATS)}"
        )
        return None
    return _checked(LogFile(log, _resolved(entry), file_format))


def _named(path: Path) -> LogFile:
    log, file_format = _log_of(path.name), _format_of(path.name)
    if not path.exists():
        raise LoadError(
            "there is no such file or folder",
            remedy="Check the spelling; relative paths start at the current folder.",
            file=path,
        )
    if log is None or file_format is None:
        raise LoadError(
            "its name does not say which log it holds and in which format",
            remedy=f"Rename it: the loader reads {LOOKED_FOR}.",
            file=path,
        )
    return _checked(LogFile(log, _resolved(path), file_format))


def _resolved(path: Path) -> Path:
    try:
        return path.resolve(strict=True)
    except (OSError, RuntimeError) as error:
        raise LoadError(
            "it is a link to a file that does not exist",
            remedy="Remove the link, or restore the file that it points to.",
            file=path,
        ) from error


def _checked(file: LogFile) -> LogFile:
    if not file.path.is_file():
        raise LoadError(
            "it is not a regular file",
            remedy="Write the log to a regular file, because it is read twice.",
            file=file.path,
        )
    # It might otherwise count as a copy of an empty text file, which is allowed.
    if file.format == ".parquet" and not file.path.stat().st_size:
        raise LoadError(
            "the file cannot be read as Parquet: it is empty",
            remedy="Write the file again; one without rows still has a schema.",
            file=file.path,
        )
    return file


def _log_of(name: str) -> Log | None:
    return next((log for log in LOGS if name.startswith(log.name)), None)


def _format_of(name: str) -> str | None:
    return next((ending for ending in FORMATS if name.endswith(ending)), None)


def _absent_logs(files: set[LogFile]) -> Iterator[str]:
    present = {file.log for file in files}
    for log in LOGS:
        if log not in present:
            yield f"no {log.name} file was found; only the other log is loaded"
