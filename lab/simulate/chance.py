"""Random numbers that are the same on every platform and Python version.

Everything is built from `random.Random.random()` and from additions, multiplications
and divisions of floats, which IEEE 754 specifies to the last bit. The convenience
methods of `random` changed between Python versions, and logarithms differ between C
libraries, so neither is used: skewed distributions come from tables of quantiles
instead.
"""

import random
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import accumulate, pairwise
from typing import TypeVar

Item = TypeVar("Item")


class Quantiles:
    """A distribution of integers that is linear between given points.

    Args:
        points: (share, value), shares rising from 0 to 1.
    """

    def __init__(self, *points: tuple[float, int]) -> None:
        self._segments = tuple(
            (high_share, low_share, low, (high - low) / (high_share - low_share))
            for (low_share, low), (high_share, high) in pairwise(points)
        )

    def at(self, share: float) -> int:
        """The value at `share` (at least 0, less than 1), truncated to an integer."""
        for until, since, low, slope in self._segments:
            if share < until:
                return low + int((share - since) * slope)
        raise ValueError(f"a share must be between 0 and 1, not {share}")


class Chance:
    """A source of reproducible random numbers.

    Args:
        seed: Any integer; the same one gives the same sequence of draws.
    """

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._name = str(seed)
        # Synthetic logs need no cryptography; they must be the same every time.
        self.share = random.Random(seed).random  # noqa: S311

    def start_part(self, number: int) -> None:
        """Continues with the part's own sequence of draws."""
        self._name = f"{self._seed}, part {number}"
        self.share = self._sequence(self._name)

    @contextmanager
    def aside(self, name: str) -> Iterator[None]:
        """Draws from a sequence of its own, which changes no draw outside of it.

        Args:
            name: The same name gives the same draws.
        """
        share = self.share
        self.share = self._sequence(f"{self._name}, {name}")
        try:
            yield
        finally:
            self.share = share

    @staticmethod
    def _sequence(name: str) -> Callable[[], float]:
        # `random` hashes a text with SHA-512, in every version.
        return random.Random(name).random  # noqa: S311

    def below(self, limit: int) -> int:
        """An integer from 0 to `limit` - 1, uniformly distributed."""
        return int(self.share() * limit)

    def between(self, low: int, high: int) -> int:
        """An integer from `low` to `high`, both included."""
        return low + int(self.share() * (high - low + 1))

    def flag(self, probability: float) -> bool:
        """True with the given probability (0 to 1)."""
        return self.share() < probability

    def pick(self, items: Sequence[Item]) -> Item:
        """One of `items`, uniformly distributed."""
        return items[int(self.share() * len(items))]

    def shuffled(self, items: Sequence[Item]) -> list[Item]:
        """A new list of `items` in random order (Fisher and Yates, by Durstenfeld)."""
        result = list(items)
        for last in range(len(result) - 1, 0, -1):
            other = self.below(last + 1)
            result[last], result[other] = result[other], result[last]
        return result

    def from_quantiles(self, quantiles: Quantiles) -> int:
        """An integer from this distribution."""
        return quantiles.at(self.share())


class Zipf:
    """Ranks with the distribution of words: the first often, the last hardly ever.

    The weight of rank r (from 0) is 1 / (r + flatness), after Zipf and Mandelbrot.

    Args:
        size: The number of ranks.
        flatness: The larger it is, the less the first ranks dominate.
    """

    def __init__(self, size: int, flatness: float = 6.0) -> None:
        self._cumulated = list(
            accumulate(1.0 / (rank + flatness) for rank in range(size))
        )

    def rank(self, chance: Chance) -> int:
        """A rank from 0 to size - 1."""
        point = chance.share() * self._cumulated[-1]
        return min(bisect_right(self._cumulated, point), len(self._cumulated) - 1)


class Deck:
    """Cards dealt in random order; when all are dealt, they are reshuffled.

    Drawing from a deck instead of rolling dice gives exact shares even in a small
    sample, so that nothing rare is missing by chance.

    Args:
        chance: Shuffles the deck.
        counts: The number of cards of each kind; at least one in total.
    """

    def __init__(self, chance: Chance, counts: Sequence[int]) -> None:
        self._chance = chance
        self._cards = [
            index for index, count in enumerate(counts) for _ in range(count)
        ]
        self._left: list[int] = []

    def deal(self) -> int:
        """The index of the dealt card's kind."""
        if not self._left:
            self._left = self._chance.shuffled(self._cards)
        return self._left.pop()
