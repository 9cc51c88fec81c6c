"""The one error of notebook and report."""


class ReportError(Exception):
    """Why there is no report, and what to do about it.

    Attributes:
        remedy: What to do about it.
    """

    def __init__(self, problem: str, remedy: str) -> None:
        """Takes the problem and the remedy, a sentence each."""
        super().__init__(problem)
        self.remedy = remedy
