"""The text rules of SQL against the reference, and the laws that both must keep."""

import ast
import random
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.reference import text_rules
from tests.reference import text_rules_sql as sql
from tests.reference.engines import Sqlite

FRAGMENTS = (
    *("4111111111111111", "4111 1111", "1111 1111", "378282246310005", "13", "0"),
    *("joe@example.com", "@", "%40", "joe", "example.co.uk", ".", ".com", "xn--p1ai"),
    *("10.0.0.1", "256.1.1.1", "1.2.3.4.5", "..", "ios ", "version: ", "v", "="),
    *("fe80::1", "::", ":", "::ffff:10.0.0.1", "1:2:3:4:5:6:7:8", "12:30:45", "std::"),
    *("+", "+1 ", "15551234567", "555-123-4567", "(555) 123-4567", "555", "1234", "1"),
    *(
        " ",
        "  ",
        "\t",
        "\n",
        "-",
        "(",
        ")",
        ",",
        ";",
        "<",
        "[",
        "]",
        '"',
        "'",
        "’",
        "“",
    ),
    *("%", "%2", "%20", "%2540", "%C3%A9", "%c3", "%E2%82%AC", "%00", "%ED%A0%80"),
    *("ｊｏｅ＠ｘ．ｃｏｍ", "４１１１", "：", "＋", "．", "\u00ad", "\u200b", "\u3000"),
    *("é", "e\u0301", "\u0301", "\u0344", "ß", "İ", "Ǆ", "\u1100", "\u1161", "\u11a8"),
    *("http://", "www.", "vimeo.com", ":80", "?q=", "#", "[email]", "[ip]", "Ab", "😀"),
)

TEXTS = st.one_of(
    st.lists(st.sampled_from(FRAGMENTS), max_size=9).map("".join),
    st.text(st.sampled_from("abZ019 .-@:%+()[]é４\u200b"), max_size=40),
    st.text(st.sampled_from("0123456789 .-()+"), max_size=40),
    st.text(st.characters(min_codepoint=1, exclude_categories=["Cs"]), max_size=20),
)


OTHER_TESTS = [
    Path(__file__).with_name(f"test_text_rules_{name}.py")
    for name in ("redaction", "kind", "normal_form")
]


def sqlite_connection() -> sqlite3.Connection:
    engine = sql.database("sqlite")
    assert isinstance(engine, Sqlite)
    return engine.connection


def many_texts() -> list[str]:
    """Every text that the other tests of the rules name, and thousands by chance."""
    draw = random.Random(20)
    named = [
        node.value
        for path in OTHER_TESTS
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
    return [
        *(text for text in named if "\0" not in text),
        *("".join(draw.choices(FRAGMENTS, k=draw.randint(1, 9))) for _ in range(6000)),
        *("".join(draw.choices("%25404@b.co1 ", k=30)) for _ in range(1000)),
        "é " * 1009 + "joe@example.com" + " 10.0.0.1 ok",
        "%25" + "25" * 400 + "404111111111111111",
    ]


@pytest.mark.parametrize("engine", [name for name in sql.ENGINES if name != "sqlite"])
@pytest.mark.parametrize(
    ("macro", "reference"),
    [
        ("redact_text", text_rules.redact),
        ("normalize_query_text", text_rules.normalize),
        ("classify_query", text_rules.kind),
    ],
)
def test_every_other_engine_agrees_with_the_reference(
    engine: str, macro: str, reference: Callable[[str], str]
) -> None:
    texts = many_texts()
    computed = sql.evaluate(macro, [None, *texts], engine)
    assert computed[0] is None
    expected = [reference(text) for text in texts]
    differing = [
        each
        for each in zip(texts, computed[1:], expected, strict=True)
        if each[1] != each[2]
    ]
    assert differing == []


@settings(max_examples=2000, deadline=None)
@given(TEXTS)
@example("x\n4111111111111111\n")
@example("a%2540b.com/c%252540d.com")
@example("%25404111111111111111")
@example("%25252525")
@example("+123456789012345.1.2.3.4")
@example("::Ǆ")
@example("a@b.ß")
@example("555  123  4567")
@example("ß12345:fe80::1")
@example("é:fe80::1")
def test_sql_and_reference_agree(text: str) -> None:
    redacted = text_rules.redact(text)
    assert sql.redact(text) == redacted
    assert sql.normalize(text) == text_rules.normalize(text)
    assert sql.kind(redacted) == text_rules.kind(redacted)
    assert sql.kind(text) == text_rules.kind(text)


@settings(max_examples=1000, deadline=None)
@given(TEXTS)
@example("a%2540b.com/c%252540d.com")
@example("+123456789012345.1.2.3.4")
def test_redacting_twice_changes_nothing(text: str) -> None:
    redacted = sql.redact(text)
    assert sql.redact(redacted) == redacted


@settings(max_examples=1000, deadline=None)
@given(TEXTS)
@example("%25404111111111111111")
@example("%2540a%25252540b.com%25404111111111111111")
def test_the_normal_form_shows_no_personal_data_that_would_be_found(text: str) -> None:
    normal = sql.normalize(sql.redact(text))
    assert sql.redact(normal) == normal


@settings(max_examples=300, deadline=None)
@given(TEXTS)
def test_the_result_is_the_same_for_a_column_and_for_an_expression(text: str) -> None:
    for macro, one in (
        ("redact_text", sql.redact),
        ("normalize_query_text", sql.normalize),
        ("classify_query", sql.kind),
    ):
        assert sql.evaluate(macro, [text]) == [one(text)]


def test_a_longest_text_is_read_to_its_end() -> None:
    text = "é " * 1009 + "joe@example.com" + " 10.0.0.1 ok"
    assert len(text) <= 2048
    assert sql.redact(text) == "é " * 1009 + "[email] [ip] ok"


def test_an_expression_is_computed_once() -> None:
    calls = []

    def seen(text: str) -> str:
        calls.append(text)
        return text

    connection = sqlite_connection()
    connection.create_function("seen", 1, seen)
    for macro in ("redact_text", "normalize_query_text", "classify_query"):
        calls.clear()
        expression = sql.rendered(macro, "seen(typed.text)")
        connection.execute(
            f"select {expression} from (select 'Joe@Example.com' as text) as typed"
        ).fetchall()
        assert calls == ["Joe@Example.com"], macro


@pytest.mark.parametrize(
    "column",
    (
        *("passed", "ahead", "size", "step", "stage", "kept", "given", "redacted"),
        *("typed", "word", "folded", "action", "base", "mark", "composed", "tld"),
    ),
)
def test_no_name_of_the_rules_hides_a_column(column: str) -> None:
    connection = sqlite_connection()
    for macro, expected in (
        ("redact_text", "[email] １"),
        ("normalize_query_text", "joe@example.com 1"),
        ("classify_query", "text"),
    ):
        for expression in (column, f"({column})"):
            row = connection.execute(
                f"select {sql.rendered(macro, expression)}"
                f" from (select 'joe@example.com １' as {column})"
            ).fetchone()
            assert row == (expected,), (macro, expression)


@pytest.mark.parametrize(
    "macro", ["redact_text", "normalize_query_text", "classify_query"]
)
@pytest.mark.parametrize("expression", ["typed.text", "substr(typed.text, 1, 9)"])
def test_the_rules_fit_into_a_view_that_a_person_would_write(
    macro: str, expression: str
) -> None:
    """SQLite's parser gives up at a depth of 100."""
    connection = sqlite_connection()
    view = f"""
        create temp view deep as
        with typed as (select 'x' as text),
        ruled as (
            select
                1,
                case
                    when typed.text = 'y' then 'z'
                    else case
                        when length(typed.text) > 0
                        then {sql.rendered(macro, expression)}
                    end
                end as ruled_text
            from typed
        )
        select * from ruled
    """
    try:
        connection.execute(view)
    except sqlite3.OperationalError as error:
        pytest.fail(str(error))
    else:
        connection.execute("drop view temp.deep")


@pytest.mark.parametrize(
    "engine", ["sqlite", "duckdb", pytest.param("spark", marks=pytest.mark.long)]
)
def test_every_pair_of_neighbours_is_joined_as_the_reference_has_it(
    engine: str,
) -> None:
    """Every base, and every result, before every mark; the edges of Hangul too."""
    pairs = sql.database("sqlite").rows(
        "select base, mark, composed from unicode_composition"
    )
    hangul_bases = {0x1100, 0x1112, 0x1113, 0xAC00, 0xAC01, 0xD788, 0xD7A3}
    hangul_marks = {0x1161, 0x1175, 0x1176, 0x11A7, 0x11A8, 0x11C2, 0x11C3}
    bases = hangul_bases.union(*((base, composed) for base, _, composed in pairs))
    marks = hangul_marks.union(mark for _, mark, _ in pairs)
    texts = [chr(base) + chr(mark) for base in sorted(bases) for mark in sorted(marks)]
    expected = [text_rules.normalize(text) for text in texts]
    assert sql.evaluate("normalize_query_text", texts, engine) == expected
