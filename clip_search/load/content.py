"""Reads the bytes of a log file: decompresses, checks and splits them into blocks."""

import gzip
import hashlib
import io
import shlex
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from clip_search.load.files import LogFile
from clip_search.load.load_error import LoadError
from clip_search.load.load_progress import Progress
from clip_search.wording import printable

BLOCK_BYTES = 1 << 18
MAX_LINE_BYTES = 1 << 26
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_UTF_16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_GZIP_MARK = b"\x1f\x8b"


class TextBlock(NamedTuple):
    """Whole physical lines, which end in a line feed except perhaps the file's last."""

    first_line: int
    text: str


class Content:
    """Streams one file once, and computes its checksum on the way."""

    def __init__(self, file: LogFile, progress: Progress) -> None:
        """Prepare to read; the file is not opened yet."""
        self._file = file
        self._progress = progress
        self._sha256 = hashlib.sha256()
        self._line_feeds = 0
        self._pending = bytearray()

    @property
    def checksum(self) -> str:
        """SHA-256, in hexadecimal, of the decompressed bytes read so far."""
        return self._sha256.hexdigest()

    def chunks(self) -> Iterator[bytes]:
        """The decompressed bytes, in chunks.

        Raises:
            LoadError: The file cannot be read, or its compression is broken.
        """
        try:
            with self._file.path.open("rb") as raw:
                yield from self._decompressed(raw)
        except (EOFError, gzip.BadGzipFile, zlib.error) as error:
            raise LoadError(
                f"the gzip data is cut off or damaged from this line on ({error})",
                remedy="Copy or write the file again; `gzip -t FILE` tests it.",
                file=self._file.path,
                line=self._line_feeds + self._pending.count(b"\n") + 1,
            ) from error
        except OSError as error:
            raise LoadError(
                f"the file cannot be read: {error.strerror or error}",
                remedy="Check that the file exists and its permissions.",
                file=self._file.path,
            ) from error

    def text_blocks(self) -> Iterator[TextBlock]:
        """The text in blocks of whole lines, without a byte order mark.

        An empty file has none: it declares that nothing was logged.

        Raises:
            LoadError: As for `chunks`; or the text is not UTF-8 or a line is too long.
        """
        is_start = True
        for block in self._line_blocks():
            if is_start:
                self._refuse_other_formats(block)
                block = block.removeprefix(_BYTE_ORDER_MARK)
                is_start = False
            if block:
                yield TextBlock(self._line_feeds + 1, self._decoded(block))
            self._line_feeds += block.count(b"\n")

    def _decompressed(self, raw: io.BufferedReader) -> Iterator[bytes]:
        is_compressed = self._file.format.endswith(".gz")
        stream = gzip.GzipFile(fileobj=raw) if is_compressed else raw
        position = 0
        # read1 returns the data before the damage; read would lose it, and with it the
        # line number.
        while chunk := stream.read1(BLOCK_BYTES):
            self._sha256.update(chunk)
            yield chunk
            self._progress.advance(raw.tell() - position)
            position = raw.tell()
        self._progress.advance(raw.tell() - position)

    def _line_blocks(self) -> Iterator[bytes]:
        pending = self._pending
        searched = 0
        for chunk in self.chunks():
            pending += chunk
            if len(pending) < BLOCK_BYTES:
                continue
            cut = pending.rfind(b"\n", searched) + 1
            if cut:
                block = bytes(pending[:cut])
                del pending[:cut]
                yield block
            searched = len(pending)
            if len(pending) > MAX_LINE_BYTES:
                raise self._endless_line()
        if pending:
            block = bytes(pending)
            pending.clear()
            yield block

    def _endless_line(self) -> LoadError:
        return LoadError(
            f"the line has no end within {MAX_LINE_BYTES >> 20} MiB",
            remedy="Check that the file is a log, with line feeds between its lines.",
            file=self._file.path,
            line=self._line_feeds + 1,
        )

    def _refuse_other_formats(self, start: bytes) -> None:
        path = self._file.path
        if start.startswith(_UTF_16_MARKS):
            raise LoadError(
                "the text is UTF-16, not UTF-8",
                remedy=f"Convert it: {conversion(path, 'UTF-16')}",
                file=path,
                line=1,
            )
        if start.startswith(_GZIP_MARK):
            raise LoadError(
                "the content is compressed by gzip, but its name does not end in .gz",
                remedy="Rename the file so that it ends in .gz.",
                file=path,
                line=1,
            )

    def _decoded(self, block: bytes) -> str:
        try:
            return block.decode("utf-8")
        except UnicodeDecodeError as error:
            raise LoadError(
                f"the text is not UTF-8 (byte 0x{block[error.start]:02x})",
                remedy="Convert it from its actual encoding, for example: "
                + conversion(self._file.path, "WINDOWS-1252"),
                file=self._file.path,
                line=self._line_feeds + block.count(b"\n", 0, error.start) + 1,
            ) from error


def conversion(path: Path, encoding: str) -> str:
    """A shell command that rewrites a file as UTF-8."""
    name = shlex.quote(printable(str(path)))
    if path.name.endswith(".gz"):
        pipe = f"gzip -dc {name} | iconv -f {encoding} -t UTF-8 | gzip"
    else:
        pipe = f"iconv -f {encoding} -t UTF-8 {name}"
    return f"{pipe} > converted && mv converted {name}"
