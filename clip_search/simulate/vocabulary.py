"""The words of a made-up video site: what its people type into the search box.

The lists stand in the order of popularity. Directors, bands and titles are invented:
they are put together from parts, so that there is no end to them.
"""

import tomllib
from collections.abc import Callable
from pathlib import Path

from clip_search.simulate.chance import Chance, Zipf

_WORDS = tomllib.loads(Path(__file__).with_name("words.toml").read_text("utf-8"))


def _terms(name: str) -> tuple[str, ...]:
    return tuple(" ".join(term.split()) for term in _WORDS[name].split(";"))


HEAD = _terms("head")
SUBJECTS = _terms("subjects")
QUALITIES = _terms("qualities")
GENRES = _terms("genres")
PLACES = _terms("places")
GEAR = _terms("gear")
FESTIVALS = _terms("festivals")
FIRST_NAMES = _terms("first_names")
NAME_STARTS = _terms("name_starts")
NAME_MIDDLES = _terms("name_middles")
NAME_ENDS = _terms("name_ends")
EVERYDAY = _terms("everyday")

_HEAD_RANKS = Zipf(len(HEAD), flatness=12.0)
_SUBJECT_RANKS = Zipf(len(SUBJECTS), flatness=20.0)


def surname(chance: Chance) -> str:
    """An invented family name, in lower case."""
    return chance.pick(NAME_STARTS) + chance.pick(NAME_MIDDLES) + chance.pick(NAME_ENDS)


def full_name(chance: Chance) -> str:
    """An invented person's first and family name."""
    return f"{chance.pick(FIRST_NAMES)} {surname(chance)}"


def subject(chance: Chance) -> str:
    """Something that films are about; one word."""
    return SUBJECTS[_SUBJECT_RANKS.rank(chance)]


def title(chance: Chance) -> str:
    """An invented title of a film or song: two to five words."""
    shape = chance.below(5)
    quality, thing = chance.pick(QUALITIES), subject(chance)
    if shape == 0:
        return f"the {quality} {thing}"
    if shape == 1:
        return f"{thing} of the {chance.pick(SUBJECTS)}"
    if shape == 2:
        return f"a {thing} in {chance.pick(PLACES)}"
    if shape == 3:
        return f"my {quality} {thing}"
    return f"{quality} {thing}"


def band(chance: Chance) -> str:
    """An invented band: two words."""
    return f"{chance.pick(QUALITIES)} {subject(chance)}s"


def query(chance: Chance) -> str:
    """What one person typed: about half are a single word, few more than three."""
    return chance.pick(_MAKERS)(chance)


def refined(chance: Chance, previous: str) -> str:
    """What the same person types next: the query made narrower, or another one."""
    if chance.flag(0.6) and len(previous.split()) < 4:
        return f"{previous} {chance.pick(GENRES)}"
    return query(chance)


_QUERY_KINDS: tuple[tuple[int, Callable[[Chance], str]], ...] = (
    (80, lambda chance: HEAD[_HEAD_RANKS.rank(chance)]),
    (20, subject),
    (28, surname),
    (20, full_name),
    (12, lambda chance: f"{chance.pick(QUALITIES)} {subject(chance)}"),
    (10, lambda chance: f"{subject(chance)} {chance.pick(GENRES)}"),
    (8, lambda chance: f"{chance.pick(PLACES)} {chance.pick(GENRES)}"),
    (8, title),
    (4, lambda chance: f"{band(chance)} - {title(chance)}"),
    (4, lambda chance: f"{full_name(chance)} {chance.pick(GENRES)}"),
    (3, lambda chance: chance.pick(GEAR)),
    (3, lambda chance: f"{chance.pick(FESTIVALS)} {chance.between(2012, 2020)}"),
)
"""(how many of 200 queries, what makes them)."""
_MAKERS = tuple(make for count, make in _QUERY_KINDS for _ in range(count))
