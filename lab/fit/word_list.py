"""Writes the public word lists: english_, rare_ and german_word_list.csv.

`python -m lab.fit.word_list` needs the extra `fit`. It was run once; the seeds are
pinned, and models read nothing else. The words and their frequencies come from the
package wordfreq (Robyn Speer, data under CC BY-SA 4.0; NOTICE lists its sources).
"""

import csv
import re
from collections import defaultdict
from pathlib import Path

from clip_search.project import PROJECT_ROOT
from lab.fit import LEAST_FREQUENCY
from lab.fit.unlisted_words import is_likely_run_together, is_likely_typo

SEED = PROJECT_ROOT / "seeds" / "enrichment" / "english_word_list.csv"
RARE_SEED = SEED.with_name("rare_word_list.csv")
GERMAN_SEED = SEED.with_name("german_word_list.csv")
LEAST_GERMAN_FREQUENCY = 240
"""One in four million: a megabyte of words, as for English."""
LEAST_RARE_FREQUENCY = 121
"""Even rarer words are in neither list: one in 63 million."""
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*")
_WORDS_A_ROW = 500


def listed_words(least: int, most: int, language: str = "en") -> dict[int, list[str]]:
    """The words between two frequencies, by frequency.

    Returns:
        Lower-case words by frequency, which is 100 times the Zipf value: the decimal
        logarithm of a word's count in a thousand million words.
    """
    from wordfreq import get_frequency_dict, zipf_frequency

    words = defaultdict(list)
    for word in get_frequency_dict(language, wordlist="large"):
        frequency = round(100 * zipf_frequency(word, language, wordlist="large"))
        if least <= frequency <= most and _is_word(word):
            words[frequency].append(word)
    return words


def rare_words() -> dict[int, list[str]]:
    """The words of the rare list, without those that look like typos themselves."""
    from wordfreq import get_frequency_dict

    share_of = get_frequency_dict("en", wordlist="large")
    rare = listed_words(LEAST_RARE_FREQUENCY, LEAST_FREQUENCY - 1)
    return {
        frequency: [
            word
            for word in words
            if not is_likely_run_together(word, share_of[word], share_of)
            and not is_likely_typo(word, share_of[word], share_of)
        ]
        for frequency, words in rare.items()
    }


def write_seed(path: Path, words: dict[int, list[str]]) -> int:
    """Writes a seed: the most common words first, many words of one frequency per row.

    Returns:
        The number of words.
    """
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["frequency", "words"])
        for frequency in sorted(words, reverse=True):
            ordered = sorted(words[frequency])
            for start in range(0, len(ordered), _WORDS_A_ROW):
                row = " ".join(ordered[start : start + _WORDS_A_ROW])
                writer.writerow([frequency, row])
    return sum(map(len, words.values()))


def _is_word(text: str) -> bool:
    """Letters with apostrophes inside; single letters only if they are words."""
    return (
        _WORD.fullmatch(text) is not None
        and len(text) <= 32
        and (len(text) > 1 or text in "ai" or not text.isascii())
    )


if __name__ == "__main__":
    print(f"{write_seed(SEED, listed_words(LEAST_FREQUENCY, 1000)):,} words")
    print(f"{write_seed(RARE_SEED, rare_words()):,} rare words")
    german = listed_words(LEAST_GERMAN_FREQUENCY, 1000, "de")
    print(f"{write_seed(GERMAN_SEED, german):,} German words")
