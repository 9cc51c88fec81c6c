"""Measures what rewrites are worth: whether they are right, and what they find."""
