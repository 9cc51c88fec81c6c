"""A set of texts, and the score of a rule on it."""

import random
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from lab.score.tally import Tally

Judge = Callable[[str], bool]


@dataclass(frozen=True)
class Case:
    """A text and its expected result.

    Attributes:
        text: The typed text.
        is_positive: Whether the rule must hit it, by our definition.
        group: What is special about it.
        secret: What must not remain of it after a hit.
    """

    text: str
    is_positive: bool
    group: str
    secret: str = ""


@dataclass(frozen=True)
class Result:
    """The score of a rule, and how far our definition agrees with a library's."""

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
    """`count` distinct texts from a function that returns (text, secret)."""
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
    """The score of a rule on a set."""
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
