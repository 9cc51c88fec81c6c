"""Fits the weights and likelihoods that rewrites are scored with."""

LEAST_FREQUENCY = 180
"""Rarer words are in the rare list: 1.8 on the Zipf scale, one in 16 million words."""
