"""The error of scoring a warehouse."""


class ScoreError(Exception):
    """The warehouse cannot be scored; the message says why and what to do."""
