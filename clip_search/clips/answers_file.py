"""The file of answers: JSON lines that only their owner can read, added one by one."""

import fcntl
import json
import os
from pathlib import Path
from typing import BinaryIO

from clip_search.clear_error import ClearError
from clip_search.clips.clip_uri import clip_id_of
from clip_search.load.log_file import has_objects_per_line

Record = dict[str, object]


class AnswersFile:
    """What the API answered so far. Use it as a context manager.

    A line is written in one step when its answer is there. If a run is killed in the
    middle of a line, the next one deletes that part, and continues after the last whole
    line.

    Attributes:
        path: The file.
        known: The ids of the clips that it has an answer for, missing ones included.
    """

    def __init__(self, path: Path) -> None:
        """Takes the path; it is created when it is entered."""
        self.path = path
        self.known: set[str] = set()
        self._file: BinaryIO | None = None

    def __enter__(self) -> "AnswersFile":
        """Opens the file for this process alone, and reads which clips it has.

        Raises:
            ClearError: Another process writes it, or its name or folder is wrong.
            OSError: It cannot be opened.
        """
        if not has_objects_per_line(self.path.name):
            raise ClearError(
                "the file of answers has JSON lines, but its name does not say so",
                remedy="Choose a name that ends in .jsonl.",
                place=self.path,
            )
        if not self.path.parent.is_dir():
            raise ClearError(
                "the folder of the file does not exist",
                remedy="Create it, or name a file in another folder.",
                place=self.path,
            )
        descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        self._file = os.fdopen(descriptor, "r+b", buffering=0)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._file.close()
            raise ClearError(
                "another process is fetching clips into the file",
                remedy="Wait until it has finished, or name another file with --out.",
                place=self.path,
            ) from None
        self._read()
        return self

    def __exit__(self, *_: object) -> None:
        """Closes the file, which releases it."""
        if self._file:
            self._file.close()

    def add(self, cid: str, record: Record) -> None:
        """Write the answer for a clip at the end.

        Args:
            cid: The clip.
            record: The answer, which must not contain a NaN.

        Raises:
            OSError: The disk is full.
        """
        if self._file is None:
            raise ValueError("the file is not open")
        left = memoryview(json.dumps(record).encode() + b"\n")
        while left:
            left = left[self._file.write(left) :]
        self.known.add(cid)

    def _read(self) -> None:
        end = 0
        with self.path.open("rb") as lines:
            for line in lines:
                if not line.endswith(b"\n"):
                    break
                end += len(line)
                try:
                    record = json.loads(line)
                except ValueError:
                    continue
                cid = clip_id_of(record) if isinstance(record, dict) else None
                if cid is not None:
                    self.known.add(cid)
        if self._file:
            self._file.truncate(end)
            self._file.seek(end)
