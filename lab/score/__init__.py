"""Scores the cleaning against the simulator's answer key and truth.

No model of the project reads its results: it only reads what a run built.
"""

from lab.score.rule_scores import Score, score_warehouse
from lab.score.score_error import ScoreError
from lab.score.tally import Tally

__all__ = ["Score", "ScoreError", "Tally", "score_warehouse"]
