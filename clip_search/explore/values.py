"""Formats numbers for readers."""

from collections.abc import Iterable

from clip_search.intervals import FEW_CASES, percent_interval, wilson


def whole(count: float) -> str:
    """A count with thousands separators."""
    return f"{count:,.0f}"


def share(part: int, of: int) -> str:
    """A part in percent with one decimal, or words if the whole is zero.

    If the whole is small, the 95 % interval follows.
    """
    if not of:
        return "none"
    sign = "\N{NO-BREAK SPACE}%"
    percent = f"{100 * part / of:.1f}{sign}"
    if of >= FEW_CASES:
        return percent
    return f"{percent} (95{sign}: {percent_interval(part, of, 1)}{sign})"


def span(part: int, of: int) -> tuple[float, float]:
    """The ends of the 95 % interval of a part, in percent."""
    low, high = wilson(part, of)
    return 100 * low, 100 * high


def percentile(counted: Iterable[tuple[int, int]], at: float) -> int | None:
    """The smallest value that at least the given share of counted values do not exceed.

    Args:
        counted: Values and how often each occurs.
        at: The share, 0 to 1.

    Returns:
        The nearest-rank percentile, or None if nothing was counted.
    """
    in_order = sorted(counted)
    wanted = at * sum(count for _, count in in_order)
    seen = 0
    for value, count in in_order:
        seen += count
        if seen >= wanted:
            return value
    return None
