"""Generates the logs to fit the weights on, builds their warehouses, and fits.

Run by `make fit`; it needs the extra `fit` and takes half an hour. What is already in
the folder is not generated again.
"""

import argparse
import os
import subprocess
import sys
from pathlib import Path

from rich.console import Console

from clip_search.project import PROJECT_ROOT
from lab.evaluate.intended_queries import intended_queries
from lab.evaluate.new_queries import judged_as_new
from lab.fit import rewrite_weights as fit
from lab.fit.word_world import write_logs

# Logs of the simulated site and of word worlds: (seed, searches). Many are small, as
# every site starts small. Seed 21 is left out, as it is used for evaluation.
SITES = (
    (11, 100_000), (12, 20_000), (13, 20_000), (31, 1_000), (32, 1_000), (33, 3_000),
    (34, 3_000), (35, 10_000), (51, 1_000), (52, 600), (53, 600), (54, 1_500),
    (55, 2_000), (56, 300), (57, 300),
)  # fmt: skip
WORD_WORLDS = (
    (101, 1_500), (102, 1_500), (103, 1_500), (104, 1_500), (105, 4_000), (106, 4_000),
    (107, 12_000), (108, 700), (109, 700), (110, 12_000), (111, 4_000), (112, 4_000),
    (113, 12_000), (114, 1_500), (115, 1_500),
)  # fmt: skip

NEW_QUERIES = (301, 50_000)
"""A word world (seed, searches) whose queries are judged as new."""
EVIDENCE_FOR_NEW = (31, 1_000)
"""The log by whose evidence they are judged."""


def made_logs(folder: Path, seed: int, searches: int) -> Path:
    """A folder of logs of the site or of a word world, generated if it is missing."""
    logs = folder / f"{seed}_{searches}"
    if (logs / "truth").is_dir():
        return logs
    if (seed, searches) in (*WORD_WORLDS, NEW_QUERIES):
        write_logs(seed, searches, logs)
    else:
        _run(
            {}, "clip-search", "simulate", "--seed", str(seed),
            "--requests", str(searches), "--out", str(logs),
        )  # fmt: skip
    return logs


def built_warehouse(logs: Path) -> Path:
    """The warehouse of logs, built up to the features of rewrites."""
    database = logs / "warehouse.db"
    if database.is_file():
        return database
    unfinished = logs / "unfinished.db"
    unfinished.unlink(missing_ok=True)
    environment = {
        "CLIP_SEARCH_TARGET": "sqlite",
        "CLIP_SEARCH_DATABASE": str(unfinished),
        "DBT_TARGET_PATH": str(logs.parent / "target"),
        "DBT_LOG_PATH": str(logs.parent),
    }
    _run(environment, "clip-search", "load", str(logs))
    _run(
        environment, "dbt", "--quiet", "build", "--exclude-resource-types",
        "unit_test", "test", "--select", "+rewrite_feature",
    )  # fmt: skip
    unfinished.rename(database)
    return database


def judged_queries(folder: Path) -> tuple[Path, Path]:
    """A warehouse that has judged the new queries, and the folder `truth` of them."""
    logs = made_logs(folder, *NEW_QUERIES)
    database = logs / "warehouse.db"
    if not database.is_file():
        evidence = built_warehouse(made_logs(folder, *EVIDENCE_FOR_NEW))
        queries = intended_queries(logs / "truth")
        models = ("int_log_query_term", "+rewrite_feature,path:models/rewrite")
        judged_as_new(queries, evidence, logs, models).rename(database)
    return database, logs / "truth"


def _run(environment: dict[str, str], program: str, *arguments: str) -> None:
    subprocess.run(  # noqa: S603
        [str(Path(sys.executable).parent / program), *arguments],
        cwd=PROJECT_ROOT,
        env={**os.environ, **environment},
        stdout=subprocess.DEVNULL,
        check=True,
    )


def main() -> None:
    """Generates and builds every world, then writes the seed of weights."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="folder for logs and warehouses")
    folder: Path = parser.parse_args().folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    worlds = [*SITES, *WORD_WORLDS]
    pairs = []
    console = Console(stderr=True)
    with console.status("") as status:
        for number, (seed, searches) in enumerate(worlds, 1):
            status.update(f"world {number} of {len(worlds)}: {searches:,} searches")
            logs = made_logs(folder, seed, searches)
            pairs.append((built_warehouse(logs), logs / "truth"))
    fit.write_seed(pairs, judged_queries(folder))


if __name__ == "__main__":
    main()
