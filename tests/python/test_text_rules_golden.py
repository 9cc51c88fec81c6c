"""The text rules still give the stored result for each text of the golden corpus."""

import re
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from clip_search import text_rules
from tests.golden import corpus
from tests.reference.macros import variables

# Intended differences from the corpus: the text, the rule's result, and why that is
# right. An entry that is not a difference any more fails. To change a rule for more
# than a few texts, change their rows in the corpus.
Justified = Mapping[str, tuple[Any, str]]
JUSTIFIED: dict[str, Justified] = {
    "redacted": {},
    "normal_form_of_redacted": {},
    "kind_of_redacted": {},
    "normal_form_of_text": {},
    "reading": {},
    "utc_offset_minutes": {},
}
SHOWN = 5

WINDOW = (variables()["plausible_from"], variables()["plausible_until"])


def complaints(
    expected: Mapping[str, Any], found: Mapping[str, Any], justified: Justified
) -> list[str]:
    """Describes unexpected differences, and expected ones that no longer exist."""
    differing = {
        text: f"{text!r}\n    became {found[text]!r}\n    not    {value!r}"
        for text, value in expected.items()
        if found[text] != value
    }
    stale = [
        f"{text!r} is listed as justified, but did not become {value!r}"
        for text, (value, _) in justified.items()
        if text not in differing or found[text] != value
    ]
    unjustified = [
        message
        for text, message in differing.items()
        if text not in justified or found[text] != justified[text][0]
    ]
    return unjustified + stale


def assert_unchanged(
    column: str, expected: Mapping[str, Any], found: Mapping[str, Any]
) -> None:
    complained = complaints(expected, found, JUSTIFIED[column])
    if complained:
        first = "\n".join(complained[:SHOWN])
        pytest.fail(f"{column}: {len(complained)} differ, the first are\n{first}")


@pytest.mark.parametrize(
    ("column", "source", "rule"),
    [
        ("redacted", "text", text_rules.redact_text),
        ("normal_form_of_redacted", "redacted", text_rules.normalize_query_text),
        ("kind_of_redacted", "redacted", text_rules.classify_query),
        ("normal_form_of_text", "text", text_rules.normalize_query_text),
    ],
)
def test_a_text_becomes_what_it_always_became(
    column: str, source: str, rule: Callable[[str], str]
) -> None:
    rows = corpus.texts()
    expected = {row.text: getattr(row, column) for row in rows}
    found = {row.text: rule(getattr(row, source)) for row in rows}
    assert_unchanged(column, expected, found)


def test_a_logged_time_becomes_what_it_always_became() -> None:
    expected = {row.value: row.reading for row in corpus.times()}
    found = {
        value: text_rules.read_timestamp(value, *WINDOW)
        or text_rules.timestamp_reject_reason(value, *WINDOW)
        for value in expected
    }
    assert_unchanged("reading", expected, found)


def test_a_logged_time_is_either_read_or_rejected_for_one_reason() -> None:
    for row in corpus.times():
        read = text_rules.read_timestamp(row.value, *WINDOW)
        reason = text_rules.timestamp_reject_reason(row.value, *WINDOW)
        assert (read is None) != (reason is None), row.value


def test_an_offset_is_what_it_always_was() -> None:
    """Only for valid times: the corpus has no others."""
    expected = {
        row.value: row.utc_offset_minutes for row in corpus.times() if row.is_read
    }
    found = {value: text_rules.utc_offset_minutes(value) for value in expected}
    assert_unchanged("utc_offset_minutes", expected, found)


def test_what_cannot_be_read_names_no_offset() -> None:
    for row in corpus.times():
        if row.reading in ("timestamp_unreadable", "timestamp_without_zone"):
            assert text_rules.utc_offset_minutes(row.value) is None, row.value


def test_the_corpus_is_read_with_the_window_that_it_was_made_with() -> None:
    assert WINDOW == ("2005-01-01T00:00:00.000Z", "2035-01-01T00:00:00.000Z")


def test_no_row_of_the_corpus_went_missing() -> None:
    page = (corpus.FOLDER / "README.md").read_text("utf-8")
    promised = Counter(
        {
            (group, int(count.replace(",", "")))
            for group, count in re.findall(r"^\| `?(\w+)`? \| ([0-9,]+) \|", page, re.M)
        }
    )
    found = Counter()
    for rows in (corpus.texts(), corpus.times()):
        found.update(Counter(row.group for row in rows).items())
        found["all", len(rows)] += 1
    assert found == promised


def test_a_difference_counts_unless_it_is_justified_as_it_is() -> None:
    golden, now = {"a": "A", "b": "B"}, {"a": "A", "b": "X"}
    (said,) = complaints(golden, now, {})
    assert said.splitlines() == ["'b'", "    became 'X'", "    not    'B'"]
    assert complaints(golden, now, {"b": ("X", "a reason")}) == []
    assert len(complaints(golden, now, {"b": ("Y", "a reason")})) == 2
    assert len(complaints(golden, golden, {"b": ("X", "a reason")})) == 1
    assert len(complaints(golden, golden, {"b": ("B", "a reason")})) == 1
