"""Telephone numbers. The examples of every region and the judge are phonenumbers'."""

import random

import phonenumbers
from phonenumbers import Leniency, PhoneNumberFormat, PhoneNumberMatcher

from tests.adversarial.cases import Case, sentence, spread, unique

_SHAPES = (
    *("{}", "{}", "{w} {}", "{} {w}", "call {} now", "tel: {}", "({})", "{},", "{}."),
    *('"{}"', "{w}, {}!", "tel.{}", "{w}: {}", "{w} / {}"),
)


def judge(text: str) -> bool:
    """Phonenumbers finds a valid number, seen from the United States."""
    matcher = PhoneNumberMatcher(text, "US", leniency=Leniency.VALID)
    return matcher.has_next()


def _examples() -> list[tuple[str, str]]:
    """(as written abroad, digits) of numbers of every region and type."""
    kinds = (
        phonenumbers.PhoneNumberType.FIXED_LINE,
        phonenumbers.PhoneNumberType.MOBILE,
    )
    found = {}
    for region in sorted(phonenumbers.SUPPORTED_REGIONS):
        for kind in kinds:
            number = phonenumbers.example_number_for_type(region, kind)
            if number is not None:
                for form in (PhoneNumberFormat.INTERNATIONAL, PhoneNumberFormat.E164):
                    text = phonenumbers.format_number(number, form)
                    found[text] = "".join(filter(str.isdigit, text))
    return list(found.items())


def _at_home(draw: random.Random, form: str) -> str:
    """A number of the United States."""
    area = draw.choice(("201", "202", "212", "305", "415", "617", "916"))
    middle, last = draw.randint(200, 999), draw.randint(0, 9999)
    return form.format(a=area, b=middle, c=f"{last:04}")


def cases() -> list[Case]:
    """The set."""
    draw = random.Random(5)
    examples = _examples()
    long = [text for text, digits in examples if len(digits) >= 8]
    short = [text for text, digits in examples if len(digits) < 8]
    parted = [text for text in long if text.count(" ") > 1]

    def abroad(draw: random.Random) -> tuple[str, str]:
        item = draw.choice(long)
        return sentence(draw, item, _SHAPES), item

    def with_zeros(draw: random.Random) -> tuple[str, str]:
        item = draw.choice(long).replace("+", draw.choice(("00", "00 ")))
        return sentence(draw, item, _SHAPES), item

    def at_home(draw: random.Random) -> tuple[str, str]:
        item = _at_home(draw, draw.choice(_AT_HOME))
        return sentence(draw, item, _SHAPES[:11]), item

    def extended(draw: random.Random) -> tuple[str, str]:
        item = _at_home(draw, draw.choice(_AT_HOME))
        return f"{item}x{draw.randint(1, 9999)}", item

    def slashed(draw: random.Random) -> tuple[str, str]:
        code, *groups = draw.choice(parted).split()
        hyphens, slash = " - ".join(groups), f"{groups[0]}/{' '.join(groups[1:])}"
        item = f"{code} {draw.choice((hyphens, slash))}"
        return sentence(draw, item, _SHAPES), item

    positives = [
        *spread(draw, 2200, "an international number", True, abroad),
        *spread(draw, 600, "00 instead of +", True, with_zeros),
        *spread(draw, 1200, "a number of ten digits, 3-3-4", True, at_home),
        *spread(draw, 300, "an extension", True, extended),
        *spread(draw, 300, "a slash, or hyphens with spaces", True, slashed),
    ]

    def too_short(draw: random.Random) -> tuple[str, str]:
        return sentence(draw, draw.choice(short), _SHAPES), ""

    def grouped(draw: random.Random) -> tuple[str, str]:
        pairs = [f"{draw.randint(10, 99)}" for _ in range(5)]
        item = draw.choice((" ", ".")).join([f"0{pairs[0][0]}", *pairs[1:]])
        return sentence(draw, item, _SHAPES), ""

    def run_on(draw: random.Random) -> tuple[str, str]:
        area = draw.choice(("201", "202", "212", "305", "415"))
        item = f"{area}{draw.randint(200, 999)}{draw.randint(1000, 9999)}"
        return sentence(draw, item, _SHAPES), ""

    def other(draw: random.Random) -> tuple[str, str]:
        numbers = {
            "y": draw.randint(1950, 2030), "m": draw.randint(10, 12),
            "d": draw.randint(10, 28), "n": draw.randint(100, 999),
            "k": draw.randint(1000, 9999), "t": draw.randint(10, 99),
        }  # fmt: skip
        item = draw.choice(_OTHER).format(**numbers)
        return sentence(draw, item, ("{}", "{w} {}", "{} {w}", "({})", "{},")), ""

    negatives = [
        *spread(draw, 20, "fewer than eight digits", False, too_short),
        *spread(draw, 400, "other groupings without +, not a goal", False, grouped),
        *spread(draw, 300, "ten digits in one run, not a goal", False, run_on),
        *spread(draw, 2600, "numbers of another kind", False, other),
    ]
    return unique(positives + negatives)


_AT_HOME = (
    "({a}) {b}-{c}", "{a}-{b}-{c}", "{a}.{b}.{c}", "{a} {b} {c}", "({a}){b}-{c}",
    "1-{a}-{b}-{c}", "1 ({a}) {b}-{c}", "+1 {a} {b} {c}", "+1 ({a}) {b}-{c}",
)  # fmt: skip
_OTHER = (
    "{y}-{m}-{d}", "{d}.{m}.{y}", "{m}/{d}/{y}", "{n}-{k}", "{y}-{k}",
    "{n}x{n} {t}-{t}",
    "{t}-{t} f2.8", "{n},{n},{n}", "{n}.{n}", "{k}p {t}fps", "+{t}", "+{n}{n}",
    "+{k}{k}{k}{k}", "{n}-{n}-{k}{t}", "{t}{n}-{n}-{k}", "{n}-{t}-{k}",
    "978-3-{t}-{n}{n}-1",
    "{n}-{n}-{n}", "{n}-{n}-{k}-{t}", "{k}-{n}-{n}", "{t}:{t}:{t}", "1/{n}", "{k}{n}",
    "x{n}-{n}-{k}", "{n}-{n}-{k}b", "iso {k}", "${k}.{t}", "{n}_{n}_{k}", "{n}/{n}/{k}",
)  # fmt: skip
