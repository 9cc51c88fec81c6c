"""Scores the cleaning against the simulator's answer key and truth.

No model of the project reads its results: it only reads what a run built.
"""
