"""The clips of the synthetic site, and what each is truly about.

A clip is about concepts: words of a topic, a genre, its maker, its title, perhaps a
place, a brand or gear. Its metadata mentions most of them, in the words of its maker;
the truth lists all of them.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from zlib import crc32

from lab.simulate import vocabulary
from lab.simulate.chance import Chance, Zipf
from lab.simulate.ids import scrambled
from lab.simulate.settings import Clips
from lab.simulate.stamps import DAY, SECOND, instant_of
from lab.simulate.vocabulary import Topic

_FIRST_UPLOAD = instant_of(2008, 1, 1)
_DAYS_OF_UPLOADS = 3_890
_VERSIONS = ("", "trailer", "making of")


@dataclass(frozen=True, slots=True)
class Concept:
    """Something that a clip can be about.

    Attributes:
        kind: word, genre, person, brand, place, gear or title.
        forms: The ways to say it, the usual one first.
    """

    kind: str
    forms: tuple[str, ...]


@dataclass(slots=True)
class Clip:
    """A clip, its metadata, and the truth.

    Attributes:
        cid: Its id.
        name: What its maker calls it.
        description: A few sentences, or empty.
        tags: A few words.
        categories: The site's categories for it.
        user_name: The uploader.
        duration: In seconds.
        plays: The number of plays before the first search.
        created: The instant of its upload.
        main: Numbers of the concepts that it is about.
        aside: Numbers of the concepts that it only touches on.
        is_disappointing: Whether people want it less than its metadata promises.
    """

    cid: str
    name: str = ""
    description: str = ""
    tags: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    user_name: str = ""
    duration: int = 0
    plays: int = 0
    created: int = 0
    main: tuple[int, ...] = ()
    aside: tuple[int, ...] = ()
    is_disappointing: bool = False


@dataclass(slots=True)
class _Maker:
    concept: int
    topic: Topic
    words: list[int] = field(default_factory=list)


class Catalogue:
    """All clips and concepts. The catalogue does not change while people search.

    Args:
        settings: Numbers and kinds of clips.
        chance: Decides what they are.

    Attributes:
        concepts: All concepts; a concept's number is its index.
        clips: The clips; a clip's number is its index.
    """

    def __init__(self, settings: Clips, chance: Chance) -> None:
        self.concepts: list[Concept] = []
        self.clips: list[Clip] = []
        self._settings = settings
        self._chance = chance
        self._numbers: dict[tuple[str, str], int] = {}
        self._topic_ranks = Zipf(
            min(settings.topics, len(vocabulary.TOPICS)), flatness=25.0
        )
        self._word_ranks = Zipf(26, flatness=9.0)
        self._genre_ranks = Zipf(len(vocabulary.GENRES), flatness=6.0)
        self._makers = [self._maker() for _ in range(settings.makers)]
        self._brands = [
            self._concept("brand", vocabulary.brand(chance))
            for _ in range(settings.brands)
        ]
        maker_ranks = Zipf(settings.makers, flatness=80.0)
        while len(self.clips) < settings.count:
            self._add_work(self._makers[maker_ranks.rank(chance)])
        del self.clips[settings.count :]

    def holders(self) -> list[dict[int, bool]]:
        """For each concept, the clips related to it, and whether they are about it."""
        holders: list[dict[int, bool]] = [{} for _ in self.concepts]
        for number, clip in enumerate(self.clips):
            for concept in clip.aside:
                holders[concept][number] = False
            for concept in clip.main:
                holders[concept][number] = True
        return holders

    def _concept(self, kind: str, *forms: str) -> int:
        """The number of the concept with this usual form; it is created if missing."""
        number = self._numbers.setdefault((kind, forms[0]), len(self.concepts))
        if number == len(self.concepts):
            self.concepts.append(Concept(kind, forms))
        return number

    def _maker(self) -> _Maker:
        name = vocabulary.full_name(self._chance)
        topic = vocabulary.TOPICS[self._topic_ranks.rank(self._chance)]
        return _Maker(self._concept("person", name, name.split()[1]), topic)

    def _add_work(self, maker: _Maker) -> None:
        """Adds a film, and perhaps its trailer and the film about its making."""
        chance, settings = self._chance, self._settings
        topic = maker.topic
        if not chance.flag(settings.faithful):
            topic = vocabulary.TOPICS[self._topic_ranks.rank(chance)]
        words: list[int] = []
        while len(words) < chance.between(2, 4):
            forms = topic.words[self._word_ranks.rank(chance) % len(topic.words)]
            word = self._concept("word", *forms)
            if word not in words:
                words.append(word)
        named = self.concepts[words[0]].forms[0]
        title = self._concept("title", vocabulary.title(chance, named))
        genre = self._concept(
            "genre", vocabulary.GENRES[self._genre_ranks.rank(chance)]
        )
        aside = words[2:]
        if chance.flag(settings.with_place):
            aside.append(self._concept("place", chance.pick(vocabulary.PLACES)))
        if chance.flag(settings.with_gear):
            aside.append(self._concept("gear", chance.pick(vocabulary.GEAR)))
        if chance.flag(settings.with_brand):
            aside.append(chance.pick(self._brands))
        share = chance.share()
        several, many = settings.two_clips, settings.three_clips
        versions = 3 if share < many else 2 if share < many + several else 1
        for version in _VERSIONS[:versions]:
            kind = self._concept("genre", version) if version else genre
            main = (title, maker.concept, *words[:2], kind)
            self._add_clip(topic, main, tuple(aside), version)

    def _add_clip(
        self, topic: Topic, main: tuple[int, ...], aside: tuple[int, ...], version: str
    ) -> None:
        chance, settings = self._chance, self._settings
        title, maker, *_, genre = main
        said = {
            number: self._said(number)
            for number in (*main[2:], *aside)
            if not chance.flag(settings.unsaid)
        }
        clip = Clip(scrambled(len(self.clips) + 1), main=main, aside=aside)
        # Not drawn, so that a world with such clips is otherwise the same.
        clip.is_disappointing = crc32(clip.cid.encode()) < (
            settings.disappointing * 2**32
        )
        clip.name = self._name(title, genre, said, version)
        clip.user_name = _capitals(self.concepts[maker].forms[0])
        clip.categories = (topic.category, _capitals(self.concepts[genre].forms[0]))
        if not chance.flag(settings.without_description):
            clip.description = self._description(maker, said)
        if not chance.flag(settings.without_tags):
            clip.tags = tuple(
                text for text in said.values() if chance.flag(settings.tagged)
            )
        clip.duration = chance.from_quantiles(settings.duration_seconds)
        clip.plays = chance.from_quantiles(settings.plays)
        clip.created = (
            _FIRST_UPLOAD
            + chance.below(_DAYS_OF_UPLOADS) * DAY
            + chance.below(DAY // SECOND) * SECOND
        )
        self.clips.append(clip)

    def _said(self, number: int) -> str:
        forms = self.concepts[number].forms
        if len(forms) > 1 and self._chance.flag(self._settings.synonym):
            return self._chance.pick(forms[1:])
        return forms[0]

    def _name(self, title: int, genre: int, said: dict[int, str], version: str) -> str:
        name = _capitals(self.concepts[title].forms[0])
        if version:
            return f"{name} - {_capitals(version)}"
        brands = [
            text
            for number, text in said.items()
            if self.concepts[number].kind == "brand"
        ]
        if brands:
            return f'{_capitals(brands[0])} "{name}"'
        if genre in said and self._chance.flag(0.4):
            return f"{name} | {_capitals(said[genre])}"
        return name

    def _description(self, maker: int, said: dict[int, str]) -> str:
        chance = self._chance
        texts = {"word": [], "genre": [], "place": [], "gear": [], "brand": []}  # type: dict[str, list[str]]
        for number, text in said.items():
            texts[self.concepts[number].kind].append(text)
        sentences = []
        if texts["word"]:
            opening = chance.pick(_OPENINGS)
            sentences.append(opening.format(_listed(texts["word"])))
        for kind, form in _SENTENCES:
            sentences += [form.format(_capitals(text)) for text in texts[kind]]
        if chance.flag(0.3):
            words = (chance.pick(vocabulary.EVERYDAY) for _ in range(2))
            sentences.append(chance.pick(_ASIDES).format(*words))
        if chance.flag(0.4):
            name = _capitals(self.concepts[maker].forms[0])
            sentences.append(f"Directed by {name}.")
        return " ".join(sentences)


_OPENINGS = (
    "A film about {}.",
    "All about {}.",
    "{}, seen up close.",
    "Made with love for {}.",
    "What happens when it comes to {}?",
    "A few minutes of {}.",
)
_ASIDES = (
    "Perhaps a {}, perhaps a {}.",
    "It began with {} and ended with {}.",
    "No {} without {}.",
)
_SENTENCES = (
    ("genre", "{}."),
    ("place", "Shot in {}."),
    ("gear", "Filmed with {}."),
    ("brand", "For {}."),
)


def _capitals(text: str) -> str:
    return " ".join(word[:1].upper() + word[1:] for word in text.split())


def _listed(texts: Iterable[str]) -> str:
    *most, last = texts
    return f"{', '.join(most)} and {last}" if most else last
