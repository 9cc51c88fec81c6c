"""Keeps mapped rows on disk until they are inserted, so that memory stays constant."""

import pickle
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryFile

from clip_search.load.mapped_rows import MappedBatch


class RowStore:
    """Batches of rows, in the order in which they were added.

    The file has no name, so nobody else can read it, and nothing stays behind.
    """

    def __init__(self, folder: Path) -> None:
        """Takes the folder of the file."""
        self._file = TemporaryFile(dir=folder)  # noqa: SIM115

    def add(self, batch: MappedBatch) -> int:
        """Adds a batch, and returns its place."""
        place = self._file.seek(0, 2)
        pickle.dump(batch, self._file, pickle.HIGHEST_PROTOCOL)
        return place

    def batches(self, places: list[int]) -> Iterator[MappedBatch]:
        """The batches at some places."""
        for place in places:
            self._file.seek(place)
            yield pickle.load(self._file)  # noqa: S301

    def close(self) -> None:
        """Deletes the file."""
        self._file.close()
