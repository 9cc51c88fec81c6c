"""Scores the cleaning against the simulator's answer key and truth.

Nothing here is read by a model of the project: it only looks at what a run built.
"""

from lab.score.rule_scores import Score, score_warehouse
from lab.score.score_error import ScoreError
from lab.score.tally import Tally

__all__ = ["Score", "ScoreError", "Tally", "score_warehouse"]
