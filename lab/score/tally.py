"""Counts hits and misses, and computes precision and recall."""

from dataclasses import dataclass
from math import sqrt

_Z = 1.959964
"""95 % of a normal distribution is within this many standard deviations."""


@dataclass(slots=True)
class Tally:
    """The counts of a rule.

    Attributes:
        found: Rows it hit correctly.
        missed: Rows that it should have hit, but did not.
        wrong: Rows that it should not have hit, but did.
    """

    found: int = 0
    missed: int = 0
    wrong: int = 0

    def add(self, is_planted: bool, is_hit: bool) -> None:
        """Counts a row."""
        self.found += is_planted and is_hit
        self.missed += is_planted and not is_hit
        self.wrong += is_hit and not is_planted

    @property
    def planted(self) -> int:
        """Rows that it should have hit."""
        return self.found + self.missed

    @property
    def precision(self) -> float | None:
        """The share (0 to 1) of hits that are correct; None without hits."""
        return _share(self.found, self.found + self.wrong)

    @property
    def recall(self) -> float | None:
        """The share (0 to 1) of planted rows that it hit; None without planted rows."""
        return _share(self.found, self.planted)

    @property
    def precision_interval(self) -> tuple[float, float]:
        """The 95 % confidence interval of the precision."""
        return wilson(self.found, self.found + self.wrong)

    @property
    def recall_interval(self) -> tuple[float, float]:
        """The 95 % confidence interval of the recall."""
        return wilson(self.found, self.planted)


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def wilson(successes: int, trials: int) -> tuple[float, float]:
    """The 95 % score interval of a share.

    E. B. Wilson, Probable inference, the law of succession, and statistical inference,
    Journal of the American Statistical Association 22, 1927.

    Args:
        successes: At least 0, at most `trials`.
        trials: 0 gives the interval from 0 to 1.
    """
    if trials == 0:
        return 0.0, 1.0
    share = successes / trials
    centre = share + _Z * _Z / (2 * trials)
    spread = _Z * sqrt(share * (1 - share) / trials + (_Z / (2 * trials)) ** 2)
    scale = 1 + _Z * _Z / trials
    return max((centre - spread) / scale, 0.0), min((centre + spread) / scale, 1.0)
