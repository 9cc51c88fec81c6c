"""The error of the loader."""

from pathlib import Path

from clip_search.wording import printable


class LoadError(Exception):
    """Why a load or an unload changed nothing, and what to do about it.

    Attributes:
        problem: What is wrong, in one sentence.
        remedy: What to do about it.
        file: The file, folder or database with the problem.
        line: Its physical line (row of a Parquet file), counted from 1.
    """

    def __init__(
        self, problem: str, *, remedy: str, file: Path, line: int | None = None
    ) -> None:
        """See the class."""
        super().__init__(problem)
        self.problem = problem
        self.remedy = remedy
        self.file = file
        self.line = line

    def __str__(self) -> str:
        """The whole error as a block of lines, without a trailing line break."""
        line = [] if self.line is None else [f"  line:    {self.line}"]
        return "\n".join(
            [
                f"  file:    {printable(str(self.file))}",
                *line,
                f"  problem: {self.problem}",
                f"  remedy:  {self.remedy}",
            ]
        )
