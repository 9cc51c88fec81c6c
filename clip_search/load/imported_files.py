"""Reads another team's files once each, for all logs that they hold."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from operator import itemgetter
from pathlib import Path

from clip_search.load.bulk_lines import bulk_lines, json_lines
from clip_search.load.content import Content
from clip_search.load.csv_lines import csv_lines
from clip_search.load.document_lines import document_lines
from clip_search.load.load_error import LoadError
from clip_search.load.load_progress import Progress, Silent
from clip_search.load.log_file import LogFile, has_objects_per_line
from clip_search.load.mapped_rows import POSITION, RecordMapper
from clip_search.load.records import Batch
from clip_search.load.row_store import RowStore
from clip_search.load.solr_lines import solr_lines
from clip_search.load.source_lines import Line
from clip_search.logs import SEARCH_REQUEST, Log
from clip_search.mapping import Mapping
from clip_search.mapping.positions import Positions, counted_from_one


def lines_of(file: LogFile, mapping: Mapping, content: Content) -> Iterator[list[Line]]:
    """The records of a file, some at a time."""
    match mapping.form:
        case "ndjson-bulk":
            return bulk_lines(content.text_blocks(), file.path)
        case "json" if not has_objects_per_line(file.path.name):
            return document_lines(content, file, mapping.records)
        case "csv":
            return csv_lines(content.text_blocks())
        case "solr-log":
            return solr_lines(content.text_blocks())
        case "parquet":
            from clip_search.load.parquet_lines import parquet_lines

            return parquet_lines(file)
        case _:
            return json_lines(content.text_blocks())


@dataclass
class _Imported:
    """What was read of one file.

    Attributes:
        checksum: Of its content.
        left_out: How many of its records belong to no log.
        places: For each part of the mapping, where its batches are.
    """

    checksum: str
    left_out: int
    places: list[list[int]]


class ImportedFiles:
    """The rows of files that were read by a mapping. Use it as a context manager.

    Attributes:
        notes: What a user should know: where positions start, what is unknown.
        position_from: The number of the first position in each part of the mapping.
    """

    def __init__(
        self,
        mapping: Mapping,
        files: Sequence[LogFile],
        known_position_from: dict[str, int],
        folder: Path,
        progress: Progress,
    ) -> None:
        """Reads the files.

        Args:
            mapping: What they hold.
            files: Each of them, as any of its logs.
            known_position_from: By log, where its positions start in the files that
                were loaded with this mapping before.
            folder: The folder for rows that are not inserted yet.
            progress: Receives the progress.

        Raises:
            LoadError: A file cannot be read, no record has a required column, or
                positions start elsewhere than before.
        """
        self._mapping = mapping
        self._mapper = RecordMapper(mapping)
        self._stores = [RowStore(folder) for _ in mapping.parts]
        self._files: dict[Path, _Imported] = {}
        self.notes: list[str] = []
        self.position_from: list[int | None] = []
        try:
            for file in files:
                self._read(file, progress)
            if files:
                self._mapper.check_keys(files[0].path)
            self._find_first_positions(known_position_from, files)
            self._say_unknown()
        except BaseException:
            self._close()
            raise

    def __enter__(self) -> "ImportedFiles":
        """Nothing more is opened."""
        return self

    def __exit__(self, *_: object) -> None:
        """Deletes the rows."""
        self._close()

    def checksum(self, file: LogFile) -> str:
        """The checksum of a file's content when it was read."""
        return self._files[file.path].checksum

    def left_out(self, file: LogFile) -> int:
        """How many records of a file belong to no log; said of its first log only."""
        is_first = file.log == self._mapping.logs[0]
        return self._files[file.path].left_out if is_first else 0

    def first_position(self, log: Log) -> int | None:
        """The number of the first position in the records of a log, where it counts."""
        firsts = [
            first
            for part, first in zip(self._mapping.parts, self.position_from, strict=True)
            if part.log == log and first is not None
        ]
        return min(firsts, default=None)

    def batches(self, file: LogFile) -> Iterator[Batch]:
        """The rows that a file has of its log."""
        columns = file.log.columns
        for at, part in enumerate(self._mapping.parts):
            if part.log != file.log:
                continue
            starts_at_zero = self.position_from[at] == 0
            places = self._files[file.path].places[at]
            for batch in self._stores[at].batches(places):
                if starts_at_zero:
                    place = columns.index(POSITION)
                    for row in batch.rows:
                        row[place] = counted_from_one(row[place], 0)
                yield Batch(
                    batch.line_numbers,
                    [map(itemgetter(each), batch.rows) for each in range(len(columns))],
                    batch.malformed,
                )

    def _read(self, file: LogFile, progress: Progress) -> None:
        content = Content(file, progress)
        left_out_before = self._mapper.left_out
        places: list[list[int]] = [[] for _ in self._mapping.parts]
        for lines in lines_of(file, self._mapping, content):
            for at, batch in enumerate(self._mapper.map(lines)):
                if batch.rows or batch.malformed:
                    places[at].append(self._stores[at].add(batch))
        if self._mapping.form == "parquet":
            content = Content(file, Silent())
            for _ in content.chunks():
                pass
        left_out = self._mapper.left_out - left_out_before
        self._files[file.path] = _Imported(content.checksum, left_out, places)

    def _find_first_positions(
        self, known: dict[str, int], files: Sequence[LogFile]
    ) -> None:
        for part, positions in zip(
            self._mapping.parts, self._mapper.positions, strict=True
        ):
            if POSITION not in part.log.columns or part.counts_places:
                self.position_from.append(None)
                continue
            chosen = part.position_from
            if chosen is None and part.log.name in known:
                chosen = known[part.log.name]
                if chosen == 1 and positions.measured_from == 0:
                    raise LoadError(
                        f"{part.log.name} has {positions}, but positions start at 1"
                        " in the files that were loaded before",
                        remedy="Set position_from in a mapping of your own, and load"
                        " all files with it.",
                        file=files[0].path,
                    )
            elif positions.count:
                self._say_positions(part.log, positions, chosen)
            self.position_from.append(
                positions.measured_from if chosen is None else chosen
            )

    def _say_positions(
        self, log: Log, positions: Positions, chosen: int | None
    ) -> None:
        measured = positions.measured_from
        if chosen is None:
            sure = "" if positions.is_certain else "; set it if that is wrong"
            self.notes.append(
                f"{log.name}: {positions}, so position_from is {measured}{sure}"
            )
        elif chosen != measured and positions.is_certain:
            self.notes.append(
                f"{log.name}: {positions}, but the mapping says position_from ="
                f" {chosen}; proposed: {measured}"
            )

    def _say_unknown(self) -> None:
        for log, column in self._mapper.unknown():
            lost = (
                ", so nobody can say which searches found nothing"
                if log is SEARCH_REQUEST
                else ""
            )
            self.notes.append(f"{log.name}: no record has {column}{lost}")

    def _close(self) -> None:
        for store in self._stores:
            store.close()
