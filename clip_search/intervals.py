"""The 95 % intervals of shares: what a share of few cases leaves open."""

from math import ceil, floor

FEW_CASES = 1_000
"""A share of fewer cases than this is shown with its interval."""


def wilson(successes: int, trials: int) -> tuple[float, float]:
    """The 95 % score interval of a share, as scipy computes it.

    E. B. Wilson, Probable inference, the law of succession, and statistical inference,
    Journal of the American Statistical Association 22, 1927.

    Args:
        successes: At least 0, at most `trials`.
        trials: 0 gives the interval from 0 to 1.
    """
    # Importing scipy takes most of a second.
    from scipy.stats import binomtest  # type: ignore[import-untyped]

    if trials == 0:
        return 0.0, 1.0
    ends = binomtest(successes, trials).proportion_ci(0.95, method="wilson")
    return float(ends.low), float(ends.high)


def shown_interval(successes: int, trials: int) -> str:
    """The ends of the 95 % interval with three decimals, rounded outwards."""
    return _outwards(*wilson(successes, trials), decimals=3)


def percent_interval(successes: int, trials: int, decimals: int) -> str:
    """The ends of the 95 % interval in percent, rounded outwards: `9.8 to 15.2`."""
    low, high = wilson(successes, trials)
    return _outwards(100 * low, 100 * high, decimals)


def _outwards(low: float, high: float, decimals: int) -> str:
    unit = 10**decimals
    ends = floor(low * unit) / unit, ceil(high * unit) / unit
    return " to ".join(f"{end:.{decimals}f}" for end in ends)
