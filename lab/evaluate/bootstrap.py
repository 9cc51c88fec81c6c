"""Bootstrap intervals: topics are resampled with replacement."""

import numpy as np

ROUNDS = 2_000
LEVEL = 0.95


def interval(
    values: np.ndarray, weights: np.ndarray, seed: int = 20
) -> tuple[float, float]:
    """A 95 % percentile interval of a weighted mean (Efron's bootstrap).

    Args:
        values: One value for each topic, such as enriched minus raw.
        weights: The number of searches of each topic.
        seed: The same seed gives the same interval.

    Returns:
        The lower and the upper bound.
    """
    generator = np.random.default_rng(seed)
    weighted = values * weights
    means = np.empty(ROUNDS)
    for number in range(ROUNDS):
        drawn = generator.integers(0, len(values), len(values))
        means[number] = weighted[drawn].sum() / weights[drawn].sum()
    low, high = np.quantile(means, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return float(low), float(high)
