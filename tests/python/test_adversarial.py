"""The text rules on thousands of texts that are meant to mislead them."""

import pytest

from tests.adversarial import results


@pytest.mark.parametrize("name", results.NAMES)
def test_a_set_is_large_enough(name: str) -> None:
    result = results.result(name)
    assert result.tally.planted >= 3000
    assert result.negatives >= 3000


@pytest.mark.parametrize("name", results.NAMES)
def test_the_rule_takes_what_it_must_and_leaves_what_it_must(name: str) -> None:
    tally = results.result(name).tally
    assert (tally.missed, tally.wrong) == (0, 0)


@pytest.mark.parametrize("name", results.NAMES)
def test_a_judge_who_knows_nothing_of_the_rule_agrees_but_for_stated_groups(
    name: str,
) -> None:
    result = results.result(name)
    differing = sum(result.differences.values())
    assert differing < 0.25 * (result.tally.planted + result.negatives)


def test_the_page_shows_these_figures() -> None:
    assert results.table() in results.PAGE.read_text("utf-8")
