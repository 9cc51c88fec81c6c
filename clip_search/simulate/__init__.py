"""Makes messy logs of a made-up video site, and the answer key that goes with them.

The parts stand in a row, each knowing only those before it: the world (people, clips,
words), behaviour (searches and clicks), rows (how a logger tells of them), faults (what
goes wrong), writer (files). Everything follows from one seed.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from clip_search.project import PROJECT_ROOT
from clip_search.simulate.behaviour import Behaviour
from clip_search.simulate.chance import Chance
from clip_search.simulate.faults import Desk, Mess
from clip_search.simulate.rows import CLICK_LOG, REQUEST_LOG, LogRow
from clip_search.simulate.world import World
from clip_search.simulate.writer import in_order_of_arrival, write_logs

__all__ = [
    "SAMPLE_REQUESTS",
    "SAMPLE_SEED",
    "Destination",
    "Plan",
    "sample_destination",
    "simulate",
]

SAMPLE_SEED = 7
"""The seed of the sample that comes with the project."""
SAMPLE_REQUESTS = 2_500
"""How many searches by people it holds."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What to make.

    Attributes:
        seed: The same seed and plan give the same bytes.
        requests: Searches by people; crawlers' come on top (one crawler of some 520
            searches for each 100,000 begun, from 1,000 on).
        with_index: An unnamed column that counts records, and queries for the word
            null: two things that a dbt seed cannot hold as they are.
        with_malformed_lines: Lines that are no CSV records of the right width.
    """

    seed: int
    requests: int = SAMPLE_REQUESTS
    with_index: bool = False
    with_malformed_lines: bool = False


@dataclass(frozen=True, slots=True)
class Destination:
    """The files to write; `answer_key` None leaves the key out."""

    search_request: Path
    search_result_interaction: Path
    answer_key: Path | None

    @classmethod
    def in_folder(cls, folder: Path, with_key: bool = True) -> "Destination":
        """The usual names, in one folder."""
        return cls(
            folder / "search_request.csv",
            folder / "search_result_interaction.csv",
            folder / "answer_key.jsonl" if with_key else None,
        )


def sample_destination() -> Destination:
    """Where the sample that comes with the project lies."""
    sample = PROJECT_ROOT / "seeds" / "sample"
    return Destination(
        sample / "search_request.csv",
        sample / "search_result_interaction.csv",
        PROJECT_ROOT / "tests" / "answer_key" / "sample.jsonl",
    )


def simulate(
    plan: Plan,
    destination: Destination,
    on_search: Callable[[], object] = lambda: None,
) -> dict[str, int]:
    """Writes messy logs and their answer key.

    Args:
        plan: What to make.
        destination: Where to; folders are made where they are missing.
        on_search: Called after each search, for those who want to watch.

    Returns:
        How many rows each log has, by the log's name.

    Raises:
        OSError: A file cannot be written.
    """
    paths = {
        REQUEST_LOG: destination.search_request,
        CLICK_LOG: destination.search_result_interaction,
    }
    for path in (*paths.values(), destination.answer_key):
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
    rows = in_order_of_arrival(_batches(plan, on_search))
    return write_logs(rows, paths, destination.answer_key, plan.with_index)


def _batches(
    plan: Plan, on_search: Callable[[], object]
) -> Iterator[tuple[int, list[LogRow]]]:
    chance = Chance(plan.seed)
    world = World(chance)
    behaviour = Behaviour(world, chance)
    mess = Mess(
        Desk(world, behaviour, chance), plan.with_index, plan.with_malformed_lines
    )
    for search in behaviour.searches(plan.requests):
        instant = search.instant
        yield instant, mess.rows(search)
        on_search()
