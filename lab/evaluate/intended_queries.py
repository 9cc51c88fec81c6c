"""The intended text of each query of a simulated log."""

import csv
from collections import defaultdict
from pathlib import Path


def intended_queries(truth: Path) -> dict[str, str]:
    """For each query, what most users who typed it meant.

    Args:
        truth: The folder `truth` that the simulator wrote.

    Returns:
        The query without its typo (unchanged if it has none), for the queries whose
        meaning is known.
    """
    searches: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    with (truth / "query.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["intent_id"]:
                searches[row["query"]][row["intended_query"]] += int(
                    row["search_count"]
                )
    return {
        query: min(meant, key=lambda text: (-meant[text], text))
        for query, meant in searches.items()
    }
