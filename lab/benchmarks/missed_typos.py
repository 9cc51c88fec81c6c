"""Counts labelled typos that were not fixed, by the step at which they are lost.

    python -m lab.benchmarks.missed_typos LABELS.csv

Needs a SQLite warehouse of the labelled log. A typo counts under the first cause that
applies.
"""

import sys
from collections import Counter
from pathlib import Path

from rich.console import Console
from rich.table import Table

from clip_search.engines import database_path, reading
from lab.evaluate.corrections import Judged
from lab.evaluate.intended import from_labels

CAUSES = (
    "rewritten",
    "offered as did you mean",
    "another text won",
    "the right text was found, and its score is too low",
    "nobody knows what was meant",
    "a word of what was meant is in neither list nor log",
    "no candidate: two typos in a word, too short, or a word itself",
)
CHOSEN = "select query_text, rewritten_text, tier from query_rewrite"
SCORED = "select query_text, rewritten_text from rewrite_score"
KNOWN = """
    select word from english_word
    union
    select term from query_term where word_count = 1 and user_count >= 2
"""


class Lost:
    """Finds the cause for each typo in the tables of a warehouse."""

    def __init__(self, database: Path) -> None:
        """Reads the chosen rewrites, the scored ones and the known words."""
        with reading(database, "sqlite") as reader:
            self.chosen = {
                query: (text, tier) for query, text, tier in reader.execute(CHOSEN)
            }
            self.scored = set(reader.execute(SCORED))
            self.known = {word for (word,) in reader.execute(KNOWN)}

    def cause(self, query: Judged) -> str:
        """One of `CAUSES`."""
        text, tier = self.chosen.get(query.query_text, (None, None))
        meant = {each for each in query.meant if each}
        if text in meant:
            return CAUSES[0] if tier == "auto" else CAUSES[1]
        if text is not None:
            return CAUSES[2]
        if any((query.query_text, each) in self.scored for each in meant):
            return CAUSES[3]
        if not meant:
            return CAUSES[4]
        if all(set(each.split()) - self.known for each in meant):
            return CAUSES[5]
        return CAUSES[6]


def main() -> None:
    """Reads the label file given on the command line; prints a row for each cause."""
    judged = from_labels(Path(sys.argv[1]), database_path())
    lost = Lost(database_path())
    counts = {kind: Counter[str]() for kind in ("run_together", "misspelling")}
    for query in judged:
        if query.has_typo:
            counts[query.kind][lost.cause(query)] += 1
    table = Table()
    table.add_column("what happened to the typo")
    for name in ("queries", *counts):
        table.add_column(name, justify="right")
    for cause in CAUSES:
        cells = [counted[cause] for counted in counts.values()]
        table.add_row(cause, *(f"{cell:,}" for cell in (sum(cells), *cells)))
    Console().print(table)


if __name__ == "__main__":
    main()
