"""Finds the files of the two logs, in folders and their subfolders."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from clip_search.load.load_error import LoadError
from clip_search.load.log_file import (
    ENDINGS,
    LOOKED_FOR,
    PARQUET,
    LogFile,
    endings_of,
    format_of,
    log_of,
    log_of_name,
    mapped_format_of,
)
from clip_search.logs import LOGS
from clip_search.mapping import Mapping
from clip_search.wording import counted, printable

LISTED_NAMES = 10
# Spark, Hadoop and many others mark their own files so, such as _SUCCESS.
_NOT_DATA = (".", "_")


@dataclass(frozen=True)
class FoundFiles:
    """The result of a search for log files.

    Attributes:
        files: Each file once, sorted, however often it was given.
        notes: What a user should know: ignored files with similar names, a missing log.
    """

    files: tuple[LogFile, ...]
    notes: tuple[str, ...]


@dataclass
class _Search:
    """What a search has come across.

    Attributes:
        files: The log files.
        odd: Paths that are named like a log, but are none.
        skipped: Hidden and temporary files and folders.
        others: All other files.
    """

    files: set[LogFile] = field(default_factory=set)
    odd: list[Path] = field(default_factory=list)
    skipped: list[Path] = field(default_factory=list)
    others: list[Path] = field(default_factory=list)


def find_log_files(paths: Sequence[Path]) -> FoundFiles:
    """Find the log files among files, and in folders and their subfolders.

    Args:
        paths: Files, whose names must give log and format, or folders, in which other
            files are ignored.

    Raises:
        LoadError: A path does not exist, a folder cannot be read, a file's name is not
            that of a log file, or there is no log file at all.
    """
    search = _Search()
    for path in paths:
        if path.is_dir():
            _search_folder(path, search)
        else:
            search.files.add(_named(path))
    if not search.files:
        raise LoadError(
            f"it contains no log file; looked for {LOOKED_FOR}; "
            f"found: {_listed(_seen(search), paths[0])}",
            remedy="Give the folder that contains the logs, or rename the files.",
            file=paths[0],
        )
    return FoundFiles(tuple(sorted(search.files)), tuple(_notes(search)))


def find_mapped_files(paths: Sequence[Path], mapping: Mapping) -> FoundFiles:
    """Find the files of a mapping: all of its format, whatever their names are.

    Args:
        paths: Files, or folders that contain them.
        mapping: What the files hold. Each is a file of each of its logs.

    Raises:
        LoadError: A path does not exist, a folder cannot be read, a file's name does
            not end like the format, or there is no such file at all.
    """
    skipped: list[Path] = []
    others: list[Path] = []
    files: set[LogFile] = set()
    for given in paths:
        _check_exists(given)
        for path in _below(given, skipped) if given.is_dir() else [given]:
            form = mapped_format_of(path.name, mapping.form)
            if form is None:
                others.append(path)
                continue
            for each in mapping.logs:
                file = LogFile(each, _resolved(path), *form, mapping=mapping)
                files.add(_checked(file))
    endings = ", ".join(endings_of(mapping.form))
    if not files:
        raise LoadError(
            f"it contains no {mapping.form} file for the mapping {mapping.name}; found:"
            f" {_listed(sorted([*skipped, *others]), paths[0])}",
            remedy=f"Give a folder with files that end in {endings}.",
            file=paths[0],
        )
    notes = [f"ignored {_listed(others)}: not {endings}"] if others else []
    return FoundFiles(tuple(sorted(files)), tuple(notes))


def holds_logs(path: Path, mapping: Mapping | None = None) -> bool:
    """Whether a path is a file, or a folder that contains a log file.

    Args:
        path: The path, which need not exist.
        mapping: What the files hold, if they are another team's.
    """
    if not path.is_dir():
        return path.exists()
    return any(
        mapped_format_of(found.name, mapping.form)
        if mapping
        else log_of(found) and format_of(found.name)
        for found in _below(path, [])
        if not found.is_dir()
    )


def _search_folder(folder: Path, search: _Search) -> None:
    for path in _below(folder, search.skipped):
        log, form = log_of(path), format_of(path.name)
        if path.is_dir() or (log and not form):
            search.odd.append(path)
        elif log and form:
            search.files.add(_checked(LogFile(log, _resolved(path), *form)))
        else:
            search.others.append(path)


def _below(
    folder: Path, skipped: list[Path], above: frozenset[Path] = frozenset()
) -> Iterator[Path]:
    """The files below a folder by name, and folders named like logs without a log."""
    above |= {folder.resolve()}
    for path in _entries(folder):
        if path.name.startswith(_NOT_DATA):
            skipped.append(path)
        elif not path.is_dir():
            yield path
        elif path.resolve() not in above:
            has_log = False
            for found in _below(path, skipped, above):
                has_log = has_log or log_of(found) is not None
                yield found
            if log_of_name(path.name) and not has_log:
                yield path


def _entries(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())
    except OSError as error:
        raise LoadError(
            f"the folder cannot be read: {error.strerror}",
            remedy="Check the folder's permissions.",
            file=folder,
        ) from error


def _named(path: Path) -> LogFile:
    log, form = log_of(path), format_of(path.name)
    _check_exists(path)
    if log is None or form is None:
        raise LoadError(
            "its name does not say which log it holds and in which format",
            remedy=f"Rename it: the loader reads {LOOKED_FOR}.",
            file=path,
        )
    return _checked(LogFile(log, _resolved(path), *form))


def _check_exists(path: Path) -> None:
    if not path.exists():
        raise LoadError(
            "there is no such file or folder",
            remedy="Check the spelling; relative paths start at the current folder.",
            file=path,
        )


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
    if file.format == PARQUET and not file.path.stat().st_size:
        raise LoadError(
            "the file cannot be read as Parquet: it is empty",
            remedy="Write the file again; one without rows still has a schema.",
            file=file.path,
        )
    return file


def _notes(search: _Search) -> Iterator[str]:
    for path in search.odd:
        yield (
            f"ignored {printable(str(path))}: it is named like a log, but is not a "
            f"file that ends in {ENDINGS}"
        )
    if search.skipped:
        names = _listed(search.skipped)
        yield (
            f"skipped {counted(len(search.skipped), 'hidden or temporary path')}, "
            f"whose names begin with . or _: {names}"
        )
    present = {file.log for file in search.files}
    for log in LOGS:
        if log not in present and not present.isdisjoint(LOGS):
            yield f"no {log.name} file was found; only the other log is loaded"


def _seen(search: _Search) -> list[Path]:
    return sorted([*search.odd, *search.skipped, *search.others])


def _listed(paths: Iterable[Path], folder: Path | None = None) -> str:
    """The first names, and how many more there are."""
    names = [
        str(path.relative_to(folder) if folder and folder in path.parents else path)
        for path in paths
    ]
    listed = ", ".join(map(printable, names[:LISTED_NAMES]))
    left_out = len(names) - LISTED_NAMES
    return (listed or "nothing") + (f", and {left_out:,} more" if left_out > 0 else "")
