"""A finding of a run, as its log and its alerts show it."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong, with what is needed to act on it.

    Attributes:
        severity: `failure` stops everything downstream, `warning` does not.
        name: The dbt test or model, or the task, that reports it.
        problem: What is wrong, as a sentence or as dbt's message.
        place: Where it is: a file of the project or a log file, with the line.
        remedy: What to do about it.
        model: The model that was tested or built.
        rule: The reject rule that rejected too many rows.
        row_count: How many rows it affects, if known.
        examples: At most three redacted rows, each as one line.
        is_transient: Whether a retry may succeed, for example after a locked file.
    """

    severity: Literal["failure", "warning"]
    name: str
    problem: str
    place: str
    remedy: str
    model: str | None = None
    rule: str | None = None
    row_count: int | None = None
    examples: tuple[str, ...] = ()
    is_transient: bool = False

    def __str__(self) -> str:
        """A block of lines for the log."""
        rows = None if self.row_count is None else f"{self.row_count:,}"
        parts = {
            "what": self.problem,
            "where": self.place,
            "model": self.model,
            "rule": self.rule,
            "rows": rows,
            "example": "\n            ".join(self.examples),
            "what to do": self.remedy,
        }
        lines = [f"  {name + ':':<11} {text}" for name, text in parts.items() if text]
        return "\n".join([f"{self.severity.upper()}: {self.name}", *lines])
