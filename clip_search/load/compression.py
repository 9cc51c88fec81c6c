"""The ways in which a log file may be compressed, recognised by their first bytes."""

import bz2
import gzip
import lzma
import re
import shlex
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path
from typing import cast

from clip_search.load.load_error import LoadError
from clip_search.load.log_file import PARQUET, LogFile, renamed
from clip_search.wording import counted, printable

Read = Callable[[int], bytes]
"""Returns at most this many of the next bytes, and none at the end."""

_LISTED_NAMES = 10
_START_BYTES = 64
# A workbook is a zip that begins with this file.
_OFFICE_PART = b"[Content_Types].xml"


class DamagedError(Exception):
    """The compressed data cannot be read to its end."""


@dataclass(frozen=True)
class Compression:
    """A way to compress a file.

    Attributes:
        name: What people call it.
        start: The first bytes of each file.
        unpack: The command that writes the content of a file to its output.
        pack: The command that compresses its input; empty if there is none.
        test: The command that looks for damage.
    """

    name: str
    start: re.Pattern[bytes]
    unpack: str
    pack: str
    test: str


COMPRESSIONS = {
    ".gz": Compression("gzip", re.compile(rb"\x1f\x8b"), "gzip -dc", "gzip", "gzip -t"),
    ".zst": Compression(
        "Zstandard",
        re.compile(rb"\x28\xb5\x2f\xfd|[\x50-\x5f]\x2a\x4d\x18"),
        "zstd -dc",
        "zstd",
        "zstd -t",
    ),
    ".xz": Compression("xz", re.compile(rb"\xfd7zXZ\0"), "xz -dc", "xz", "xz -t"),
    ".bz2": Compression(
        "bzip2",
        re.compile(rb"BZh[1-9](1AY&SY|\x17rE8P\x90)"),
        "bzip2 -dc",
        "bzip2",
        "bzip2 -t",
    ),
    ".zip": Compression("zip", re.compile(rb"PK[\3\5\7]"), "unzip -p", "", "unzip -t"),
}


def ending_for(start: bytes) -> str | None:
    """The ending of files that start with these bytes, if they are compressed."""
    return next(
        (ending for ending, each in COMPRESSIONS.items() if each.start.match(start)),
        None,
    )


def reader_of(raw: BufferedReader, file: LogFile) -> Read:
    """A function that reads a file's content without its compression.

    Args:
        raw: The open file, at its start.
        file: Which one it is.

    Raises:
        LoadError: The file's ending says something else than its first bytes, or a zip
            holds more than one file.
    """
    start = raw.peek(_START_BYTES)[:_START_BYTES]
    if not start or not (file.compression or ending_for(start)):
        return raw.read1
    if ending_for(start) == ".zip" and _OFFICE_PART in start:
        raise _workbook(file)
    if ending_for(start) not in (None, file.compression) or _is_text(start):
        raise _wrong_ending(start, file)
    if file.compression == ".zip":
        return _only_member(raw, file)
    if file.compression == ".zst":
        return _zstandard(raw)
    if file.compression == ".gz":
        return gzip.GzipFile(fileobj=raw).read1
    if file.compression == ".xz":
        return lzma.LZMAFile(raw).read1
    return bz2.BZ2File(raw).read1


def damage_checked(read: Read, size: int) -> bytes:
    """The next bytes.

    Raises:
        DamagedError: The compressed data is cut off or damaged.
        OSError: The file cannot be read.
    """
    try:
        return read(size)
    except (EOFError, zlib.error, lzma.LZMAError, zipfile.BadZipFile) as error:
        raise DamagedError(str(error)) from error
    except OSError as error:
        # The operating system's errors have a number, those of the libraries none.
        if error.errno is None:
            raise DamagedError(str(error)) from error
        raise


def rewritten(file: LogFile, command: str) -> str:
    """A shell command that replaces a file by what a command makes of its content.

    Args:
        file: The file, compressed or not; a zip is replaced by what it holds.
        command: Reads the file that is named behind it, or its input.
    """
    path = printable(str(file.path))
    source = target = shlex.quote(path)
    if not file.compression:
        steps = f"{command} {source}"
    else:
        packed = COMPRESSIONS[file.compression]
        steps = f"{packed.unpack} {source} | {command.removesuffix(' <')}"
        if packed.pack:
            steps += f" | {packed.pack}"
        else:
            target = shlex.quote(path[: -len(file.compression)])
    return f"{steps} > converted && mv converted {target}"


def rename(path: Path, ending: str) -> str:
    """A shell command that gives a file another ending."""
    names = (printable(str(each)) for each in (path, renamed(path, ending)))
    return f"mv {' '.join(map(shlex.quote, names))}"


def _is_text(start: bytes) -> bool:
    return re.fullmatch(rb"[\t\n\r -~]+", start) is not None


def _wrong_ending(start: bytes, file: LogFile) -> LoadError:
    actual = ending_for(start)
    found = f"compressed by {COMPRESSIONS[actual].name}" if actual else "plain text"
    said = f"ends in {file.compression}" if file.compression else "does not say so"
    bare = file.path.name[: len(file.path.name) - len(file.compression)]
    wanted = f"ends in {actual}" if actual else f"does not end in {file.compression}"
    if actual and file.format == PARQUET:
        remedy = f"Unpack it: {rewritten(file, COMPRESSIONS[actual].unpack)}"
    else:
        ending = Path(bare).suffix + (actual or "")
        remedy = f"Rename the file so that it {wanted}: {rename(file.path, ending)}"
    return LoadError(
        f"the content is {found}, but its name {said}",
        remedy=remedy,
        file=file.path,
        line=1,
    )


def _workbook(file: LogFile) -> LoadError:
    return LoadError(
        "the content is an Excel workbook",
        remedy="Save the sheet as CSV in UTF-8, and load that.",
        file=file.path,
    )


def _zstandard(raw: BufferedReader) -> Read:
    # Importing this takes 60 MB of memory.
    import pyarrow as arrow

    stream = arrow.CompressedInputStream(arrow.PythonFile(raw, mode="r"), "zstd")
    read: Read = stream.read
    return read


def _only_member(raw: BufferedReader, file: LogFile) -> Read:
    try:
        archive = zipfile.ZipFile(raw)
    except zipfile.BadZipFile as error:
        raise DamagedError(str(error)) from error
    members = [
        each
        for each in archive.infolist()
        if not each.is_dir()
        and not each.filename.startswith("__MACOSX/")
        and not Path(each.filename).name.startswith(".")
    ]
    names = [printable(each.filename) for each in members]
    if len(members) != 1:
        listed = ", ".join(names[:_LISTED_NAMES]) or "nothing"
        left_out = len(names) - _LISTED_NAMES
        more = f", and {left_out:,} more" if left_out > 0 else ""
        raise LoadError(
            f"the zip holds {counted(len(members), 'file')}, not one: {listed}{more}",
            remedy="Unpack it, and load the folder: "
            f"unzip {shlex.quote(printable(str(file.path)))} -d FOLDER",
            file=file.path,
        )
    try:
        member = archive.open(members[0])
    except (RuntimeError, NotImplementedError, zipfile.BadZipFile) as error:
        raise LoadError(
            f"the zip cannot be unpacked: {error}",
            remedy="Unpack it with the program that wrote it, and load the result.",
            file=file.path,
        ) from error
    read: Read = cast("zipfile.ZipExtFile", member).read1
    return read
