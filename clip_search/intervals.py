"""The 95 % intervals of shares: what a share of few cases leaves open."""

from math import ceil, floor, sqrt
from statistics import NormalDist

FEW_CASES = 1_000
"""A share of fewer cases than this is shown with its interval."""

_DEVIATIONS = NormalDist().inv_cdf(0.975)


def wilson(successes: int, trials: int) -> tuple[float, float]:
    """The 95 % score interval of a share. It always includes the share itself.

    E. B. Wilson, Probable inference, the law of succession, and statistical inference,
    Journal of the American Statistical Association 22, 1927.

    Args:
        successes: At least 0, at most `trials`.
        trials: 0 gives the interval from 0 to 1.
    """
    if trials == 0:
        return 0.0, 1.0
    share = successes / trials
    squared = _DEVIATIONS**2 / trials
    centre = share + squared / 2
    reach = sqrt(squared * (share * (1 - share) + squared / 4))
    low, high = (end / (1 + squared) for end in (centre - reach, centre + reach))
    # If all or no cases are successes, rounding would leave out the share.
    return max(0.0, min(low, share)), min(1.0, max(high, share))


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
