"""Formats numbers for readers."""

from collections.abc import Iterable


def whole(count: float) -> str:
    """A count with thousands separators."""
    return f"{count:,.0f}"


def share(part: float, of: float) -> str:
    """A part in percent with one decimal, or words if the whole is zero."""
    return f"{100 * part / of:.1f}\N{NO-BREAK SPACE}%" if of else "none"


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
