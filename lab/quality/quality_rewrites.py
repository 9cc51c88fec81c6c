"""Measures rewrites on queries that nothing here was fitted to.

    python -m lab.quality.quality_rewrites QUERIES.csv [--warehouse FILE] [--page FILE]
        [--size N ...]

Each query is judged as if it were new: by what the warehouse learned, without results
and clicks of its own. Spell checkers that correct every word they do not know are
measured in the same run: SymSpell, pyspellchecker, and Lucene's suggester if Java and
Lucene are installed. With sizes, logs of that many searches are simulated and measured
too.
"""

import argparse
import shutil
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.table import Table
from spellchecker import SpellChecker

from clip_search.engines import database_path
from clip_search.export.export_error import ExportError
from clip_search.terminal import new_console
from lab.benchmarks.markdown import markdown
from lab.benchmarks.stock_speller import (
    compound_speller,
    corrected,
    corrected_as_a_whole,
)
from lab.evaluate.corrections import Judged
from lab.evaluate.evaluation_tables import TIERS
from lab.evaluate.new_queries import rewrites_of
from lab.quality import quality_table, simulated_logs
from lab.quality.lucene_suggester import listed_words, suggested
from lab.quality.quality_table import Change
from lab.quality.query_sets import QuerySetError, read_sets

_PAGE = Path(__file__).with_name("rewrites_page.md")
"""The page, with a place for the tables."""
Section = tuple[str, Sequence[str], list[Sequence[str]]]


def sections(sets: dict[str, list[Judged]], warehouse: Path) -> list[Section]:
    """Titles, headers and cells of all tables."""
    queries = [query.query_text for of_set in sets.values() for query in of_set]
    with TemporaryDirectory() as folder:
        rewrites = rewrites_of(queries, warehouse, Path(folder))

    # Corrections at distance 2 would take hours, and would change more right queries.
    speller = SpellChecker(distance=1)

    def spelled(query: str) -> str | None:
        text = corrected(query, speller)
        return None if text == query else text

    compounds = compound_speller()

    def spelled_as_a_whole(query: str) -> str | None:
        text = corrected_as_a_whole(query, compounds)
        return None if text == query else text

    measured: list[tuple[str, Change]] = [
        *(
            (name, quality_table.applied(rewrites, tiers))
            for name, tiers in TIERS.items()
        ),
        ("SymSpell, distance 1", spelled_as_a_whole),
        ("pyspellchecker, distance 1", spelled),
    ]
    try:
        suggestions = suggested(queries, listed_words())
    except ExportError as error:
        new_console(stderr=True).print(f"left out: {error.problem}", markup=False)
    else:
        measured.append(("Lucene's suggester, distance 2", suggestions.get))
    found: list[Section] = []
    for title, way in measured:
        tallies = quality_table.tallies(sets, way)
        found += [
            (
                f"{title}: typos",
                quality_table.HEADERS,
                quality_table.typo_rows(tallies),
            ),
            (
                f"{title}: right queries",
                quality_table.RIGHT_HEADERS,
                quality_table.right_rows(tallies),
            ),
        ]
    return found


def simulated_sections(
    sizes: Sequence[int], sets: dict[str, list[Judged]]
) -> list[Section]:
    """The tables of simulated logs.

    Args:
        sizes: Searches by people in each log.
        sets: Other queries, judged by what each log taught.
    """
    logs = [
        simulated_logs.SimulatedLog(size, tolerates_typos)
        for tolerates_typos in (False, True)
        for size in sizes
    ]
    with TemporaryDirectory() as folder:
        measured = []
        for number, log in enumerate(logs, 1):
            new_console(stderr=True).print(f"{number}/{len(logs)}: {log.name}")
            place = Path(folder) / str(number)
            measured.append(simulated_logs.measure(log, sets, place))
            shutil.rmtree(place)
    return [
        (
            "Simulated logs, auto: typed queries",
            simulated_logs.HEADERS,
            simulated_logs.rows(measured),
        ),
        (
            "Simulated logs, auto: by evidence, without outcomes",
            simulated_logs.EVIDENCE_HEADERS,
            simulated_logs.evidence_rows(measured),
        ),
        (
            "The sets above with the evidence of simulated logs, auto",
            simulated_logs.other_headers(measured),
            simulated_logs.other_rows(measured),
        ),
    ]


def main() -> None:
    """Prints the tables, and writes them to a page if one is named."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "queries", type=Path, help="a CSV file: set, query, meant, kind"
    )
    parser.add_argument("--warehouse", type=Path, help="the evidence (SQLite)")
    parser.add_argument("--page", type=Path, help="also write the tables to this page")
    parser.add_argument(
        "--size", type=int, action="append", help="simulate a log of this many searches"
    )
    given = parser.parse_args()
    try:
        sets = read_sets(given.queries)
    except (OSError, QuerySetError) as error:
        parser.error(f"no queries to measure: {error}")
    found = sections(sets, given.warehouse or database_path())
    if given.size:
        found += simulated_sections(given.size, sets)
    console = new_console()
    for title, headers, rows in found:
        table = Table(*headers, title=title, title_justify="left")
        for row in rows:
            table.add_row(*row)
        console.print(table)
    if given.page:
        tables = "\n\n".join(
            f"## {title}\n\n{markdown(headers, rows)}" for title, headers, rows in found
        )
        given.page.write_text(
            _PAGE.read_text("utf-8").replace("{tables}", tables), "utf-8"
        )


if __name__ == "__main__":
    main()
