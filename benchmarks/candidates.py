"""What finding candidates costs: CPU seconds of the three candidate models.

Run by `make bench-candidates`. A log of nearly all different queries is made, a
warehouse is built, and each model's SQL is run once more, alone, on the engine of
`CLIP_SEARCH_TARGET`. Time is that of this process, all of its threads.
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Annotated
from unittest.mock import patch

import typer
from rich.console import Console
from rich.table import Table

from clip_search.enrich import word_world
from clip_search.project import PROJECT_ROOT
from clip_search.warehouse import engine_of_warehouse, reading

MODELS = (
    "int_spelling_candidate",
    "int_spacing_candidate",
    "int_query_spelling_candidate",
)
COMPILED = "compiled/clip_search/models/marts/enrichment/rewrite"
REPEATED = 0.005
"""Of the searches, the share for what somebody has searched before."""


def built(folder: Path, searches: int, seed: int) -> Path:
    """A warehouse with the marts of a new log."""
    logs, database = folder / "logs", folder / "clip_search.db"
    with patch.object(word_world, "REPEATED", REPEATED):
        word_world.write_logs(seed, searches, logs)
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
    searches: Annotated[int, typer.Option(help="Searches to make up.")] = 100_000,
    seed: int = 900,
) -> None:
    """Prints what each candidate model costs."""
    engine = engine_of_warehouse()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        with Console(stderr=True).status("building a warehouse"):
            database = built(folder, searches, seed)
        table = Table("model", title=f"CPU seconds of candidates on {engine}")
        table.add_column("rows", justify="right")
        table.add_column("seconds", justify="right")
        with reading(database) as connection:
            (queries,) = connection.execute(
                "select count(*) from int_asked_query"
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
        table.add_row(f"{queries:,} different queries", "", f"{total:.2f}")
    Console().print(table)


if __name__ == "__main__":
    typer.run(main)
