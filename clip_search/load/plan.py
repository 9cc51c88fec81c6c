"""Plans a load: what it does to each file, decided before any row is written.

The plan does not depend on the order of the given files: content that is at several new
paths is loaded from the first of them in the order of log and path.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from clip_search.load.log_file import LogFile

Outcome = Literal["new", "replaced", "unchanged", "duplicate"]


@dataclass(frozen=True)
class LoadRecord:
    """A row of load_record that is not unloaded: a file that is currently loaded."""

    load_id: int
    log: str
    file_path: str
    checksum: str
    file_id: int
    row_count: int


class Surveyed(NamedTuple):
    """A log file and the checksum of its content."""

    file: LogFile
    checksum: str


@dataclass(frozen=True)
class Step:
    """What the load does with one file.

    Attributes:
        surveyed: The file.
        outcome: `new`, `replaced` (other content was loaded from this path),
            `unchanged`, or `duplicate` (new path, but loaded from another one).
        file_id: The id of its content.
        is_landed: Whether this load inserts its rows, which were not there before.
        known_from: The other path from which the content is or was loaded first, if
            any.
    """

    surveyed: Surveyed
    outcome: Outcome
    file_id: int
    is_landed: bool
    known_from: str | None


@dataclass(frozen=True)
class Plan:
    """A whole load.

    Attributes:
        steps: One for each file, by log and path.
        closed: The records whose files now have other content.
        dropped: Log and id of content that no record refers to any more.
    """

    steps: tuple[Step, ...]
    closed: tuple[LoadRecord, ...]
    dropped: tuple[tuple[str, int], ...]


def make_plan(
    current: Sequence[LoadRecord], surveyed: Iterable[Surveyed], next_file_id: int
) -> Plan:
    """Decide what the load does with each file.

    Args:
        current: The files that are currently loaded.
        surveyed: The files of this load, each once.
        next_file_id: An id above all that were ever assigned.
    """
    by_path = {(record.log, record.file_path): record for record in current}
    contents = {
        (record.log, record.checksum): (record.file_id, record.file_path)
        for record in sorted(current, key=lambda record: -record.load_id)
    }
    steps: list[Step] = []
    closed: list[LoadRecord] = []
    for item in sorted(surveyed, key=lambda item: item.file):
        log, path = item.file.log.name, item.file.known_as
        before = by_path.get((log, path))
        is_new_content = (log, item.checksum) not in contents
        if is_new_content:
            contents[log, item.checksum] = (next_file_id, path)
            next_file_id += 1
        file_id, known_from = contents[log, item.checksum]
        outcome: Outcome = "new" if is_new_content else "duplicate"
        if before is not None:
            is_same = before.checksum == item.checksum
            outcome = "unchanged" if is_same else "replaced"
            closed.extend([] if is_same else [before])
        steps.append(
            Step(
                item,
                outcome,
                file_id,
                is_new_content,
                None if known_from == path else known_from,
            )
        )
    closed_ids = {record.load_id for record in closed}
    needed = {step.file_id for step in steps} | {
        record.file_id for record in current if record.load_id not in closed_ids
    }
    return Plan(tuple(steps), tuple(closed), unreferenced(closed, needed))


def unreferenced(
    closed: Iterable[LoadRecord], needed_file_ids: set[int]
) -> tuple[tuple[str, int], ...]:
    """Log and id of the content that only closed records referred to."""
    return tuple(
        sorted(
            {
                (record.log, record.file_id)
                for record in closed
                if record.file_id not in needed_file_ids
            }
        )
    )
