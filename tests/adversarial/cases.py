"""What a set of texts is, and how a rule does on it."""

import random
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from lab.score.tally import Tally

Judge = Callable[[str], bool]


@dataclass(frozen=True)
class Case:
    """A text and what it is.

    Attributes:
        text: What somebody typed.
        is_positive: Whether the rule must take it, by our definition.
        group: What is special about it.
        secret: What must not be left of it once it was taken.
    """

    text: str
    is_positive: bool
    group: str
    secret: str = ""


@dataclass(frozen=True)
class Result:
    """How a rule did, and how far our definition and a library's go together."""

    name: str
    judge: str
    tally: Tally
    negatives: int
    differences: Counter[str]


def unique(cases: Iterable[Case]) -> list[Case]:
    """Each text once; the first one counts."""
    return list({case.text: case for case in reversed(list(cases))}.values())


def spread(
    draw: random.Random,
    count: int,
    group: str,
    is_positive: bool,
    make: Callable[[random.Random], tuple[str, str]],
) -> list[Case]:
    """`count` different texts of a maker that gives (text, secret)."""
    made: dict[str, Case] = {}
    for _ in range(count * 30):
        if len(made) == count:
            break
        text, secret = make(draw)
        made.setdefault(text, Case(text, is_positive, group, secret))
    return list(made.values())


def judged(
    name: str,
    judge_name: str,
    cases: Sequence[Case],
    is_taken: Sequence[bool],
    judge: Judge,
) -> Result:
    """How a rule did on a set."""
    tally = Tally()
    differences: Counter[str] = Counter()
    for case, taken in zip(cases, is_taken, strict=True):
        tally.add(case.is_positive, taken)
        if judge(case.text) != case.is_positive:
            differences[case.group] += 1
    negatives = sum(not case.is_positive for case in cases)
    return Result(name, judge_name, tally, negatives, differences)


WORDS = (
    *("showreel", "wedding film", "drone", "casting", "contact", "trailer", "studio"),
    *("call", "live", "camera", "refund", "music video", "paper moon", "reel by"),
)
SENTENCES = (
    *("{}", "{}", "{}", "{} {w}", "{w} {}", "{w} {} {w2}", "{w}: {}", "({})", "{}."),
    *("{},", '"{}"', "{w}, {}!", "{}?", "“{}”", "<{}>", "{};", "{w} ({}) {w2}"),
)


def sentence(draw: random.Random, item: str, shapes: Sequence[str] = SENTENCES) -> str:
    """The item among other words and marks."""
    shape = draw.choice(shapes)
    return shape.format(item, w=draw.choice(WORDS), w2=draw.choice(WORDS))
