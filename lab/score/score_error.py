"""What can go wrong when a warehouse is scored."""


class ScoreError(Exception):
    """The warehouse cannot be scored; the message says why and what to do."""
