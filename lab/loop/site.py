"""A simulated site whose engine changes between rounds, and whose log goes on."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

from lab.loop.published import Published
from lab.simulate.behaviour import REQUESTS_PER_CRAWLER, Behaviour, Search
from lab.simulate.chance import Chance
from lab.simulate.faults import Desk, Mess
from lab.simulate.rows import CLICK_LOG, COLUMNS, REQUEST_LOG, LogRow
from lab.simulate.settings import Traffic, read_settings
from lab.simulate.world import World
from lab.simulate.writer import csv_line, in_order_of_arrival

APPLIED_REWRITE = "applied_rewrite"


class Site:
    """A site with its people. Each round takes an equal part of the time.

    Args:
        seed: The same seed gives the same site and the same first round.
        rounds: How many rounds there are.
        requests: Searches by people in each.
        world: A file of settings that override those of world.toml.

    Raises:
        SettingsError: The world's settings are invalid.
    """

    def __init__(
        self, seed: int, rounds: int, requests: int, world: Path | None = None
    ) -> None:
        settings = read_settings(world)
        count = rounds * requests
        settings = replace(settings, traffic=_even(settings.traffic, count))
        self.world = World(settings, Chance(seed))
        self._behaviour = Behaviour(self.world)
        self._mess = Mess(Desk(self.world, self._behaviour, False), False, False)
        self._clip_numbers = {
            clip.cid: number for number, clip in enumerate(self.world.catalogue.clips)
        }
        traffic = settings.traffic
        days = (traffic.last_day - traffic.first_day).days
        ends = [turn * days // rounds for turn in range(rounds + 1)]
        self._days = [range(*span) for span in pairwise(ends)]
        self._count = count

    def publish(self, published: Published) -> None:
        """Gives the engine what was published, in place of what it had."""
        boosts = {
            query: {
                self._clip_numbers[cid]: boost
                for cid, boost in of_query.items()
                # A log can have ids that no clip has.
                if cid in self._clip_numbers
            }
            for query, of_query in published.boosts.items()
        }
        self.world.publish(published.rewrites, boosts)

    def search(
        self, turn: int, folder: Path, note: Callable[[Search], object]
    ) -> list[Path]:
        """Lets people search for a round, and writes both logs with the faults.

        Args:
            turn: The round, from 0; each follows the one before.
            folder: The folder of the logs.
            note: Called with each search before its fault is planted.

        Returns:
            The files: searches and clicks.

        Raises:
            OSError: A file cannot be written.
        """
        folder.mkdir(parents=True)
        columns = {
            REQUEST_LOG: (*COLUMNS[REQUEST_LOG], APPLIED_REWRITE),
            CLICK_LOG: COLUMNS[CLICK_LOG],
        }
        paths = [folder / f"{log}.csv" for log in columns]
        with (
            paths[0].open("w", encoding="utf-8", newline="") as requests,
            paths[1].open("w", encoding="utf-8", newline="") as clicks,
        ):
            files = {REQUEST_LOG: requests, CLICK_LOG: clicks}
            for log, names in columns.items():
                files[log].write(csv_line(names) + "\n")
            for row in in_order_of_arrival(self._rows(turn, note)):
                files[row.log].write(csv_line(row.values) + "\n")
        return paths

    def only_search(self, turn: int, note: Callable[[Search], object]) -> None:
        """Lets people search for a round, without a log.

        Args:
            turn: The round, from 0; each follows the one before.
            note: Called with each search.
        """
        for search in self._behaviour.searches(self._count, self._days[turn]):
            note(search)

    def _rows(
        self, turn: int, note: Callable[[Search], object]
    ) -> Iterator[tuple[int, list[LogRow]]]:
        for search in self._behaviour.searches(self._count, self._days[turn]):
            note(search)
            instant = search.instant
            rows = self._mess.rows(search)
            for row in rows:
                if row.log == REQUEST_LOG:
                    row.values = (*row.values, search.applied_rewrite or "")
            yield instant, rows


def _even(traffic: Traffic, count: int) -> Traffic:
    """Traffic that does not grow, so that rounds can be compared.

    The simulator has at least as many heavy users and crawlers as for 100,000 searches.
    In a small loop they would make most of them, so here they are in proportion.
    """
    share = count / REQUESTS_PER_CRAWLER
    times = -(-count // REQUESTS_PER_CRAWLER)
    return replace(
        traffic,
        growth=1.0,
        heavy_people_per_100k=round(traffic.heavy_people_per_100k * share / times),
        crawlers_per_100k=round(traffic.crawlers_per_100k * share / times),
    )
