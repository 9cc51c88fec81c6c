"""Writes queries of one word in another language, right ones and typos, to measure.

    python -m lab.quality.language_words de > german.csv
    make quality-rewrites QUERIES=german.csv

Words are drawn by their frequency, or by its square root (`--power 0.5`), so that
nearly half of them are in none of our lists. Needs the extra `fit`.
"""

import csv
import math
import sys
from typing import Annotated

import typer

from lab.fit.misspelling import misspelled
from lab.fit.unlisted_words import is_plain
from lab.simulate.chance import Chance

COMMON_ENGLISH = 3.0
"""Words that are as common in English (Zipf) are known without another list."""


def drawn_words(language: str, count: int, power: float, chance: Chance) -> list[str]:
    """Different words of four letters or more (a to z), in random order.

    Drawn without replacement, by the exponents of Efraimidis and Spirakis (2006).
    """
    from wordfreq import get_frequency_dict, zipf_frequency

    keys = {
        word: math.log(1 - chance.share()) / share**power
        for word, share in get_frequency_dict(language, wordlist="large").items()
        if is_plain(word) and zipf_frequency(word, "en") < COMMON_ENGLISH
    }
    drawn = sorted(keys, key=lambda word: keys[word], reverse=True)[:count]
    return chance.shuffled(drawn)


def main(
    language: str,
    count: Annotated[int, typer.Option(help="Right queries, and typos.")] = 4_000,
    power: Annotated[float, typer.Option(help="Of a word's frequency.")] = 1.0,
    seed: int = 1,
) -> None:
    """Writes the queries to standard output."""
    chance = Chance(seed)
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(["set", "query", "meant", "kind"])
    words = drawn_words(language, 2 * count, power, chance)
    for word in words[:count]:
        writer.writerow([language, word, word, "clean"])
    for word in words[count:]:
        writer.writerow([language, misspelled(word, chance), word, "typo"])


if __name__ == "__main__":
    typer.run(main)
