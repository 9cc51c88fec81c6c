"""A log file: which log it holds, and in which form, according to its name."""

import os
import re
from dataclasses import dataclass, field
from pathlib import Path

from clip_search.logs import CLIP, LANDED_LOGS, LOGS, Log
from clip_search.mapping import Mapping

CSV, JSONL, PARQUET, TEXT = FORMATS = ("CSV", "JSON lines", "Parquet", "a text log")
_FORMAT_OF_ENDING = {
    ".csv": CSV,
    ".tsv": CSV,
    ".jsonl": JSONL,
    ".ndjson": JSONL,
    ".json": JSONL,
    ".parquet": PARQUET,
}
# The format and the endings of each form that a mapping can name.
_OF_FORM = {
    "csv": (CSV, (".csv", ".tsv", ".txt")),
    "parquet": (PARQUET, (".parquet",)),
    "solr-log": (TEXT, (".log", ".txt")),
}
_OF_JSON = (JSONL, (".jsonl", ".ndjson", ".json"))
_ROTATED = re.compile(r"(\.[0-9]+)?$")
COMPRESSED_ENDINGS = (".gz", ".zst", ".xz", ".bz2", ".zip")
_CLIPS = re.compile(r"clips?(?!_search)(?![a-z])")
_PARTITION = re.compile(r"[^=]+=.*")

ENDINGS = (
    f"{', '.join(_FORMAT_OF_ENDING)}, or for text compressed: .csv.gz, .jsonl.gz etc. "
    f"({', '.join(COMPRESSED_ENDINGS)})"
)
LOOKED_FOR = (
    f"files named {' or '.join(f'{log.name}*' for log in LOGS)} that end in {ENDINGS}"
)


@dataclass(frozen=True, order=True)
class LogFile:
    """A file of one log.

    Attributes:
        log: The log whose rows it contains.
        path: Its resolved absolute path, which identifies it.
        format: One of `FORMATS`.
        compression: One of `COMPRESSED_ENDINGS`, or empty.
        mapping: How its records become rows of the log; None if it is our own log.
    """

    log: Log
    path: Path
    format: str
    compression: str = ""
    mapping: Mapping | None = field(default=None, compare=False)

    @property
    def known_as(self) -> str:
        """The path as text that any database accepts, whatever its bytes are."""
        return path_text(self.path)


def path_text(path: Path) -> str:
    """A path as valid Unicode; bytes that are not UTF-8 become escapes."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def log_of_name(name: str) -> Log | None:
    """The log that the name of a file or folder begins with."""
    lower = name.lower()
    for log in LANDED_LOGS:
        # `clip` begins many other names.
        if _CLIPS.match(lower) if log is CLIP else lower.startswith(log.name):
            return log
    return None


def log_of(path: Path) -> Log | None:
    """The log that a file holds: by its name, else by that of its folder.

    Spark writes a table as a folder of part files, such as
    `search_request.parquet/dt=2020-03-10/part-00000.parquet`. Such a folder is named
    exactly like the log, or like it and with the ending of a format.
    """
    if log := log_of_name(path.name):
        return log
    for folder in path.absolute().parents:
        if not _PARTITION.fullmatch(folder.name):
            is_table = log_of_name(folder.name) and (
                format_of(folder.name)
                or folder.name.lower() in {log.name for log in LANDED_LOGS}
            )
            return log_of_name(folder.name) if is_table else None
    return None


def format_of(name: str) -> tuple[str, str] | None:
    """Format and compression that a file's name ends in."""
    bare, compression = _without_compression(name)
    for ending, file_format in _FORMAT_OF_ENDING.items():
        if bare.endswith(ending):
            return file_format, compression
    return None


def endings_of(form: str) -> tuple[str, ...]:
    """The endings that the files of a mapping have."""
    return _OF_FORM.get(form, _OF_JSON)[1]


def mapped_format_of(name: str, form: str) -> tuple[str, str] | None:
    """Format and compression of a mapping's file; None for any other file."""
    file_format, endings = _OF_FORM.get(form, _OF_JSON)
    bare, compression = _without_compression(name)
    bare = _ROTATED.sub("", bare)
    is_compressed_parquet = file_format == PARQUET and bool(compression)
    if not bare.endswith(endings) or is_compressed_parquet:
        return None
    return file_format, compression


def has_objects_per_line(name: str) -> bool:
    """Whether a file's name says that it holds JSON lines, and no whole document."""
    bare, _ = _without_compression(name)
    return _ROTATED.sub("", bare).endswith((".jsonl", ".ndjson"))


def _without_compression(name: str) -> tuple[str, str]:
    """A name in lower case without its compression, and the compression."""
    lower = name.lower()
    compression = next(
        (each for each in COMPRESSED_ENDINGS if lower.endswith(each)), ""
    )
    return lower.removesuffix(compression), compression


def renamed(path: Path, ending: str) -> Path:
    """The path with another ending in place of those that name a form."""
    name = path.name
    for known in (*COMPRESSED_ENDINGS, *_FORMAT_OF_ENDING):
        if name.lower().endswith(known):
            name = name[: -len(known)]
    return path.with_name(name + ending)
