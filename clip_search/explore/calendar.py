"""Time in the notebook's charts: periods of a suitable length, and gaps."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from clip_search.explore.values import percentile

# The share of rows cut off at each end: a few wrong clocks would stretch the axis.
_CUT_OFF = 0.01
# Period, its length as a date prefix, and the maximum number of periods in a chart.
_PERIODS = (("day", 10, 62), ("month", 7, 72), ("year", 4, 200))
_GAPS = (
    ("a minute", 60.0),
    ("an hour", 3600.0),
    ("a day", 86400.0),
    ("a month", 30 * 86400.0),
    ("a year", 365 * 86400.0),
)
GAP_NAMES = (*(name for name, _ in _GAPS), "longer")


@dataclass(frozen=True)
class Course:
    """Counts over time.

    Attributes:
        period: What one bar represents: day, month or year.
        names: The periods from the first to the last, in order.
        series: The counts of each series by its name, one per period.
        outside_count: Rows before and after the periods shown.
    """

    period: str
    names: list[str]
    series: dict[str, list[int]]
    outside_count: int


def course(counted: Iterable[tuple[str, str, int]]) -> Course:
    """Groups daily counts into the shortest periods that fit into a chart.

    Args:
        counted: Day (`2020-03-10`), series name and count.
    """
    rows = [
        (date.fromisoformat(day).toordinal(), name, count)
        for day, name, count in counted
    ]
    numbered = [(day, count) for day, _, count in rows]
    first, last = percentile(numbered, _CUT_OFF), percentile(numbered, 1 - _CUT_OFF)
    if first is None or last is None:
        return Course("day", [], {}, 0)
    days = range(first, last + 1)
    period, length, names = next(
        (period, length, names)
        for period, length, most in _PERIODS
        if len(names := list(dict.fromkeys(_name(day, length) for day in days))) <= most
    )
    shown = [row for row in rows if row[0] in days]
    place = {name: number for number, name in enumerate(names)}
    series = {name: [0] * len(names) for name in sorted({row[1] for row in shown})}
    for day, name, count in shown:
        series[name][place[_name(day, length)]] += count
    outside = sum(count for _, count in numbered) - sum(row[2] for row in shown)
    return Course(period, names, series, outside)


def _name(day: int, length: int) -> str:
    return date.fromordinal(day).isoformat()[:length]


def seconds_between(earlier: str, later: str) -> float:
    """Seconds from one standard timestamp to another."""
    return (
        datetime.fromisoformat(later) - datetime.fromisoformat(earlier)
    ).total_seconds()


def gap_name(seconds: float) -> str:
    """The entry of `GAP_NAMES` for a time between two events, in either direction."""
    for name, limit in zip(GAP_NAMES, _GAPS, strict=False):
        if abs(seconds) < limit[1]:
            return name
    return GAP_NAMES[-1]
