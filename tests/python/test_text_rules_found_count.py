"""The number of results, as search engines log it."""

import pytest

from clip_search.text_rules import read_found_count


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ('{"value":12,"relation":"eq"}', 12),
        ('{"relation": "gte", "value": 10000}', 10_000),
        ('\t{ "value" : 0 }\n', 0),
        ('{"value":999999999}', 999_999_999),
        ('{"value":12.0}', 12),
    ],
)
def test_the_value_of_an_object_is_the_count(text: str, count: int) -> None:
    assert read_found_count(text) == count


@pytest.mark.parametrize(
    "text",
    [
        '{"value":-1}',
        '{"value":1000000000}',
        '{"value":12.5}',
        '{"value":"12"}',
        '{"value":true}',
        '{"value":null}',
        '{"value":NaN}',
        '{"value":Infinity}',
        '{"total":12}',
        "{}",
        "[12]",
        "12",
        '{"value":12',
        "{" * 100_000,
        '{"value":' + "9" * 5_000 + "}",
    ],
)
def test_anything_else_has_no_count(text: str) -> None:
    assert read_found_count(text) is None
