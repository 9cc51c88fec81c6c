"""The queries whose meaning is known, from the simulator's truth or from labels."""

import csv
from collections import defaultdict
from pathlib import Path

from clip_search.engines import reading
from clip_search.text_rules import normalize_query_text, redact_text
from lab.evaluate.corrections import Judged
from lab.evaluate.intended_queries import intended_queries

TYPOS = ("run_together", "misspelling")


class NothingToJudgeError(Exception):
    """The truth or labels cannot be used; the message says why and what to do."""


def from_truth(truth: Path, queries: set[str]) -> list[Judged]:
    """The queries of a simulated log.

    Args:
        truth: The folder `truth` that the simulator wrote.
        queries: The query texts to evaluate; those not in the truth are left out.
    """
    meant = intended_queries(truth)
    kinds = _kinds(truth)
    return [
        Judged(query, frozenset({meant[query]}), kinds.get((query, meant[query]), ""))
        for query in sorted(queries & meant.keys())
    ]


def from_labels(labels: Path, warehouse: Path) -> list[Judged]:
    """The queries of a labelled log.

    A labelled typo counts with its corrections; without one, the right text is unknown,
    and any rewrite of it is wrong. Queries of all other searches are correct, except
    for those that are only random text.

    Args:
        labels: A CSV file with the columns `search_id, kind, correction`.
        warehouse: The database file of an embedded engine, with the marts of the
            labelled log.
    """
    rows = _read_labels(labels)
    with reading(warehouse) as connection:
        searches = connection.execute(
            "select query_text, search_id from int_enrichable_search"
        ).fetchall()
    searches_of = defaultdict(list)
    for query, search_id in searches:
        searches_of[query].append(rows.get(search_id))
    return [
        judged
        for query, labelled in sorted(searches_of.items())
        if (judged := _judged(query, labelled)) is not None
    ]


def _judged(query: str, labelled: list[dict[str, str] | None]) -> Judged | None:
    typos = [row for row in labelled if row is not None and row["kind"] in TYPOS]
    if typos:
        meant = {
            normalize_query_text(redact_text(text))
            for row in typos
            for text in row["correction"].split("|")
        }
        return Judged(query, frozenset(meant), typos[0]["kind"])
    if all(row is None or row["kind"] == "clean_copy" for row in labelled):
        return Judged(query, frozenset({query}), "none")
    return None


def _read_labels(path: Path) -> dict[str, dict[str, str]]:
    try:
        with path.open(encoding="utf-8", newline="") as file:
            return {row["search_id"]: row for row in csv.DictReader(file)}
    except (OSError, UnicodeDecodeError, KeyError) as error:
        raise NothingToJudgeError(
            f"{path}: cannot be read as labels: {error}"
        ) from error


def _kinds(truth: Path) -> dict[tuple[str, str], str]:
    with (truth / "query.csv").open(encoding="utf-8", newline="") as file:
        return {
            (row["query"], row["intended_query"]): row["corruption"]
            for row in csv.DictReader(file)
        }
