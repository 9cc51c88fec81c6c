"""What a run found wrong, in the words that its log and its alerts use."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong, told so that somebody can act on it.

    Attributes:
        severity: `failure` stops what stands on it, `warning` does not.
        name: The dbt test or model, or the task, that speaks.
        problem: What is wrong, in a sentence or in dbt's own words.
        place: Where it is written: a file of the project, or a log file, with the line.
        remedy: What to do about it.
        model: The model that was tested or built.
        rule: The reject rule that took too many rows.
        row_count: How many rows it concerns, as far as somebody counted them.
        examples: At most three rows, redacted, each as one line.
        is_transient: Whether the same again may succeed, as after a locked file.
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
