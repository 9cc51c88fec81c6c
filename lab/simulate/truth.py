"""Writes the truth about the synthetic world: what its logs do not contain.

docs/simulator.md describes the files.
"""

from collections import Counter
from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path
from typing import TextIO

from lab.simulate.behaviour import Search
from lab.simulate.catalogue import Clip
from lab.simulate.stamps import canonical
from lab.simulate.world import World
from lab.simulate.writer import csv_line

_SEARCH_COLUMNS = (
    "search_id",
    "cuid",
    "session_id",
    "query",
    "intended_query",
    "corruption",
    "intent_id",
)
_QUERY_COLUMNS = ("query", "intended_query", "corruption", "intent_id", "search_count")
_CLIP_COLUMNS = (
    "cid",
    "name",
    "description",
    "tags",
    "categories",
    "user_name",
    "duration_seconds",
    "plays",
    "created_at",
)


class Truth:
    """Records searches as they happen, and the rest at the end.

    Args:
        folder: The output folder; created if missing.
        world: The world that it describes.
        files: Closes them.

    Raises:
        OSError: A file cannot be written.
    """

    def __init__(self, folder: Path, world: World, files: ExitStack) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._world = world
        self._searches: TextIO = files.enter_context(
            (folder / "search.csv").open("w", encoding="utf-8", newline="")
        )
        self._searches.write(csv_line(_SEARCH_COLUMNS) + "\n")
        self._queries: Counter[tuple[str, str, str, str]] = Counter()
        self._automated: Counter[str] = Counter()
        self._personal: dict[str, None] = {}
        # Only of a site with several rankings.
        self._rankings: TextIO | None = None
        self._shown: dict[tuple[int, str], None] = {}
        engine = world.settings.engine
        if engine.rankings * engine.concurrent > 1:
            self._rankings = files.enter_context(
                (folder / "search_ranking.csv").open("w", encoding="utf-8", newline="")
            )
            self._rankings.write(csv_line(("search_id", "ranking")) + "\n")

    def note(self, search: Search) -> None:
        """Records a search, after its fault was planted."""
        intent = "" if search.intent is None else str(search.intent)
        told = (search.query, search.meant, search.typo or "none", intent)
        cuid = search.person.cuid
        line = (search.search_id, cuid, str(search.session), *told)
        self._searches.write(csv_line(line) + "\n")
        if self._rankings is not None:
            told_ranking = (search.search_id, str(search.ranking))
            self._rankings.write(csv_line(told_ranking) + "\n")
            if search.intent is not None:
                self._shown[search.ranking, search.query] = None
        if search.person.is_crawler:
            self._automated[cuid] += 1
        else:
            self._queries[told] += 1
            self._personal |= dict.fromkeys(search.personal)

    def finish(self) -> None:
        """Writes the files that are only known at the end."""
        intents = self._world.intents
        clips = self._world.catalogue.clips
        wanted = sorted({int(intent) for *_, intent in self._queries if intent})
        queries = ((*told, str(count)) for told, count in self._queries.items())
        relevance = (
            (str(number), clips[clip].cid, str(grade))
            for number in wanted
            for clip, grade in sorted(intents.relevant(number).items())
        )
        told = ((str(n), intents.all[n].kind, intents.all[n].text) for n in wanted)
        automated = ((cuid, str(count)) for cuid, count in self._automated.items())
        write_clips(self._folder / "clip.csv", clips)
        self._write("query", _QUERY_COLUMNS, queries)
        self._write("intent", ("intent_id", "kind", "query"), told)
        self._write("relevance", ("intent_id", "cid", "grade"), relevance)
        self._write("automated_user", ("cuid", "search_count"), automated)
        self._write("personal_data", ("value",), ((value,) for value in self._personal))
        if self._world.settings.clicks.model == "grid":
            seen = self._world.clicking.examination
            curve = ((str(at), f"{share:.6f}") for at, share in enumerate(seen, 1))
            self._write("examination", ("position", "probability"), curve)
        if self._rankings is not None:
            self._write_rankings()

    def _write_rankings(self) -> None:
        """What each ranking shows: since when, which clips, and the first pages."""
        settings = self._world.settings
        engine = settings.engine
        clips = self._world.catalogue.clips
        rankings = (
            (str(turn * engine.concurrent + arm), str(settings.first_day(turn)))
            for turn in range(engine.rankings)
            for arm in range(engine.concurrent)
        )
        lifetimes = (
            (
                clips[clip].cid,
                str(settings.first_day(turns.start)) if turns.start else "",
                str(settings.first_day(turns.stop))
                if turns.stop < engine.rankings
                else "",
            )
            for clip, turns in self._world.engine.lifetimes.items()
        )
        shown = (
            (str(ranking), query, str(place), clips[clip].cid)
            for ranking, query in self._shown
            for place, clip in enumerate(
                self._world.find(query, ranking).clips[: engine.page_size], 1
            )
        )
        self._write("ranking", ("ranking", "first_day"), rankings)
        self._write("lifetime", ("cid", "uploaded", "removed"), lifetimes)
        self._write("shown", ("ranking", "query", "position", "cid"), shown)

    def _write(
        self, name: str, columns: tuple[str, ...], rows: Iterable[tuple[str, ...]]
    ) -> None:
        _write_csv(self._folder / f"{name}.csv", columns, rows)


def write_clips(path: Path, clips: Iterable[Clip]) -> None:
    """Writes clips as a site's own interface would export them.

    Args:
        path: The file; tags and categories of a clip are separated by `;`.
        clips: The clips to write.

    Raises:
        OSError: The file cannot be written.
    """
    _write_csv(
        path,
        _CLIP_COLUMNS,
        (
            (
                clip.cid,
                clip.name,
                clip.description,
                ";".join(clip.tags),
                ";".join(clip.categories),
                clip.user_name,
                str(clip.duration),
                str(clip.plays),
                canonical(clip.created),
            )
            for clip in clips
        ),
    )


def _write_csv(
    path: Path, columns: tuple[str, ...], rows: Iterable[tuple[str, ...]]
) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(csv_line(columns) + "\n")
        file.writelines(csv_line(row) + "\n" for row in rows)
