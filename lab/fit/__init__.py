"""Fits the weights and likelihoods of the rewrite score."""

LEAST_FREQUENCY = 180
"""Rarer words go to the rare list: 1.8 on the Zipf scale, one in 16 million words."""
