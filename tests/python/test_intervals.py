"""The 95 % intervals of shares: the formula, and where pages and tables show them."""

import re
from types import SimpleNamespace
from unittest.mock import create_autospec

import pytest
from conftest import ROOT
from figures import Figure
from rich.table import Table

from clip_search.enrich.rewrites import Rewrites
from clip_search.explore.figures import Picture, columns, line
from clip_search.explore.reader import Rows
from clip_search.explore.values import share, span
from clip_search.intervals import percent_interval, shown_interval, wilson
from lab.evaluate.corrections import Judged
from lab.evaluate.evaluation_tables import corrections_table

# 57 of 97 (0.588, 95 %: 0.488 to 0.681), or the same in percent.
TOLD = re.compile(
    r"(?P<successes>[\d,]+) of (?P<trials>[\d,]+) "
    r"\((?P<shown>[\d.]+(?: %)?, 95 %: [\d.]+ to [\d.]+(?: %)?)\)"
)
PAGES = sorted((ROOT / "docs").rglob("*.md"))


@pytest.mark.parametrize(
    ("successes", "trials", "low", "high"),
    [
        # By the formula of Wilson 1927, computed by hand.
        (10, 10, 0.7225, 1.0),
        (0, 10, 0.0, 0.2775),
        (5, 10, 0.2366, 0.7634),
        (81, 263, 0.2553, 0.3662),
    ],
)
def test_intervals_are_wilsons(
    successes: int, trials: int, low: float, high: float
) -> None:
    assert wilson(successes, trials) == pytest.approx((low, high), abs=5e-5)


def test_intervals_include_the_share() -> None:
    for trials in (*range(1, 60), 933, 3_069, 47_781):
        for successes in {0, 1, trials // 3, trials - 1, trials}:
            low, high = wilson(successes, trials)
            assert 0 <= low <= successes / trials <= high <= 1


@pytest.mark.parametrize(
    ("successes", "trials", "shown", "percent"),
    [
        # All of 933: by the formula, from 933 / (933 + 1.96 ** 2) = 0.99590 to 1.
        (933, 933, "0.995 to 1.000", "99.5 to 100.0"),
        (4, 4, "0.510 to 1.000", "51.0 to 100.0"),
        (0, 4, "0.000 to 0.490", "0.0 to 49.0"),
        (81, 263, "0.255 to 0.367", "25.5 to 36.7"),
        (0, 0, "0.000 to 1.000", "0.0 to 100.0"),
    ],
)
def test_an_interval_is_rounded_outwards(
    successes: int, trials: int, shown: str, percent: str
) -> None:
    assert shown_interval(successes, trials) == shown
    assert percent_interval(successes, trials, 1) == percent


def test_the_report_shows_the_interval_of_a_share_of_few_cases() -> None:
    # Half of 10 is 0.2366 to 0.7634, half of 999 is 0.4691 to 0.5310 (rounded).
    assert plain(share(5, 10)) == "50.0 % (95 %: 23.6 to 76.4 %)"
    assert plain(share(333, 999)) == "33.3 % (95 %: 30.4 to 36.4 %)"
    assert plain(share(500, 1_000)) == "50.0 %"
    assert share(0, 0) == "none"
    assert span(5, 10) == pytest.approx((23.66, 76.34), abs=0.01)


def test_a_count_of_part_of_another_column_is_shown_as_a_share() -> None:
    rows = Rows(
        ("kind", "searches", "found_nothing_of_searches"),
        (("text", 2_000, 500), ("url", 10, 5), ("ip", 0, None)),
    )
    assert plain(repr(rows)).splitlines()[1:] == [
        "text | 2,000 | 25.0 %",
        "url | 10 | 50.0 % (95 %: 23.6 to 76.4 %)",
        "ip | 0 | none",
    ]
    assert '<th class="number">found nothing</th>' in rows._repr_html_()


def test_a_column_that_only_sounds_like_a_part_is_a_count() -> None:
    assert repr(Rows(("days_of_june",), ((7,),))).splitlines()[1] == "7"


def test_charts_draw_the_intervals() -> None:
    heights, spans = [50.0, 20.0], [(20.0, 80.0), (10.0, 35.0)]
    points = list(zip([1.0, 2.0], heights, strict=True))
    drawn = [
        columns("Columns", [1.0, 2.0], {"a": heights}, "of 100"),
        columns("Columns", [1.0, 2.0], {"a": heights}, "of 100", spans=spans),
        line("Line", points, along="place", unit="of 100"),
        line("Line", points, along="place", unit="of 100", spans=spans),
    ]
    pictures = [picture.png for picture in drawn if isinstance(picture, Picture)]
    assert len(set(pictures)) == 4


def test_an_evaluation_shows_the_interval_of_each_share() -> None:
    judged = [
        *(
            Judged(f"typo{number}", frozenset({"right"}), "typo")
            for number in range(263)
        ),
        *(Judged(f"right{n}", frozenset({f"right{n}"}), "none") for n in range(4)),
    ]
    rewrites = create_autospec(Rewrites, instance=True)
    rewrites.all.return_value = [
        SimpleNamespace(
            query_text=f"typo{number}",
            rewritten_text="right",
            tier="auto",
            is_publishable=False,
        )
        for number in range(81)
    ]
    table = corrections_table(judged, rewrites)
    # All of 81: 81 / (81 + 1.96 ** 2); none of 4: 1.96 ** 2 / (4 + 1.96 ** 2).
    assert cells(table, "precision, 95 %")[:2] == ["0.954 to 1.000", "0.000 to 1.000"]
    assert cells(table, "recall, 95 %")[0] == "0.255 to 0.367"
    assert cells(table, "of clean, 95 %")[0] == "0.000 to 48.990 %"


def test_an_interval_has_a_name_in_percent() -> None:
    result = "| log | recall, 95 % |\n| --- | --- |\n| all | 0.519 to 0.709 |\n"
    values = Figure("Rewrites", "real", "sql", "", result, False).values()
    assert values["real, all / recall, 95 %"] == "0.519 to 0.709"
    assert values["real, all / recall, 95 % in %"] == "51.9 to 70.9 %"


def test_each_interval_told_is_that_of_its_counts(
    request: pytest.FixtureRequest,
) -> None:
    """`--renew-golden` writes them, so only the counts are written by hand."""
    if request.config.getoption("--renew-golden"):
        for page in PAGES:
            text = page.read_text("utf-8")
            renewed = TOLD.sub(renewed_share, text)
            if renewed != text:
                page.write_text(renewed, "utf-8")
        return
    told = [found for page in PAGES for found in TOLD.finditer(page.read_text("utf-8"))]
    assert len(told) > 20
    assert [found[0] for found in told if found[0] != renewed_share(found)] == []


def renewed_share(told: re.Match[str]) -> str:
    """The counts of a share with the share and the interval that follow from them."""
    part, of = (int(told[name].replace(",", "")) for name in ("successes", "trials"))
    if told["shown"].endswith("%"):
        shown = f"{100 * part / of:.3f} %, 95 %: {percent_interval(part, of, 3)} %"
    else:
        shown = f"{part / of:.3f}, 95 %: {shown_interval(part, of)}"
    return f"{told['successes']} of {told['trials']} ({shown})"


def plain(text: str) -> str:
    """The text with ordinary spaces."""
    return text.replace("\N{NO-BREAK SPACE}", " ")


def cells(table: Table, name: str) -> list[str]:
    """The cells of a column."""
    (column,) = (column for column in table.columns if column.header == name)
    return [str(cell) for cell in column.cells]
