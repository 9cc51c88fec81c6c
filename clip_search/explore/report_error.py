"""The error of the notebook and the report."""


class ReportError(Exception):
    """Why no report was written, and what to do about it.

    Attributes:
        remedy: What to do about it.
    """

    def __init__(self, problem: str, remedy: str) -> None:
        """Takes the problem and the remedy, one sentence each."""
        super().__init__(problem)
        self.remedy = remedy
