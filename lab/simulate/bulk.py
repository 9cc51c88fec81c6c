"""Generates logs of millions of requests: parts of the time range, in parallel.

All parts share one world: the same clips, intents, growth of traffic, crawlers and
faults. Each part has its own random numbers and people, so it does not depend on
earlier parts, nor on which process generates it or when.
"""

import multiprocessing
import os
import shutil
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

from lab.simulate import Destination, Plan, batches
from lab.simulate.chance import Chance
from lab.simulate.rows import CLICK_LOG, REQUEST_LOG
from lab.simulate.settings import Traffic, read_settings
from lab.simulate.world import World
from lab.simulate.writer import in_order_of_arrival, write_logs

REQUESTS_IN_PART = 100_000
SHORTEST_PART_DAYS = 7
MOST_PROCESSES = 8
"""A process uses about 150 MB, whatever the size of the logs."""

MOST_REQUESTS = 90_000_000
"""With more, ids of people would repeat."""

_IDS_OF_PEOPLE_PER_REQUEST = 4
"""Ids per part: enough for twice the average searches, each with a new person."""


def simulate_in_bulk(
    plan: Plan,
    destination: Destination,
    on_part: Callable[[int], object] = lambda planned: None,
    requests_in_part: int = REQUESTS_IN_PART,
) -> dict[str, int]:
    """Writes messy logs part by part, on all cores, without answers and truth.

    Args:
        plan: What to generate. The logs differ from those of `simulate` for the same
            plan.
        destination: Where to; folders are made where they are missing.
        on_part: Called after each part with the planned number of parts.
        requests_in_part: Approximate number of searches by people in one part.

    Returns:
        The number of rows of each log, by its name.

    Raises:
        OSError: A file cannot be written.
        SettingsError: The world's settings are invalid.
        ValueError: The plan or the destination asks for something that only `simulate`
            can generate, or for too many requests.
    """
    if plan.with_index or destination.answer_key or destination.truth:
        raise ValueError("logs in bulk come without index column, answers and truth")
    traffic = read_settings(plan.world).traffic
    requests = plan.requests or traffic.requests
    if requests > MOST_REQUESTS:
        raise ValueError(f"there are at most {MOST_REQUESTS:,} requests")
    parts = parts_of(requests, traffic, requests_in_part)
    people = _IDS_OF_PEOPLE_PER_REQUEST * -(-requests // len(parts))
    paths = {
        REQUEST_LOG: destination.search_request,
        CLICK_LOG: destination.search_result_interaction,
    }
    for path in paths.values():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"")
    total = dict.fromkeys(paths, 0)
    processes = min(os.cpu_count() or 1, MOST_PROCESSES, len(parts))
    with (
        TemporaryDirectory(dir=destination.search_request.parent) as scratch,
        ProcessPoolExecutor(
            # So that nothing of this process is copied, such as the thread of its
            # progress bar.
            processes,
            multiprocessing.get_context("spawn"),
        ) as pool,
    ):
        tasks = [
            _Part(plan, days, number, number * people, Path(scratch) / str(number))
            for number, days in enumerate(parts)
        ]
        for part, counts in zip(tasks, pool.map(_write, tasks), strict=True):
            for log, path in paths.items():
                _move_to_end(part.path(log), path)
                total[log] += counts[log]
            on_part(len(parts))
    return total


@dataclass(frozen=True, slots=True)
class _Part:
    """The work of one process at a time; files go to `folder`."""

    plan: Plan
    days: range
    number: int
    people_before: int
    folder: Path

    def path(self, log: str) -> Path:
        return self.folder / log


def parts_of(
    requests: int, traffic: Traffic, requests_in_part: int = REQUESTS_IN_PART
) -> list[range]:
    """The days (from 0) of each part; together they cover all days."""
    days = (traffic.last_day - traffic.first_day).days
    wanted = round(requests / requests_in_part)
    number = max(1, min(wanted, days // SHORTEST_PART_DAYS))
    ends = [part * days // number for part in range(number + 1)]
    return [range(first, end) for first, end in pairwise(ends)]


def _write(part: _Part) -> dict[str, int]:
    """Writes a part's files; returns the number of rows of each."""
    part.folder.mkdir()
    world = _world(part.plan.seed, part.plan.world)
    world.start_part(part.number, part.people_before)
    searches = batches(part.plan, world, days=part.days, with_answers=False)
    paths = {log: part.path(log) for log in (REQUEST_LOG, CLICK_LOG)}
    return write_logs(in_order_of_arrival(searches), paths, None)


@lru_cache(maxsize=1)
def _world(seed: int, settings: Path | None) -> World:
    """The world, built once per process."""
    return World(read_settings(settings), Chance(seed))


def _move_to_end(part: Path, path: Path) -> None:
    """Appends a part's rows to a file; the first part includes the header."""
    with part.open("rb") as source, path.open("ab") as target:
        header = source.readline()
        if not target.tell():
            target.write(header)
        shutil.copyfileobj(source, target, length=1 << 20)
    part.unlink()
