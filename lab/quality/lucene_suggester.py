"""Corrects queries as Lucene's own suggester does, over this project's word lists."""

import csv
import subprocess
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from clip_search.export.lucene_check import class_path, java_command
from clip_search.project import PROJECT_ROOT

WORD_LISTS = ("english_word_list", "rare_word_list")
"""The seeds with the words that are right."""
LEVEL_WIDTH = 25
"""Words within a quarter of a Zipf unit are equally frequent to Lucene."""

_PROGRAM = Path(__file__).with_name("Suggester.java")
_JARS = ("lucene-core-*.jar", "lucene-analy*-common-*.jar", "lucene-suggest-*.jar")


def listed_words() -> dict[str, int]:
    """The words of the public lists, and a hundred times their Zipf values."""
    found = {}
    for name in WORD_LISTS:
        path = PROJECT_ROOT / "seeds" / "enrichment" / f"{name}.csv"
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                found.update(dict.fromkeys(row["words"].split(), int(row["frequency"])))
    return found


def suggested(queries: Sequence[str], words: Mapping[str, int]) -> dict[str, str]:
    """What each query becomes; those that stay as they are are left out.

    Args:
        queries: Texts in normal form, none with a line end.
        words: The words that are right, and how frequent they are.

    Raises:
        ExportError: Java or Lucene is missing.
        RuntimeError: The program failed; the message is what it printed.
    """
    with TemporaryDirectory(prefix="clip_search_lucene_") as scratch:
        listed, typed = Path(scratch, "words"), Path(scratch, "queries")
        listed.write_text(_lines(_levels(words)), "utf-8")
        typed.write_text(_lines(queries), "utf-8")
        finished = subprocess.run(  # noqa: S603 - a program of ours
            [
                *(java_command(), "-cp", class_path(_JARS)),
                *(str(_PROGRAM), str(listed), str(typed)),
            ],
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
    if finished.returncode != 0:
        raise RuntimeError(finished.stderr)
    texts = finished.stdout.removesuffix("\n").split("\n")
    return {
        query: text for query, text in zip(queries, texts, strict=True) if text != query
    }


def _levels(words: Mapping[str, int]) -> list[str]:
    """A line for each level of frequency, the highest first."""
    levels = defaultdict(list)
    for word, frequency in words.items():
        levels[frequency // LEVEL_WIDTH].append(word)
    return [
        " ".join([str(level), *sorted(levels[level])])
        for level in sorted(levels, reverse=True)
    ]


def _lines(texts: Iterable[str]) -> str:
    return "".join(f"{text}\n" for text in texts)
