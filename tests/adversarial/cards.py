"""Card numbers. The judge knows the networks by patterns of their own.

It computes Luhn's sum from a table of doubled digits.
"""

import random
import re

from tests.adversarial.cases import Case, sentence, spread, unique

_DOUBLED = (0, 2, 4, 6, 8, 1, 3, 5, 7, 9)
_KINDS = (
    ("4", 13), ("4", 16), ("4", 19), ("51", 16), ("55", 16), ("2221", 16), ("34", 15),
    ("37", 15), ("300", 14), ("36", 14), ("6011", 16), ("65", 16), ("3528", 16),
    ("62", 17), ("62", 18), ("50", 19), ("5018", 12), ("6304", 13), ("2200", 16),
    ("9792", 16), ("81", 16),
)  # fmt: skip


def _sum(digits: str) -> int:
    return sum(
        _DOUBLED[int(digit)] if place % 2 else int(digit)
        for place, digit in enumerate(reversed(digits))
    )


_NETWORKS = re.compile(
    r"4(?:\d{12}|\d{15}|\d{18})|(?:5[1-5]|81|82)\d{14}|3[47]\d{13}"
    r"|(?:222[1-9]|22[3-9]\d|2[3-6]\d\d|27[01]\d|2720|9792)\d{12}"
    r"|36\d{12,17}|(?:30[0-5]\d|3095|38\d\d|39\d\d)(?:\d{10}|\d{12,15})"
    r"|(?:352[89]|35[3-8]\d|220[0-4])\d{12,15}"
    r"|(?:50|5[678]|6\d)\d{14,17}|(?:5018|6304|6759|676[123])\d{8,15}"
)


def judge(text: str) -> bool:
    """Some run of digits, ignoring marks between, is a network's and passes Luhn."""
    runs = re.findall(r"(?<![0-9A-Za-z])[0-9](?:[ .-]*[0-9])*(?![0-9A-Za-z])", text)
    digits = (re.sub("[ .-]", "", run) for run in runs)
    return any(_NETWORKS.fullmatch(each) and _sum(each) % 10 == 0 for each in digits)


def _number(draw: random.Random, off: int) -> str:
    """A number whose check digit is `off` from the valid one."""
    prefix, size = draw.choice(_KINDS)
    body = prefix + "".join(
        str(draw.randint(0, 9)) for _ in range(size - len(prefix) - 1)
    )
    check = -_sum(body + "0") % 10
    return body + str((check + off) % 10)


def _grouped(draw: random.Random, number: str) -> str:
    gap = draw.choice((" ", "-", "."))
    if len(number) == 14 and gap == ".":
        return gap.join((number[:4], number[4:10], number[10:]))
    if len(number) == 15:
        return gap.join((number[:4], number[4:10], number[10:]))
    return gap.join(re.findall(".{1,4}", number))


_SHAPES = (
    *("{}", "{}", "visa {}", "{w} {}", "{} {w}", "({})", "{}.", "{},", '"{}"'),
    *("card:{}", "{w}, {}!", "#{}", "{}/{w}", "{}; {w}"),
)


def cases() -> list[Case]:
    """The set."""
    draw = random.Random(6)

    def plain(draw: random.Random) -> tuple[str, str]:
        item = _number(draw, 0)
        return sentence(draw, item, _SHAPES), item

    def grouped(draw: random.Random) -> tuple[str, str]:
        item = _grouped(draw, _number(draw, 0))
        return sentence(draw, item, _SHAPES), item

    def wide(draw: random.Random) -> tuple[str, str]:
        item = _number(draw, 0).translate({ord("0") + n: 0xFF10 + n for n in range(10)})
        return sentence(draw, item, ("{}", "{w} {}")), item

    positives = [
        *spread(draw, 1600, "a number in one run", True, plain),
        *spread(draw, 1500, "a number in groups", True, grouped),
        *spread(draw, 100, "fullwidth digits", True, wide),
    ]

    def wrong_sum(draw: random.Random) -> tuple[str, str]:
        return sentence(draw, _number(draw, draw.randint(1, 9)), _SHAPES), ""

    def wrong_sum_grouped(draw: random.Random) -> tuple[str, str]:
        # Sixteen digits in fours: no part of them has thirteen.
        number = "0"
        while len(number) != 16:
            number = _number(draw, draw.randint(1, 9))
        return sentence(draw, _grouped(draw, number), _SHAPES), ""

    def wrong_size(draw: random.Random) -> tuple[str, str]:
        size = draw.choice((9, 10, 11, 12, 20, 21, 24))
        item = "".join(str(draw.randint(1, 9)) for _ in range(size))
        return sentence(draw, item, _SHAPES), ""

    def of_no_network(draw: random.Random) -> tuple[str, str]:
        prefix = draw.choice(("0", "1", "21", "2721", "306", "33", "70", "95"))
        size = draw.choice((13, 14, 16, 18, 19))
        body = prefix + "".join(
            str(draw.randint(0, 9)) for _ in range(size - len(prefix) - 1)
        )
        return sentence(draw, body + str(-_sum(body + "0") % 10), _SHAPES), ""

    def touched(draw: random.Random) -> tuple[str, str]:
        item = draw.choice(("x{}", "{}x", "id{}", "{}px", "A{}B"))
        return sentence(draw, item.format(_number(draw, 0)), _SHAPES), ""

    def parted(draw: random.Random) -> tuple[str, str]:
        gap = draw.choice(("..", "/", "_", ", ", " x ", ":"))
        number = "0"
        while len(number) != 16:
            number = _number(draw, 0)
        item = gap.join(re.findall("....", number))
        return sentence(draw, item, ("{}", "{w} {}", "{} {w}")), ""

    negatives = [
        *spread(draw, 1000, "a wrong check digit", False, wrong_sum),
        *spread(draw, 700, "a wrong check digit, in groups", False, wrong_sum_grouped),
        *spread(draw, 700, "too few or too many digits", False, wrong_size),
        *spread(draw, 400, "no network's first digits", False, of_no_network),
        *spread(draw, 400, "a letter at an end", False, touched),
        *spread(draw, 400, "other marks between", False, parted),
    ]
    return unique(positives + negatives)
