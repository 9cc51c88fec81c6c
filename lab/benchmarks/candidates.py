"""Measures the CPU seconds of the three candidate models.

Run by `make bench-candidates`. It generates a log of almost only distinct queries, or
one of a given number of distinct words, builds a warehouse, and runs each model's SQL
again, alone, on the engine of `CLIP_SEARCH_TARGET`. The time is that of all threads of
this process.
"""

import csv
import os
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated
from unittest.mock import patch

import typer
from rich.console import Console
from rich.table import Table

from clip_search.engines import engine_name, reading
from clip_search.logs import SEARCH_REQUEST, SEARCH_RESULT_INTERACTION
from clip_search.project import PROJECT_ROOT
from lab.fit import word_world
from lab.fit.misspelling import misspelled
from lab.fit.unlisted_words import unlisted_words
from lab.simulate.chance import Chance

MODELS = (
    "int_spelling_candidate",
    "int_spacing_candidate",
    "int_query_spelling_candidate",
    "int_joined_words",
    "int_far_candidate",
)
COMPILED = "compiled/clip_search/models/rewrite"
REPEATED = 0.005
"""The share of searches that repeat an earlier query."""
FEWEST_LETTERS = 4
"""The minimum length of the words in a log of words; shorter ones are never checked."""


def searched_queries(folder: Path, searches: int, seed: int) -> None:
    """Writes the logs of a word world with few repeated searches."""
    with patch.object(word_world, "REPEATED", REPEATED):
        word_world.write_logs(seed, searches, folder)


def searched_words(folder: Path, count: int, seed: int) -> None:
    """Writes logs of `count` searches, each for a different word, without clicks.

    Each word of the lists, and each correct word that is in no list, occurs once; all
    others are misspellings of them.
    """
    chance = Chance(seed)
    listed, _ = word_world.weighed_words()
    right = [
        word
        for word in sorted({*listed, *unlisted_words()})
        if len(word) >= FEWEST_LETTERS and word.isascii() and word.isalpha()
    ]
    words = set(right[:count])
    while len(words) < count:
        words.add(misspelled(chance.pick(right), chance))
    folder.mkdir(parents=True)
    began = datetime(2020, 1, 1, tzinfo=UTC)
    with (folder / "search_request.csv").open("w", encoding="utf-8", newline="") as log:
        writer = csv.writer(log)
        writer.writerow(SEARCH_REQUEST.required)
        for number, word in enumerate(sorted(words)):
            at = (began + timedelta(seconds=number)).isoformat()
            writer.writerow([number, word, at, f"u{number}", 0])
    header = ",".join(SEARCH_RESULT_INTERACTION.required) + "\n"
    (folder / "search_result_interaction.csv").write_text(header)


def built(folder: Path, logs: Path) -> Path:
    """A warehouse with the inputs of the candidate models."""
    database = folder / "clip_search.db"
    environment = {
        **os.environ,
        "CLIP_SEARCH_DATABASE": str(database),
        "DBT_TARGET_PATH": str(folder / "target"),
        "DBT_LOG_PATH": str(folder),
    }
    exclude = ["--exclude-resource-types", "unit_test", "test"]
    for program, *arguments in (
        ["clip-search", "load", str(logs)],
        ["dbt", "--quiet", "build", *exclude, "--select", "+int_query_candidate"],
    ):
        subprocess.run(
            [str(Path(sys.executable).parent / program), *arguments],
            cwd=PROJECT_ROOT,
            env=environment,
            stdout=sys.stderr,
            check=True,
        )
    return database


def main(
    searches: Annotated[int, typer.Option(help="Searches to generate.")] = 100_000,
    words: Annotated[
        int, typer.Option(help="Instead, generate searches for this many words.")
    ] = 0,
    seed: int = 900,
) -> None:
    """Prints the cost of each candidate model."""
    engine = engine_name()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        logs = folder / "logs"
        with Console(stderr=True).status("building a warehouse"):
            if words:
                searched_words(logs, words, seed)
            else:
                searched_queries(logs, searches, seed)
            database = built(folder, logs)
        table = Table("model", title=f"CPU seconds of candidates on {engine}")
        table.add_column("rows", justify="right")
        table.add_column("seconds", justify="right")
        with reading(database) as connection:
            queries, terms = connection.execute(
                "select (select count(*) from int_asked_query), count(*)"
                " from int_asked_term where word_count = 1"
            ).fetchone()
            total = 0.0
            for model in MODELS:
                sql = (folder / "target" / COMPILED / f"{model}.sql").read_text()
                began = time.process_time()
                rows = connection.execute(sql).fetchall()
                seconds = time.process_time() - began
                total += seconds
                table.add_row(model, f"{len(rows):,}", f"{seconds:.2f}")
        table.add_section()
        table.add_row(f"{queries:,} queries of {terms:,} words", "", f"{total:.2f}")
    Console().print(table)


if __name__ == "__main__":
    typer.run(main)
