"""Each engine gives the results of the text rules, but calls them for few values."""

import re
import shutil
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache, wraps
from pathlib import Path
from typing import Any

import pytest

from clip_search import text_rules
from clip_search.text_rules.engine_functions import engine_functions, fingerprint
from tests.golden import corpus
from tests.reference import macros
from tests.reference.engines import Engine, engine_named

every_engine = pytest.mark.parametrize("engine", macros.ENGINES)

# Each engine gets every nth row of the corpus; Spark has to start a Python process.
STEPS = {"sqlite": 6, "duckdb": 6, "spark": 20}

VARIABLES = macros.variables()
WINDOW = (VARIABLES["plausible_from"], VARIABLES["plausible_until"])

Rule = Callable[[str], Any]

# Two rules call it for the same texts.
redacted = cache(text_rules.redact_text)

IN_GROUPS = re.compile(
    "[0-9]{4}-(?:[0-9]{4}|[0-9]{6})-[0-9]{4}|[0-9]{3}-[0-9]{2}-[0-9]{4}"
)


def cleaned_id(text: str) -> str | None:
    """An id as in the clean tables, by the rule in docs/cleaning-rules.md."""
    trimmed = text.strip(" \t\n\v\f\r")
    if re.fullmatch("[-0-9A-Z_a-z]+", trimmed) and not IN_GROUPS.search(trimmed):
        return trimmed
    if not trimmed or len(text) > VARIABLES["max_value_characters"]:
        return None
    return trimmed if text_rules.redact_id(trimmed) == trimmed else None


OF_A_TEXT: Mapping[str, Rule] = {
    "redacted": redacted,
    "redacted_id": text_rules.redact_id,
    "normalized": text_rules.normalize_query_text,
    "kind_of_query": text_rules.classify_query,
    "clean_id": cleaned_id,
}
OF_A_TIME: Mapping[str, Rule] = {
    "utc_timestamp": lambda value: text_rules.read_timestamp(value, *WINDOW),
    "timestamp_reject_reason": lambda value: text_rules.timestamp_reject_reason(
        value, *WINDOW
    ),
    "offset_minutes": text_rules.utc_offset_minutes,
}


def some_of(values: Sequence[str], engine: str) -> Sequence[str]:
    return values[:: STEPS[engine]]


def assert_given(rules: Mapping[str, Rule], values: Sequence[str], engine: str) -> None:
    """Checks that macros give the same results as the given functions."""
    found = macros.applied(rules, values, macros.database(engine))
    differing = [
        (value, macro, given, expected)
        for value, row in zip(values, found, strict=True)
        for (macro, rule), given in zip(rules.items(), row, strict=True)
        if given != (expected := rule(value))
    ]
    assert differing == []


@every_engine
def test_no_guard_keeps_a_text_from_a_rule_that_would_change_it(engine: str) -> None:
    texts = [row.text for row in corpus.texts()]
    assert_given(OF_A_TEXT, some_of(texts, engine), engine)


# Three quarters of a minute for all engines together.
@pytest.mark.long
@every_engine
def test_no_guard_keeps_any_text_from_a_rule(engine: str) -> None:
    assert_given(OF_A_TEXT, [row.text for row in corpus.texts()], engine)


@every_engine
def test_no_guard_keeps_a_redacted_text_from_a_rule(engine: str) -> None:
    values = {row.redacted: None for row in corpus.texts() if row.redacted != row.text}
    rules = {macro: OF_A_TEXT[macro] for macro in ("normalized", "kind_of_query")}
    assert_given(rules, some_of(list(values), engine), engine)


@every_engine
def test_a_time_that_the_engine_reads_is_the_one_that_the_rule_reads(
    engine: str,
) -> None:
    values = some_of([row.value for row in corpus.times()], engine)
    assert_given(OF_A_TIME, values, engine)
    read = macros.applied(["usual_timestamp"], values, macros.database(engine))
    # The engine itself must have parsed enough of them for a conclusion.
    assert sum(moment is not None for (moment,) in read) > len(values) / 30


@every_engine
def test_null_stays_null(engine: str) -> None:
    database = macros.database(engine)
    asked = ["redacted", "normalized", "clean_id", "utc_timestamp", "offset_minutes"]
    assert macros.applied(asked, [None], database) == [(None,) * len(asked)]
    # Except for times: they have a reject reason.
    reason = macros.applied(["timestamp_reject_reason"], [None], database)
    assert reason == [("timestamp_unreadable",)]


@every_engine
def test_a_function_gives_null_where_any_argument_is_null(engine: str) -> None:
    database = macros.database(engine)
    database.make_table("blank", {"absent": "text"}, [(None,)])
    checked = 0
    for function in engine_functions():
        for place in range(function.argument_count):
            arguments = ["'2020-03-10T13:24:31Z'"] * function.argument_count
            arguments[place] = "absent"
            call = f"{function.name}({', '.join(arguments)})"
            assert database.rows(f"select {call} from blank") == [(None,)], call
            checked += 1
    assert checked == 20


# --- guards ------------------------------------------------------------------------

# Values that need no Python, by macro.
ORDINARY: Mapping[str, tuple[str, ...]] = {
    "redacted": ("short film", "the 39 steps", "Mr. Robot 101", "rock'n'roll + jazz"),
    "redacted_id": ("Bqb632", "a.b", "short film"),
    "normalized": ("Short Film", "the 39 steps", " Blade Runner 2049 ", "what? [4k]"),
    "kind_of_query": ("short film", "the 39 steps", "Amélie", "100% rock+roll"),
    "clean_id": ("Bqb632Ee9eeIhr6m4dr2", "4111111111111111", " a-b_c\n", "", " "),
}
# What each guard must let through, and the function that is then called. Two values,
# because DuckDB treats a single one as a constant and computes it in advance.
ODD: Mapping[str, tuple[tuple[str, str], str]] = {
    "redacted": (("joe@example.com", "10.0.0.1"), "redact_text"),
    "normalized": (("short+film", "Amélie"), "normalize_query_text"),
    "kind_of_query": (("vimeo.com", "[email]"), "classify_query"),
    "redacted_id": (("joe@example.com", "10.0.0.1"), "redact_id"),
    "clean_id": (("joe@example.com", "10.0.0.1"), "redact_id"),
    "utc_timestamp": (("1583846671", "junk"), "read_timestamp"),
    "timestamp_reject_reason": (("1583846671", "junk"), "timestamp_reject_reason"),
    "offset_minutes": (("1583846671", "junk"), "utc_offset_minutes"),
}
USUAL_TIMES = (
    "2020-03-10T09:24:31.123 -0400",
    "2020-03-10 09:24:31.123 +0545",
    "2020-03-10T13:24:31+05:45",
    "2020-03-10 13:24:31-11:30",
    "2020-03-10T13:24:31.042Z",
    "2020-03-10 13:24:31.042Z",
    "2020-03-10T13:24:31Z",
    "2020-03-10 13:24:31Z",
    "2019-12-31T23:59:59.999 -0100",
)
GUARDS = {
    "redacted": "may_hold_personal_data",
    "normalized": "is_odd_query",
    "kind_of_query": "may_be_special_query",
}

Watched = tuple[Engine, Counter[tuple[str, str]]]


@pytest.fixture(params=["sqlite", "duckdb"])
def watched(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Watched:
    """A database, and how often it called each function with a value."""
    calls: Counter[tuple[str, str]] = Counter()

    def counted(name: str, rule: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(rule)
        def called(*arguments: str) -> Any:
            calls[name, arguments[0]] += 1
            return rule(*arguments)

        return called

    for name in text_rules.__all__:
        monkeypatch.setattr(text_rules, name, counted(name, getattr(text_rules, name)))
    return engine_named(request.param), calls


@pytest.mark.parametrize("macro", ORDINARY)
def test_an_ordinary_text_never_reaches_python(watched: Watched, macro: str) -> None:
    database, calls = watched
    macros.applied([macro], ORDINARY[macro], database)
    assert calls == {}


def test_a_time_in_a_usual_form_never_reaches_python(watched: Watched) -> None:
    database, calls = watched
    macros.applied(OF_A_TIME, USUAL_TIMES, database)
    assert calls == {}


@pytest.mark.parametrize("macro", ODD)
def test_an_odd_value_reaches_python_once(watched: Watched, macro: str) -> None:
    database, calls = watched
    values, function = ODD[macro]
    macros.applied([macro], values, database)
    assert calls == {(function, value): 1 for value in values}


@every_engine
@pytest.mark.parametrize("macro", GUARDS)
def test_a_guard_says_no_to_ordinary_texts_and_yes_to_odd_ones(
    engine: str, macro: str
) -> None:
    """On Spark, where calls cannot be counted, guards pass null instead of a value."""
    odd, _ = ODD[macro]
    said = macros.evaluate(GUARDS[macro], [*ORDINARY[macro], *odd], engine)
    expected = [False] * len(ORDINARY[macro]) + [True] * len(odd)
    assert [bool(each) for each in said] == expected


@every_engine
def test_a_time_in_a_usual_form_is_read_by_the_engine(engine: str) -> None:
    expected = []
    for value in USUAL_TIMES:
        moment = datetime.fromisoformat(value[:19] + value[19:].replace(" ", ""))
        iso = moment.astimezone(UTC).isoformat(timespec="milliseconds")
        expected.append(iso.replace("+00:00", "Z"))
    assert macros.evaluate("usual_timestamp", USUAL_TIMES, engine) == expected


def test_spark_hands_over_only_what_a_guard_lets_through() -> None:
    handed_over = macros.rendered("only_where", "is_odd", "text", engine_name="spark")
    database = macros.database("spark")
    database.make_table(
        "asked", {"is_odd": "integer", "text": "text"}, [(0, "a"), (1, "b")]
    )
    query = handed_over.replace("is_odd", "is_odd = 1")
    rows = database.rows(f"select {query} as handed_over from asked order by is_odd")
    assert rows == [(None,), ("b",)]


# --- fingerprint -------------------------------------------------------------------


@every_engine
def test_an_engine_knows_the_fingerprint_of_the_rules(engine: str) -> None:
    rows = macros.database(engine).rows("select text_rules_fingerprint()")
    assert rows == [(fingerprint(),)]


@pytest.fixture
def copied_rules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a copy of the rules, which the fingerprint is computed from."""
    original = Path(text_rules.__file__).parent
    ignore = shutil.ignore_patterns("__pycache__")
    copy = shutil.copytree(original, tmp_path / "text_rules", ignore=ignore)
    monkeypatch.setattr(text_rules, "__file__", str(copy / "__init__.py"))
    return copy


def test_the_same_rules_elsewhere_have_the_same_fingerprint(copied_rules: Path) -> None:
    assert fingerprint.__wrapped__() == fingerprint()
    (copied_rules / "__pycache__").mkdir()
    (copied_rules / "__pycache__" / "redaction.pyc").write_bytes(b"compiled")
    assert fingerprint.__wrapped__() == fingerprint()


def test_another_content_of_any_module_or_table_gives_another_fingerprint(
    copied_rules: Path,
) -> None:
    found = {fingerprint()}
    files = [*copied_rules.glob("*.py"), *copied_rules.glob("data/*")]
    for path in files:
        content = path.read_bytes()
        path.write_bytes(content + b"\n")
        found.add(fingerprint.__wrapped__())
        path.write_bytes(content)
    assert len(files) > 10
    assert len(found) == 1 + len(files)


def test_another_file_or_another_name_gives_another_fingerprint(
    copied_rules: Path,
) -> None:
    (copied_rules / "names.py").write_text("", encoding="utf-8")
    added = fingerprint.__wrapped__()
    (copied_rules / "names.py").rename(copied_rules / "streets.py")
    renamed = fingerprint.__wrapped__()
    assert len({fingerprint(), added, renamed}) == 3
