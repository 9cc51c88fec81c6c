"""Generates messy logs of a synthetic video site, and the truth about them.

The parts form a chain in which each one uses only those before it: settings (every
number), the world (clips, intents, the engine, people), behaviour (searches and
clicks), rows (how a logger records them), faults (what goes wrong), and files (writer,
answer key, truth). Everything follows from one seed.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from clip_search.project import PROJECT_ROOT
from lab.simulate.behaviour import Behaviour
from lab.simulate.chance import Chance
from lab.simulate.faults import Desk, Mess
from lab.simulate.rows import CLICK_LOG, REQUEST_LOG, LogRow
from lab.simulate.settings import SAMPLE_WORLD, SettingsError, read_settings
from lab.simulate.truth import Truth, write_clips
from lab.simulate.world import World
from lab.simulate.writer import in_order_of_arrival, write_logs

__all__ = [
    "SAMPLE_SEED",
    "Destination",
    "Plan",
    "SettingsError",
    "batches",
    "sample_destination",
    "sample_plan",
    "simulate",
]

SAMPLE_SEED = 7
"""The seed of the sample that comes with the project."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What to generate.

    Attributes:
        seed: The same seed and plan give the same bytes.
        requests: Searches by people, not counting crawlers and heavy users. None: as
            many as the world's settings say.
        world: A file of settings that override those of world.toml.
        with_index: Whether to add an unnamed column that counts records, and queries
            for the word null. A dbt seed can represent neither.
        with_malformed_lines: Whether to add lines that are not CSV records of the right
            width.
    """

    seed: int
    requests: int | None = None
    world: Path | None = None
    with_index: bool = False
    with_malformed_lines: bool = False


@dataclass(frozen=True, slots=True)
class Destination:
    """The files to write; None omits one.

    Attributes:
        search_request: The log of searches.
        search_result_interaction: The log of clicks.
        answer_key: The expected outcome of each row.
        truth: A folder.
        clip: The clips.
        with_numbers: As for `AnswerKey`.
    """

    search_request: Path
    search_result_interaction: Path
    answer_key: Path | None
    truth: Path | None = None
    clip: Path | None = None
    with_numbers: bool = True

    @classmethod
    def in_folder(cls, folder: Path, with_key: bool = True) -> "Destination":
        """The usual names, in one folder."""
        return cls(
            folder / "search_request.csv",
            folder / "search_result_interaction.csv",
            folder / "answer_key.jsonl" if with_key else None,
            folder / "truth" if with_key else None,
        )


def sample_plan() -> Plan:
    """The plan of the sample that comes with the project."""
    return Plan(SAMPLE_SEED, world=SAMPLE_WORLD)


def sample_destination() -> Destination:
    """The paths of the sample that comes with the project."""
    sample = PROJECT_ROOT / "seeds" / "sample"
    return Destination(
        sample / "search_request.csv",
        sample / "search_result_interaction.csv",
        PROJECT_ROOT / "tests" / "answer_key" / "sample.jsonl",
        clip=sample / "clip.csv",
        with_numbers=False,
    )


def simulate(
    plan: Plan,
    destination: Destination,
    on_search: Callable[[int], object] = lambda planned: None,
) -> dict[str, int]:
    """Writes messy logs, their answer key, and the truth about the world.

    Args:
        plan: What to generate.
        destination: The files to write; missing folders are created.
        on_search: Called after each search with the planned number of searches by
            people, to show progress.

    Returns:
        The number of rows of each log, by its name.

    Raises:
        OSError: A file cannot be written.
        SettingsError: The world's settings are invalid.
    """
    paths = {
        REQUEST_LOG: destination.search_request,
        CLICK_LOG: destination.search_result_interaction,
    }
    for path in (*paths.values(), destination.answer_key, destination.clip):
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
    world = World(read_settings(plan.world), Chance(plan.seed))
    with ExitStack() as files:
        truth = None
        if destination.truth is not None:
            truth = Truth(destination.truth, world, files)
        rows = in_order_of_arrival(batches(plan, world, truth, on_search))
        counts = write_logs(
            rows,
            paths,
            destination.answer_key,
            plan.with_index,
            destination.with_numbers,
        )
        if truth is not None:
            truth.finish()
        if destination.clip is not None:
            write_clips(destination.clip, world.catalogue.clips)
    return counts


def batches(
    plan: Plan,
    world: World,
    truth: Truth | None = None,
    on_search: Callable[[int], object] = lambda planned: None,
    days: range | None = None,
    with_answers: bool = True,
) -> Iterator[tuple[int, list[LogRow]]]:
    """The rows of each search, in the order of time.

    Args:
        plan: What to generate.
        world: The world of the plan's seed and settings.
        truth: Records each search.
        on_search: As for `simulate`.
        days: The days (from 0) to generate; all by default.
        with_answers: Whether rows include what an answer key needs.

    Yields:
        The search's instant and its rows.
    """
    behaviour = Behaviour(world)
    desk = Desk(world, behaviour, with_answers)
    mess = Mess(desk, plan.with_index, plan.with_malformed_lines)
    count = plan.requests or world.settings.traffic.requests
    for search in behaviour.searches(count, days):
        instant = search.instant
        rows = mess.rows(search)
        if truth is not None:
            truth.note(search)
        yield instant, rows
        on_search(count)
