"""Measures a stock spell checker on queries whose meaning is known.

    python -m lab.benchmarks.stock_speller LABELS.csv

Every word that the spell checker does not know is replaced with its first correction,
as in a search box that trusts it. For comparison: `clip-search evaluate --labels
LABELS.csv`.
"""

import sys
from collections.abc import Iterable
from importlib import resources
from pathlib import Path

from rich.console import Console
from rich.table import Table
from spellchecker import SpellChecker
from symspellpy import SymSpell  # type: ignore[import-untyped]

from clip_search.engines import database_path
from clip_search.intervals import percent_interval, shown_interval
from lab.evaluate.intended import from_labels


def corrected(query: str, speller: SpellChecker) -> str:
    """The query with each unknown alphabetic word corrected."""
    return " ".join(
        speller.correction(word) or word if word.isalpha() else word
        for word in query.split()
    )


def compound_speller() -> SymSpell:
    """SymSpell with the words and the pairs of words that come with it."""
    speller = SymSpell(max_dictionary_edit_distance=1)
    data = resources.files("symspellpy")
    words = data / "frequency_dictionary_en_82_765.txt"
    pairs = data / "frequency_bigramdictionary_en_243_342.txt"
    speller.load_dictionary(str(words), term_index=0, count_index=1)
    speller.load_bigram_dictionary(str(pairs), term_index=0, count_index=2)
    return speller


def corrected_as_a_whole(query: str, speller: SymSpell) -> str:
    """The query as SymSpell corrects it: words, and spaces between them."""
    found = speller.lookup_compound(
        query, max_edit_distance=1, ignore_non_words=True, split_by_space=True
    )
    return found[0].term if found else query


def counted(pairs: Iterable[tuple[str, frozenset[str], bool]]) -> dict[str, str]:
    """Counts changes; a pair's last value tells whether the query has a typo."""
    typos = clean = right = rewritten = clean_changed = 0
    speller = SpellChecker()
    for query, meant, has_typo in pairs:
        text = corrected(query, speller)
        typos += has_typo
        clean += not has_typo
        rewritten += text != query
        right += has_typo and text in meant
        clean_changed += not has_typo and text != query
    return {
        "rewritten": f"{rewritten:,}",
        "precision": f"{right / rewritten:.4f}",
        "precision, 95 %": shown_interval(right, rewritten),
        "recall": f"{right / typos:.3f}",
        "recall, 95 %": shown_interval(right, typos),
        "clean changed": f"{clean_changed:,}",
        "of clean": f"{100 * clean_changed / clean:.1f} %",
        "of clean, 95 %": f"{percent_interval(clean_changed, clean, 1)} %",
    }


def main() -> None:
    """Reads the label file given on the command line, and prints one row."""
    judged = from_labels(Path(sys.argv[1]), database_path())
    cells = counted((each.query_text, each.meant, each.has_typo) for each in judged)
    table = Table()
    table.add_column("speller")
    for name in cells:
        table.add_column(name, justify="right")
    table.add_row("pyspellchecker", *cells.values())
    Console().print(table)


if __name__ == "__main__":
    main()
