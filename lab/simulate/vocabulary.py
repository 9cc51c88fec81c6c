"""The vocabulary of the synthetic video site.

Words and genres are real. People, brands and titles are invented from parts, so that
many of them are in no word list.
"""

import tomllib
from dataclasses import dataclass
from pathlib import Path

from lab.simulate.chance import Chance

_FOLDER = Path(__file__).parent
_WORDS = tomllib.loads((_FOLDER / "words.toml").read_text("utf-8"))


def _terms(text: str) -> tuple[str, ...]:
    return tuple(" ".join(term.split()) for term in text.split(";"))


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic that clips are about.

    Attributes:
        name: Its name.
        category: The site's category for it.
        words: Its words, the best known first, each with its synonyms.
    """

    name: str
    category: str
    words: tuple[tuple[str, ...], ...]


def _topics() -> tuple[Topic, ...]:
    tables = tomllib.loads((_FOLDER / "topics.toml").read_text("utf-8"))
    return tuple(
        Topic(
            name,
            table["category"],
            tuple(
                tuple(form.strip() for form in term.split("="))
                for term in _terms(table["words"])
            ),
        )
        for name, table in tables.items()
    )


TOPICS = _topics()
SUBJECTS = _terms(_WORDS["subjects"])
QUALITIES = _terms(_WORDS["qualities"])
GENRES = _terms(_WORDS["genres"])
PLACES = _terms(_WORDS["places"])
GEAR = _terms(_WORDS["gear"])
FESTIVALS = _terms(_WORDS["festivals"])
FIRST_NAMES = _terms(_WORDS["first_names"])
NAME_STARTS = _terms(_WORDS["name_starts"])
NAME_MIDDLES = _terms(_WORDS["name_middles"])
NAME_ENDS = _terms(_WORDS["name_ends"])
BRAND_STARTS = _terms(_WORDS["brand_starts"])
BRAND_ENDS = _terms(_WORDS["brand_ends"])
EVERYDAY = _terms(_WORDS["everyday"])


def surname(chance: Chance) -> str:
    """An invented family name, in lower case."""
    return chance.pick(NAME_STARTS) + chance.pick(NAME_MIDDLES) + chance.pick(NAME_ENDS)


def full_name(chance: Chance) -> str:
    """An invented person's first and family name."""
    return f"{chance.pick(FIRST_NAMES)} {surname(chance)}"


def brand(chance: Chance) -> str:
    """An invented brand or band: one word, sometimes two."""
    name = chance.pick(BRAND_STARTS) + chance.pick(BRAND_ENDS)
    return f"{name} {chance.pick(BRAND_KINDS)}" if chance.flag(0.3) else name


BRAND_KINDS = ("studio", "records", "collective", "films", "sisters", "club")


def title(chance: Chance, word: str) -> str:
    """An invented title of a film or song that contains a word: two to five words."""
    quality = chance.pick(QUALITIES)
    shape = chance.below(8)
    if shape == 0:
        return f"the {quality} {word}"
    if shape == 1:
        return f"{word} of the {chance.pick(SUBJECTS)}"
    if shape == 2:
        return f"a {word} in {chance.pick(PLACES)}"
    if shape == 3:
        return f"my {quality} {word}"
    if shape == 4:
        return f"{chance.pick(SUBJECTS)} and {word}"
    if shape == 5:
        return f"the {chance.pick(SUBJECTS)} and the {word}"
    if shape == 6:
        return f"{chance.pick(FIRST_NAMES)} and the {quality} {word}"
    return f"{quality} {word}"
