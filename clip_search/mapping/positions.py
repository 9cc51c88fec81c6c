"""Measures which number the first position has in a log: 0 or 1."""

from dataclasses import dataclass

# If more positions than this share are 0, positions start there.
ZERO_SHARE = 0.001
# Fewer positions say little if none of them is 0.
FEWEST = 100


@dataclass
class Positions:
    """The positions of a log, counted.

    Attributes:
        count: How many are whole numbers.
        zero_count: How many are 0.
        one_count: How many are 1.
        greatest: The greatest.
    """

    count: int = 0
    zero_count: int = 0
    one_count: int = 0
    greatest: int = 0

    def add(self, position: str | None) -> None:
        """Count a position; anything that is no whole number is left out."""
        if not _is_number(position):
            return
        number = int(position or 0)
        self.count += 1
        self.zero_count += number == 0
        self.one_count += number == 1
        self.greatest = max(self.greatest, number)

    @property
    def measured_from(self) -> int:
        """The number of the first position."""
        return 0 if self.zero_count > ZERO_SHARE * self.count else 1

    @property
    def is_certain(self) -> bool:
        """Whether there are enough positions to say so."""
        return self.count >= FEWEST or self.zero_count > 0

    def __str__(self) -> str:
        """What was counted."""
        return (
            f"{self.count:,} positions up to {self.greatest:,}, of which"
            f" {self.zero_count:,} are 0 and {self.one_count:,} are 1"
        )


def counted_from_one(position: str | None, first: int) -> str | None:
    """A position counted from 1; text that is no whole number stays as it is."""
    if first == 1 or not _is_number(position):
        return position
    return str(int(position or 0) + 1)


def _is_number(position: str | None) -> bool:
    # Python refuses to convert thousands of digits.
    return (
        position is not None
        and len(position) < 19
        and position.isascii()
        and position.isdigit()
    )
