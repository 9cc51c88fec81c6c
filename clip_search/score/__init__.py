"""Scores the cleaning against the simulator's answer key and truth.

Nothing here is read by a model of the project: it only looks at what a run built.
"""

from clip_search.score.errors import ScoreError
from clip_search.score.measures import Tally
from clip_search.score.rules import Score, score_warehouse

__all__ = ["Score", "ScoreError", "Tally", "score_warehouse"]
