"""The small macros: one contract, worked examples, all engines."""

import re
from collections import Counter
from statistics import NormalDist
from typing import Any

import pytest
from scipy.stats import binomtest

from tests.reference import macros

every_engine = pytest.mark.parametrize("engine", macros.ENGINES)

# The result of each macro for one text.
OF_ONE_TEXT: dict[str, dict[str | None, Any]] = {
    "trimmed": {
        None: None,
        "": "",
        " \t\n\v\f\r a b \r\f\v\n\t ": "a b",
        "\u00a0a\u2003": "\u00a0a\u2003",
    },
    "text_list": {
        None: None,
        "": None,
        " ": None,
        " a; b ": "a; b",
        '["a","b c"]': "a;b c",
        ' ["é", null, 7] ': "é;7",
        "[]": None,
        "[null]": None,
        "['a']": "['a']",
        "[a": "[a",
        '{"a": 1}': '{"a": 1}',
    },
    "is_opaque_id": {
        "4111111111111111": True,
        "Ab-9_z": True,
        "": False,
        " a": False,
        "a\n": False,
        "é": False,
        "a@b": False,
    },
    "is_odd_query": {
        None: None,
        "": False,
        "abc ~!*,-&": False,
        "a  b": True,
        "a+b": True,
        "100%": True,
        "é": True,
        "a\tb": True,
        "a\nb": True,
        "a\x1fb": True,
        "a\x7fb": True,
    },
    "may_hold_personal_data": {
        None: None,
        "": False,
        "the 39 steps, 1!": False,
        "joe@example.com": True,
        "joe%40example.com": True,
        "fe80::1": True,
        "10.0.1.1": True,
        "a1b2c3": False,
        "a1b2c3d4": True,
        "é": True,
        "a\tb": True,
        "a\x7fb": True,
        "joe\\x40example": True,
        "joe&#64;example": True,
        "joe&commat;example": True,
        "rock & roll]": False,
        "R&B": False,
    },
    "may_be_special_query": {
        None: None,
        "": False,
        "short film": False,
        "my [card]": True,
        "vimeo.com": True,
        "http://x": True,
    },
    "clean_id": {
        None: None,
        "": None,
        " \t": None,
        " Ab-9_z\n": "Ab-9_z",
        "evt:4111111111111111": "evt:4111111111111111",
        "4111-1111-1111-1111": None,
        # An id of digits is an id, not a card.
        "4111111111111111": "4111111111111111",
        "4111 1111 1111 1111": None,
        "joe@example.com": None,
        " user 7 ": "user 7",
        "é" * 2048: "é" * 2048,
        "é" * 2049: None,
    },
    "redacted": {
        None: None,
        "": "",
        "short film": "short film",
        "mail joe@example.com": "mail [email]",
        "Ａ joe＠example.com": "a [email]",
    },
    "redacted_raw_text": {
        None: None,
        " \t": None,
        " joe@example.com ": " [email] ",
        "a" * 2049: "a" * 2048,
        # Redacted before it is cut.
        "a" * 2040 + " joe@example.com": "a" * 2040 + " [email]",
        "a" * 2045 + " joe@example.com": "a" * 2045 + " [e",
    },
    "redacted_raw_id": {
        None: None,
        " \t": None,
        " 4111111111111111 ": " 4111111111111111 ",
        "4111 1111 1111 1111": "[card]",
        "joe@example.com": "[email]",
        "evt:4111111111111111": "evt:4111111111111111",
        "a" * 2049: "a" * 2048,
    },
    "redacted_id": {None: None, "": "", "a:joe@example.com": "a:[email]"},
    "normalized": {
        None: None,
        "": "",
        " Short Film ": "short film",
        "short+film": "short film",
        "ＳＨＯＲＴ  film": "short film",
    },
    "kind_of_query": {
        "": "text",
        "short film": "text",
        "my [card]": "card",
        "vimeo.com": "url",
    },
    "is_latin_word": {"abc": True, "": True, "abC": False, "ab\n": False, "é": False},
    "whole_number": {
        None: None,
        "": None,
        "0": 0,
        "007": 7,
        " 12 ": 12,
        "2.0": 2,
        "2.000": 2,
        "999999999": 999_999_999,
        "1000000000": None,
        "2.": None,
        ".0": None,
        "2.5": None,
        "12.7": None,
        "1e3": None,
        "-1": None,
        "+1": None,
        "0x1A": None,
        "１２": None,
    },
}

# The standard text of a logged time, or the reject rule that it breaks.
TIMES: dict[str | None, str] = {
    None: "timestamp_unreadable",
    "": "timestamp_unreadable",
    "2020-03-10T09:24:31.123 -0400": "2020-03-10T13:24:31.123Z",
    "2020-03-10T09:24:31.1239999 -0400": "2020-03-10T13:24:31.123Z",
    "2020-03-10 13:24:31.9996Z": "2020-03-10T13:24:31.999Z",
    "2020-03-10 13:24:31+05:45": "2020-03-10T07:39:31.000Z",
    "2020-03-10 13:24:31-03:30": "2020-03-10T16:54:31.000Z",
    "2020-03-10T13:24:31.5 +02": "2020-03-10T11:24:31.500Z",
    "2020-03-10T13:24:31 -0030": "2020-03-10T13:54:31.000Z",
    "2020-02-29T23:59:59Z": "2020-02-29T23:59:59.000Z",
    "2020-12-31T23:30:00-0100": "2021-01-01T00:30:00.000Z",
    " 1583846671 ": "2020-03-10T13:24:31.000Z",
    "1583846671042": "2020-03-10T13:24:31.042Z",
    "2005-01-01T00:00:00Z": "2005-01-01T00:00:00.000Z",
    "2005-01-01T00:00:00+01": "timestamp_out_of_window",
    "2035-01-01T00:00:00Z": "timestamp_out_of_window",
    "9999-12-31T23:59:59-1200": "timestamp_out_of_window",
    "0000-01-01T00:00:00+1400": "timestamp_out_of_window",
    "9999999999": "timestamp_out_of_window",
    "2019-02-29T00:00:00Z": "timestamp_impossible",
    "2020-02-30T00:00:00Z": "timestamp_impossible",
    "2020-13-01T00:00:00Z": "timestamp_impossible",
    "2020-03-10T24:00:00Z": "timestamp_impossible",
    "2020-03-10T23:60:00Z": "timestamp_impossible",
    "2020-03-10T23:00:60Z": "timestamp_impossible",
    "2020-03-10T10:00:00+1401": "timestamp_impossible",
    "2020-03-10T10:00:00+1500": "timestamp_impossible",
    "2020-03-10T10:00:00-1201": "timestamp_impossible",
    "2020-03-10T10:00:00+0260": "timestamp_impossible",
    "2020-03-10T13:24:31": "timestamp_without_zone",
    "2020-03-10T13:24:31.1234567890Z": "timestamp_unreadable",
    "2020-03-10T13:24:31z": "2020-03-10T13:24:31.000Z",
    "2020-03-10  13:24:31Z": "timestamp_unreadable",
    "2020-03-10T13:24:31  Z": "timestamp_unreadable",
    "2020-03-10T13:24:31+02:": "timestamp_unreadable",
    "2020-03-10 13:24:31.000 -04:": "timestamp_unreadable",
    "2020-03-10T13:24:31+0": "timestamp_unreadable",
    "2020-3-10T13:24:31Z": "timestamp_unreadable",
    "２020-03-10T13:24:31Z": "timestamp_unreadable",
    "158384667": "timestamp_unreadable",
}

# The offset of a logged time, in minutes.
OFFSETS: dict[str | None, int | None] = {
    None: None,
    "2020-03-10T09:24:31.123 -0430": -270,
    "2020-03-10 13:24:31+05:45": 345,
    "2020-03-10 13:24:31-00:30": -30,
    "2020-03-10T13:24:31.5 +02": 120,
    " 2020-03-10T13:24:31Z ": 0,
    "2020-03-10T13:24:31.000 +02\r\n": 120,
    "2020-03-10 13:24:31.000 -04  ": -240,
    "1583846671": None,
    "2020-03-10T13:24:31": None,
}


@every_engine
@pytest.mark.parametrize("macro", OF_ONE_TEXT)
def test_a_text_becomes_what_the_contract_says(engine: str, macro: str) -> None:
    examples = OF_ONE_TEXT[macro]
    computed = macros.evaluate(macro, examples, engine)
    assert dict(zip(examples, computed, strict=True)) == examples


@every_engine
def test_a_logged_time_is_read_or_rejected_as_the_contract_says(engine: str) -> None:
    columns = ("utc_timestamp", "timestamp_reject_reason")
    computed = macros.applied(columns, TIMES, macros.database(engine))
    expected = [
        (None, becomes) if becomes > "a" else (becomes, None)
        for becomes in TIMES.values()
    ]
    assert dict(zip(TIMES, computed, strict=True)) == dict(
        zip(TIMES, expected, strict=True)
    )


@every_engine
def test_an_offset_is_what_the_contract_says(engine: str) -> None:
    computed = macros.evaluate("offset_minutes", OFFSETS, engine)
    assert dict(zip(OFFSETS, computed, strict=True)) == OFFSETS


def of_pairs(
    engine: str,
    macro: str,
    rows: list[tuple[Any, Any]],
    kind: str,
    *more: Any,
    given: tuple[str, ...] = ("one",),
) -> list[Any]:
    database = macros.database(engine)
    columns = {"place": "integer", "one": kind, "other": kind}
    database.make_table(
        "pairs", columns, [(place, *row) for place, row in enumerate(rows)]
    )
    arguments = more or ("other",)
    expression = macros.rendered(macro, *given, *arguments, engine_name=engine)
    found = database.rows(f"select place, {expression} from pairs order by place")
    return [value for _, value in found]


@every_engine
def test_the_ends_of_an_interval_are_exact(engine: str) -> None:
    """As scipy has them: a decimal with six digits would round differently."""
    counts = [(201, 507), (6, 27), (877, 2_343), (0, 5), (5, 5), (1, 1_000_000)]
    level = 1 - 2 * NormalDist().cdf(-macros.variables()["judgment_z"])
    expected = [
        tuple(binomtest(part, whole).proportion_ci(level, method="wilson"))
        for part, whole in counts
    ]
    middle, half_width = (
        of_pairs(
            engine,
            macro,
            [(whole, part) for part, whole in counts],
            "integer",
            *("1.0 * other / one", "one"),
            given=(),
        )
        for macro in ("wilson_middle", "wilson_half_width")
    )
    computed = [
        (float(each) - float(half), float(each) + float(half))
        for each, half in zip(middle, half_width, strict=True)
    ]
    assert computed == [pytest.approx(each, rel=1e-9, abs=1e-9) for each in expected]


@every_engine
def test_milliseconds_between_two_moments(engine: str) -> None:
    rows = [
        ("2020-03-10T13:24:31.000Z", "2020-03-10T13:24:31.042Z"),
        ("2020-03-10T13:24:31.900Z", "2020-03-10T13:24:31.042Z"),
        ("2020-02-28T23:59:59.999Z", "2020-03-01T00:00:00.000Z"),
        (None, "2020-03-01T00:00:00.000Z"),
    ]
    computed = of_pairs(engine, "milliseconds_between", rows, "text")
    assert computed == [42, -858, 86_400_001, None]


@every_engine
def test_whole_seconds_are_cut(engine: str) -> None:
    rows = [(number, 0) for number in (0, 999, 1000, 2500, 86_400_000)]
    expression = macros.rendered("whole_seconds", "one", engine_name=engine)
    database = macros.database(engine)
    database.make_table("pairs", {"one": "integer", "other": "integer"}, rows)
    found = database.rows(f"select {expression} as seconds from pairs order by one")
    assert [seconds for (seconds,) in found] == [0, 0, 1, 2, 86_400]


@every_engine
def test_zero_padded_numbers_sort_as_texts(engine: str) -> None:
    rows = [(number, 0) for number in (7, 10, 999_999_999)]
    computed = of_pairs(engine, "zero_padded", rows, "integer", 9)
    assert computed == ["000000007", "000000010", "999999999"]


@every_engine
def test_words_stand_between_single_spaces(engine: str) -> None:
    database = macros.database(engine)
    texts = ['the "big" [one]', "%{{x}}", "𝒳 é"]
    columns = {"place": "integer", "text": "text"}
    database.make_table("asked", columns, list(enumerate(texts)))
    words = macros.rendered("words_of", "asked", "text", ("place",), engine_name=engine)
    found = database.rows(
        f"select place, word_position, word from ({words}) as words order by 1, 2"
    )
    assert found == [
        (0, 1, "the"),
        (0, 2, '"big"'),
        (0, 3, "[one]"),
        (1, 1, "%{{x}}"),
        (2, 1, "𝒳"),
        (2, 2, "é"),
    ]


def of_what_is_computed_once(engine: str) -> str:
    """A query that names a CTE twice."""
    computed_once = macros.rendered("computed_once", ("one",), engine_name=engine)
    return f"""
        with kept as (
            select one, other from pairs
            {computed_once}
        )
        select this.one, count(that.other) as met
        from kept as this
        inner join kept as that on this.one = that.one
        group by this.one
        order by this.one
    """


@every_engine
def test_what_is_computed_once_keeps_its_rows(engine: str) -> None:
    database = macros.database(engine)
    rows = [(0, 7, 1), (1, 7, None), (2, 8, 2), (3, None, 3)]
    columns = {"place": "integer", "one": "integer", "other": "integer"}
    database.make_table("pairs", columns, rows)
    assert database.rows(of_what_is_computed_once(engine)) == [(7, 2), (8, 1)]


def test_spark_computes_once_what_it_is_told_to() -> None:
    """By itself, the engine would copy the CTE to each use, and scan it each time."""
    database: Any = macros.database("spark")
    rows = [(number % 10, number) for number in range(100)]
    database.make_table("pairs", {"one": "integer", "other": "integer"}, rows)
    frame = database.session.sql(of_what_is_computed_once("spark"))
    assert len(frame.collect()) == 10
    plan = frame._jdf.queryExecution().executedPlan().toString()
    assert "ReusedExchange" in plan.split("== Initial Plan ==")[0]


def of_what_is_counted_first(engine: str, counted_first: str) -> str:
    """A query that joins a CTE with the few of its keys that repeat."""
    computed_once = macros.rendered("computed_once", ("one",), engine_name=engine)
    return f"""
        with numbered as (
            select one, other from pairs
            {computed_once}
        ),
        repeated as (
            select one from numbered
            group by one
            having count(*) > 1
            {counted_first}
        )
        select numbered.one, numbered.other
        from numbered
        inner join repeated on numbered.one = repeated.one
    """


@every_engine
def test_what_is_counted_first_keeps_its_rows(engine: str) -> None:
    database = macros.database(engine)
    pairs = [(7, 1), (7, None), (8, 2), (None, 3), (9, 4), (9, 4)]
    rows = [(place, *pair) for place, pair in enumerate(pairs)]
    columns = {"place": "integer", "one": "integer", "other": "integer"}
    database.make_table("pairs", columns, rows)
    counted_first = macros.rendered("counted_first", engine_name=engine)
    found = database.rows(of_what_is_counted_first(engine, counted_first))
    assert Counter(found) == Counter([(7, 1), (7, None), (9, 4), (9, 4)])


def test_spark_brings_what_is_counted_first_to_the_many() -> None:
    """By itself, the engine would sort both, although they are already ordered.

    It knows the size of such a small table in advance, but not that of a large log.
    """
    database: Any = macros.database("spark")
    rows = [(number // 2 if number < 20 else number, number) for number in range(100)]
    database.make_table("pairs", {"one": "integer", "other": "integer"}, rows)
    joins = []
    database.session.conf.set("spark.sql.autoBroadcastJoinThreshold", "-1")
    try:
        for counted_first in (
            "",
            macros.rendered("counted_first", engine_name="spark"),
        ):
            query = of_what_is_counted_first("spark", counted_first)
            frame = database.session.sql(query)
            assert len(frame.collect()) == 20
            plan = frame._jdf.queryExecution().executedPlan().toString()
            joins += re.findall(r"(\w+Join)\b", plan.split("== Initial Plan ==")[0])
    finally:
        database.session.conf.unset("spark.sql.autoBroadcastJoinThreshold")
    assert joins == ["SortMergeJoin", "BroadcastHashJoin"]
