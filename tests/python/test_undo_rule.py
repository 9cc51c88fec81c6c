"""How often the rule about undone rewrites is wrong, against what docs/loop.md says."""

import re
from math import sqrt

import pytest
import yaml
from conftest import ROOT

VARIABLES = yaml.safe_load((ROOT / "dbt_project.yml").read_text("utf-8"))["vars"]
USERS = (10, 50, 500)
ROW = re.compile(r"^\| `(\d+) %` \| (.+) \|$", re.MULTILINE)


def lower_end(undone: int, users: int) -> float:
    """The lower end of Wilson's interval, as `rewrite_outcome` computes it."""
    z = VARIABLES["judgment_z"]
    share = undone / users
    spread = z * sqrt(share * (1 - share) / users + z * z / (4 * users * users))
    return float((share + z * z / (2 * users) - spread) / (1 + z * z / users))


def chance_to_be_offered(share: float, users: int) -> float:
    """The chance that a rewrite loses its tier at some time, exactly.

    Args:
        share: The true share of users who undo it.
        users: How many users meet it; after each one there is a build.
    """
    chances, lost = {0: 1.0}, 0.0
    for number in range(1, users + 1):
        following: dict[int, float] = {}
        for undone, chance in chances.items():
            for more, of_one in ((0, 1 - share), (1, share)):
                now = following.get(undone + more, 0.0)
                following[undone + more] = now + chance * of_one
        for undone in list(following):
            if undone >= VARIABLES["undoing_users"] and (
                lower_end(undone, number) > VARIABLES["most_undone_share"]
            ):
                lost += following.pop(undone)
        chances = following
    return lost


def test_the_page_says_how_often_the_rule_is_wrong() -> None:
    page = (ROOT / "docs" / "loop.md").read_text("utf-8")
    _, _, section = page.partition("\n## When users undo a rewrite\n")
    rows = ROW.findall(section)
    assert len(rows) == 5
    for share, cells in rows:
        shown = [float(cell.removesuffix(" %")) for cell in cells.split(" | ")]
        expected = [100 * chance_to_be_offered(int(share) / 100, n) for n in USERS]
        assert shown == [pytest.approx(each, abs=0.051) for each in expected]


def test_three_of_three_users_are_enough_and_two_are_not() -> None:
    assert chance_to_be_offered(1.0, 2) == 0
    assert chance_to_be_offered(1.0, 3) == 1
