"""The clips that a query is tried on, and what the page shows of them."""

import csv
from dataclasses import dataclass
from pathlib import Path

from clip_search.engines import engine, reading
from clip_search.project import project_variable
from clip_search.search.clips import Clip, read_clips
from clip_search.search.index import ClipIndex
from clip_search.text_rules import redact_text

_LED_TO = """
    select click.cid, search.query_text, count(*) as search_count
    from int_enrichable_search as search
    inner join clean_search_result_interaction as click
        on search.search_id = click.search_id
    inner join query_frequency as frequency
        on search.query_text = frequency.query_text
    where frequency.user_count >= {min_users:d}
    group by click.cid, search.query_text
    order by click.cid, count(*) desc, search.query_text
"""


@dataclass(frozen=True, slots=True)
class Shown:
    """What is shown of a clip.

    Attributes:
        cid: Its id.
        name: Its name, or else the query that led to it most often.
        is_named: Whether that is its name.
        owner: Its owner, if known.
        duration: `3:05` or `1:03:05`, if known.
    """

    cid: str
    name: str
    is_named: bool
    owner: str
    duration: str


class Catalogue:
    """All clips of a warehouse, in an index in memory.

    Args:
        warehouse: The built database file.
        metadata: A CSV file of clips; by default, the table `clip` is read.

    Raises:
        ClipsError: The file cannot be read.
    """

    def __init__(self, warehouse: Path, metadata: Path | None) -> None:
        clips = read_clips(warehouse, metadata)
        known, self._durations = (
            ({}, _of_file(metadata)) if metadata else _of_table(warehouse)
        )
        found = {clip.cid: clip for clip in clips}
        for cid, texts in known.items():
            queries = found[cid].queries if cid in found else ""
            found[cid] = Clip(cid, texts, queries)
        self._clips = found
        self._index = ClipIndex(found[cid] for cid in sorted(found))
        self._led_to = _frequent_queries(warehouse)

    def search(self, query: str, limit: int) -> list[Shown]:
        """The best clips for a query, best first."""
        return [self._shown(hit.cid) for hit in self._index.search(query, limit)]

    def _shown(self, cid: str) -> Shown:
        name, *_, owner = self._clips[cid].metadata
        return Shown(
            cid,
            # Owners write what they like about their clips.
            redact_text(name) if name else self._led_to.get(cid, ""),
            bool(name),
            redact_text(owner),
            _minutes(self._durations.get(cid)),
        )


def _of_table(
    warehouse: Path,
) -> tuple[dict[str, tuple[str, ...]], dict[str, int | None]]:
    """The texts of each clip with metadata, and its duration in seconds."""
    with reading(warehouse) as connection:
        try:
            rows = connection.execute(
                "select cid, name, description, tags, categories, owner,"
                " duration_seconds from clip"
            ).fetchall()
        except engine().errors():
            # A warehouse of an older version.
            rows = []
    texts = {cid: tuple(each or "" for each in rest[:-1]) for cid, *rest in rows}
    return texts, {row[0]: row[-1] for row in rows}


def _of_file(metadata: Path) -> dict[str, int | None]:
    """The duration of each clip in seconds, where the file names it."""
    with metadata.open(encoding="utf-8", newline="") as file:
        return {
            row["cid"]: int(seconds)
            for row in csv.DictReader(file)
            if (seconds := row.get("duration_seconds") or "").isdecimal()
        }


def _frequent_queries(warehouse: Path) -> dict[str, str]:
    """For each clip, the query of enough users that led to it most often."""
    sql = _LED_TO.format(min_users=project_variable("min_users"))
    queries: dict[str, str] = {}
    with reading(warehouse) as connection:
        for cid, query_text, _ in connection.execute(sql).fetchall():
            queries.setdefault(cid, query_text)
    return queries


def _minutes(seconds: int | None) -> str:
    if seconds is None:
        return ""
    minutes, left = divmod(seconds, 60)
    if minutes < 60:
        return f"{minutes}:{left:02d}"
    return f"{minutes // 60}:{minutes % 60:02d}:{left:02d}"
