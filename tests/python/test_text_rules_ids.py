"""Common ids are kept: at most one in ten thousand is taken for personal data."""

import base64
import random
import uuid
from collections.abc import Callable, Mapping

import pytest

from tests.reference import macros

FALSE_ALARMS_IN_TEN_THOUSAND = 1

# Milliseconds from 2005 to 2035.
_FIRST, _LAST = 1104537600000, 2051222400000
_ULID = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

Draw = random.Random


def _digits(draw: Draw, count: int) -> str:
    return str(draw.randrange(10 ** (count - 1), 10**count))


def _milliseconds(draw: Draw) -> int:
    return draw.randrange(_FIRST, _LAST)


def _with_check_digit(digits: str) -> str:
    """A GTIN: the weights are 3 and 1 from the right."""
    total = sum(
        int(digit) * (3 if place % 2 == 0 else 1)
        for place, digit in enumerate(reversed(digits))
    )
    return digits + str(-total % 10)


def _base64url(draw: Draw) -> str:
    return base64.urlsafe_b64encode(draw.randbytes(16)).decode().rstrip("=")


SHAPES: Mapping[str, Callable[[Draw], str]] = {
    "click id of Facebook": lambda draw: (
        f"fb.1.{_milliseconds(draw)}.{draw.randrange(10**8, 10**10)}"
    ),
    "urn": lambda draw: f"urn:li:activity:{_digits(draw, 19)}",
    "event with milliseconds": lambda draw: f"evt:{_milliseconds(draw)}",
    "path of a URL": lambda draw: f"https://video.example/clip/{_digits(draw, 16)}",
    "client id of Google Analytics": lambda draw: (
        f"GA1.2.{draw.randrange(2**31)}.{_milliseconds(draw) // 1000}"
    ),
    "EAN-13": lambda draw: _with_check_digit(_digits(draw, 12)),
    "EAN-8 or UPC": lambda draw: _with_check_digit(_digits(draw, draw.choice((7, 11)))),
    "UUID": lambda draw: str(uuid.UUID(int=draw.getrandbits(128), version=4)),
    "UUID in braces": lambda draw: (
        f"{{{uuid.UUID(int=draw.getrandbits(128), version=4)}}}"
    ),
    "ULID": lambda draw: "01" + "".join(draw.choices(_ULID, k=24)),
    "snowflake": lambda draw: _digits(draw, draw.choice((17, 18, 19))),
    "snowflake of a guild and a user": lambda draw: (
        f"{_digits(draw, 18)}:{_digits(draw, 18)}"
    ),
    "sequence": lambda draw: _digits(draw, draw.choice((13, 14, 15, 16))),
    "hexadecimal": lambda draw: f"{draw.getrandbits(128):032x}",
    "base64url": _base64url,
    "session": lambda draw: f"sess_{_digits(draw, 16)}",
    "prefix and number": lambda draw: f"user:{_digits(draw, 16)}",
}


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize(
    ("engine", "count"),
    [
        ("sqlite", 10_000),
        ("duckdb", 10_000),
        pytest.param("sqlite", 100_000, marks=pytest.mark.long),
        pytest.param("duckdb", 100_000, marks=pytest.mark.long),
    ],
)
def test_a_common_id_is_kept(shape: str, engine: str, count: int) -> None:
    draw = Draw(shape)
    ids = [SHAPES[shape](draw) for _ in range(count)]
    cleaned = macros.evaluate("clean_id", ids, engine)
    lost = [each for each, kept in zip(ids, cleaned, strict=True) if kept != each]
    assert len(lost) * 10_000 <= FALSE_ALARMS_IN_TEN_THOUSAND * count, lost[:5]


# Another start of Spark takes longer than the test.
@pytest.mark.parametrize(
    "engine",
    [
        pytest.param(name, marks=[pytest.mark.long] if name == "spark" else [])
        for name in macros.ENGINES
    ],
)
def test_personal_data_in_an_opaque_alphabet_is_found(engine: str) -> None:
    found = (
        "4111-1111-1111-1111",
        "3782-822463-10005",
        "order_4111-1111-1111-1111",
        "123-45-6789",
    )
    kept = ("4111111111111111", "2020-03-10", "12-1234", "a-b-c", "4111-1111-1111-1112")
    cleaned = macros.evaluate("clean_id", [*found, *kept], engine)
    assert cleaned == [None] * len(found) + list(kept)
