"""Reads the bytes of a log file: decompresses, checks and splits them into blocks."""

import hashlib
import io
import os
from collections.abc import Iterator
from typing import NamedTuple

from clip_search.load.compression import (
    COMPRESSIONS,
    DamagedError,
    damage_checked,
    reader_of,
    rewritten,
)
from clip_search.load.limits import (
    MAX_EXPANSION,
    MAX_LINE,
    max_expanded_bytes,
    max_line_bytes,
)
from clip_search.load.load_error import LoadError
from clip_search.load.load_progress import Progress
from clip_search.load.log_file import LogFile
from clip_search.load.other_content import refuse_other_content

BLOCK_BYTES = 1 << 18
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


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
        except DamagedError as error:
            compression = COMPRESSIONS[self._file.compression]
            raise LoadError(
                f"the {compression.name} data is cut off or damaged from this line on"
                f" ({error})",
                remedy=f"Copy or write the file again; `{compression.test} FILE`"
                " tests it.",
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
                block = block.removeprefix(_BYTE_ORDER_MARK)
                is_start = False
            if block:
                yield TextBlock(self._line_feeds + 1, self._decoded(block))
            self._line_feeds += block.count(b"\n")

    def _decompressed(self, raw: io.BufferedReader) -> Iterator[bytes]:
        size = os.fstat(raw.fileno()).st_size
        read = reader_of(raw, self._file)
        most = max_expanded_bytes(size) if self._file.compression else None
        position = expanded = 0
        # Reads what precedes any damage, so that its line number is known.
        while chunk := damage_checked(read, BLOCK_BYTES):
            self._sha256.update(chunk)
            expanded += len(chunk)
            if most is not None and expanded > most:
                raise self._expanding(size, most)
            yield chunk
            reached = max(position, raw.tell())
            self._progress.advance(reached - position)
            position = reached
        self._progress.advance(size - position)

    def _line_blocks(self) -> Iterator[bytes]:
        pending = self._pending
        longest = max_line_bytes()
        searched = 0
        is_start = True
        for chunk in self.chunks():
            pending += chunk
            if len(pending) < BLOCK_BYTES:
                continue
            if is_start:
                refuse_other_content(bytes(pending), self._file)
                is_start = False
            cut = pending.rfind(b"\n", searched) + 1
            if (pending.find(b"\n", searched) if cut else len(pending)) > longest:
                raise self._long_line()
            if cut:
                block = bytes(pending[:cut])
                del pending[:cut]
                yield block
            searched = len(pending)
        if pending:
            if is_start:
                refuse_other_content(bytes(pending), self._file)
            block = bytes(pending)
            pending.clear()
            yield block

    def _expanding(self, size: int, most: int) -> LoadError:
        return LoadError(
            f"its {size:,} bytes hold more than {most:,} bytes of text, "
            f"over {MAX_EXPANSION.value()} times as many",
            remedy="Check where the file comes from. If it is right, unpack it, or "
            + MAX_EXPANSION.raising(),
            file=self._file.path,
        )

    def _long_line(self) -> LoadError:
        return LoadError(
            f"the line has no end within {MAX_LINE.value()} MiB",
            remedy="Check that the file is a log, with line feeds between lines, or "
            + MAX_LINE.raising(),
            file=self._file.path,
            line=self._line_feeds + 1,
        )

    def _decoded(self, block: bytes) -> str:
        try:
            return block.decode("utf-8")
        except UnicodeDecodeError as error:
            raise LoadError(
                f"the text is not UTF-8 (byte 0x{block[error.start]:02x})",
                remedy="Convert it from its actual encoding, for example: "
                + rewritten(self._file, "iconv -f WINDOWS-1252 -t UTF-8"),
                file=self._file.path,
                line=self._line_feeds + block.count(b"\n", 0, error.start) + 1,
            ) from error
