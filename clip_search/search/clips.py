"""The clips to search: their metadata, and the queries that led to clicks on them."""

import csv
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from pathlib import Path

from clip_search.engines import reading

METADATA = ("name", "description", "tags", "categories", "user_name")


class ClipsError(Exception):
    """Clips that cannot be read; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Clip:
    """One clip.

    Attributes:
        cid: Its id.
        metadata: The texts of METADATA; unknown ones are empty.
        queries: The distinct queries after which it was clicked, one per line.
    """

    cid: str
    metadata: tuple[str, ...]
    queries: str


def read_clips(warehouse: Path, metadata: Path | None = None) -> list[Clip]:
    """All clips that were clicked or have metadata, in the order of their ids.

    Args:
        warehouse: The database file of an embedded engine, with the marts; only read.
        metadata: A CSV file with the columns `cid` and some of METADATA.

    Raises:
        ClipsError: The file lacks `cid`, or cannot be read.
    """
    known = {} if metadata is None else _read_metadata(metadata)
    nothing = ("",) * len(METADATA)
    queries = _read_queries(warehouse)
    return [
        Clip(cid, known.get(cid, nothing), queries.get(cid, ""))
        for cid in sorted(known.keys() | queries.keys())
    ]


def _read_metadata(path: Path) -> dict[str, tuple[str, ...]]:
    try:
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file)
            if "cid" not in (reader.fieldnames or ()):
                raise ClipsError(f"{path}: its first line has no column cid")
            return {
                row["cid"]: tuple(row.get(name) or "" for name in METADATA)
                for row in reader
            }
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise ClipsError(f"{path}: cannot be read: {error}") from error


def _read_queries(warehouse: Path) -> dict[str, str]:
    """The distinct queries that led to clicks on each clip, one per line."""
    with reading(warehouse) as connection:
        rows = connection.execute(
            "select distinct click.cid, search.query_text"
            " from int_enrichable_search as search"
            " inner join clean_search_result_interaction as click"
            " on search.search_id = click.search_id"
            " order by click.cid, search.query_text"
        ).fetchall()
    return {
        cid: "\n".join(query for _, query in of_clip)
        for cid, of_clip in groupby(rows, key=itemgetter(0))
    }
