"""Intents: what people search for, how they say it, and which clips answer it.

An intent is one or more concepts that some clip is about, so that there is something to
find. Relevance depends on the concepts, never on the metadata or the clicks of a clip:

    3  it is about all of them
    2  it is related to all of them
    1  it is about the first of several
    0  anything else

A clip that disappoints has 2 less, at least 0.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from lab.simulate.catalogue import Catalogue
from lab.simulate.chance import Chance, Zipf
from lab.simulate.settings import Queries, SettingsError

_REMEMBERED_INTENTS = 16_384


@dataclass(frozen=True, slots=True)
class Intent:
    """Something that people search for.

    Attributes:
        number: Its index among all intents.
        kind: The kinds of its concepts, in order.
        concepts: Their numbers.
        text: The usual way to say it.
    """

    number: int
    kind: str
    concepts: tuple[int, ...]
    text: str


class Intents:
    """All intents, drawn according to their popularity.

    Args:
        catalogue: The clips and concepts.
        settings: The number of each kind, and their popularity.
        chance: Decides which.

    Raises:
        SettingsError: A kind of intent refers to an unknown kind of concept.
    """

    def __init__(self, catalogue: Catalogue, settings: Queries, chance: Chance) -> None:
        self._catalogue = catalogue
        self._chance = chance
        self._synonym = settings.synonym
        self._holders = catalogue.holders()
        self._by_text: dict[str, Intent] = {}
        self._by_first: dict[int, list[Intent]] = {}
        self.all: list[Intent] = []
        self._kinds: list[tuple[float, list[Intent], Zipf]] = []
        shares = 0.0
        for table in settings.kinds:
            made = list(self._made(table))
            if made:
                shares += table["share"]
                self._kinds.append((shares, made, Zipf(len(made), table["flatness"])))
        self._shares = shares
        self.relevant = lru_cache(maxsize=_REMEMBERED_INTENTS)(self._relevant)

    def draw(self) -> Intent:
        """A random intent, popular ones more often."""
        point = self._chance.share() * self._shares
        for until, intents, ranks in self._kinds:
            if point < until:
                return intents[ranks.rank(self._chance)]
        return self._kinds[-1][1][0]

    def words_for(self, intent: Intent) -> str:
        """One way to say it: each concept in its usual form or another one."""
        texts = []
        for number in intent.concepts:
            forms = self._catalogue.concepts[number].forms
            if len(forms) > 1 and self._chance.flag(self._synonym):
                texts.append(self._chance.pick(forms[1:]))
            else:
                texts.append(forms[0])
        return " ".join(texts)

    def other_words_for(self, intent: Intent, than: str) -> str:
        """Another way to say it, or the usual one if there is no other."""
        for _ in range(4):
            text = self.words_for(intent)
            if text != than:
                return text
        return intent.text

    def narrower(self, intent: Intent) -> Intent | None:
        """An intent with the same first concept and a further one, if any."""
        others = self._by_first.get(intent.concepts[0], [])
        return self._chance.pick(others) if others else None

    def _relevant(self, number: int) -> dict[int, int]:
        """The clips that answer an intent, with their relevance: 1 to 3."""
        clips = self._catalogue.clips
        first, *rest = self.all[number].concepts
        grades = {}
        for clip, is_main in self._holders[first].items():
            others = [self._holders[concept].get(clip) for concept in rest]
            if None not in others:
                grades[clip] = 3 if is_main and all(others) else 2
            elif is_main:
                grades[clip] = 1
        return {
            clip: grade - 2 * clips[clip].is_disappointing
            for clip, grade in grades.items()
            if grade > 2 * clips[clip].is_disappointing
        }

    def _made(self, table: dict[str, Any]) -> Iterator[Intent]:
        """Intents of one kind, the most popular first."""
        kind = table["name"]
        choices = self._singles if " " not in kind else self._pairs
        left = table["count"]
        for concepts in choices(kind):
            if left == 0:
                return
            intent = self._added(kind, concepts)
            if intent is not None:
                left -= 1
                yield intent

    def _singles(self, kind: str) -> list[tuple[int, ...]]:
        """Single concepts of a kind, those of the most clips first."""
        concepts = self._catalogue.concepts
        numbers = [
            number
            for number, concept in enumerate(concepts)
            if concept.kind == kind and self._holders[number]
        ]
        if not numbers:
            raise SettingsError(f"queries.kinds: no clip has a concept {kind!r}")
        # The sort is stable: equal ones keep the order of their creation.
        numbers.sort(key=lambda number: -len(self._holders[number]))
        return [(number,) for number in numbers]

    def _pairs(self, kind: str) -> Iterator[tuple[int, ...]]:
        """Random pairs of concepts that occur together in some clip."""
        first_kind, second_kind = kind.split(" ", 1)
        concepts, chance = self._catalogue.concepts, self._chance
        for _ in range(8 * len(self._catalogue.clips)):
            clip = chance.pick(self._catalogue.clips)
            about = (*clip.main, *clip.aside)
            first = [each for each in about if concepts[each].kind == first_kind]
            if not first:
                continue
            one = chance.pick(first)
            second = [
                each
                for each in about
                if concepts[each].kind == second_kind and each != one
            ]
            if second:
                yield one, chance.pick(second)

    def _added(self, kind: str, concepts: tuple[int, ...]) -> Intent | None:
        text = " ".join(
            self._catalogue.concepts[number].forms[0] for number in concepts
        )
        if text in self._by_text:
            return None
        intent = Intent(len(self.all), kind, concepts, text)
        self._by_text[text] = intent
        self.all.append(intent)
        if len(concepts) > 1:
            self._by_first.setdefault(concepts[0], []).append(intent)
        return intent
