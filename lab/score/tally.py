"""Counts hits and misses, and computes precision and recall."""

from dataclasses import dataclass
from math import floor

from clip_search.intervals import shown_interval


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
    def precision_interval(self) -> str:
        """The 95 % confidence interval of the precision, to show."""
        return shown_interval(self.found, self.found + self.wrong)

    @property
    def recall_interval(self) -> str:
        """The 95 % confidence interval of the recall, to show."""
        return shown_interval(self.found, self.planted)


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def shown_share(share: float) -> str:
    """Three decimals, never rounded up, so that 1.000 means no errors."""
    return f"{floor(share * 1000) / 1000:.3f}"
