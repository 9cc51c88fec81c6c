"""Reads queries whose meaning is known, from CSV: set, query, meant, kind."""

import csv
from collections.abc import Iterator
from pathlib import Path

from clip_search.text_rules import normalize_query_text
from lab.evaluate.corrections import Judged

RIGHT = "right"
COLUMNS = ("set", "query", "meant", "kind")


class QuerySetError(Exception):
    """A file of queries cannot be used; the message says why."""


def read_sets(path: Path) -> dict[str, list[Judged]]:
    """The queries of each set, in normal form, each once.

    Args:
        path: The file. `meant` has the accepted texts, with `|` between them.

    Raises:
        QuerySetError: It lacks a column, or has no queries.
    """
    sets: dict[str, dict[str, Judged]] = {}
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        missing = set(COLUMNS) - set(reader.fieldnames or ())
        if missing:
            names = ", ".join(sorted(missing))
            raise QuerySetError(f"{path} lacks the columns {names}")
        for row in reader:
            for judged in _judged(row):
                sets.setdefault(row["set"], {}).setdefault(judged.query_text, judged)
    if not sets:
        raise QuerySetError(f"{path} has no queries")
    return {name: list(queries.values()) for name, queries in sorted(sets.items())}


def _judged(row: dict[str, str]) -> Iterator[Judged]:
    query = normalize_query_text(row["query"])
    meant = frozenset(map(normalize_query_text, row["meant"].split("|")))
    if query:
        kind = RIGHT if query in meant else row["kind"]
        yield Judged(query, meant, kind)
