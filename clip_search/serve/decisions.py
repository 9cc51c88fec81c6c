"""The decisions of reviewers: lines of a seed, which the next build applies."""

import csv
import os
from dataclasses import astuple, dataclass
from pathlib import Path

from clip_search.export.spreadsheet import csv_line
from clip_search.private_files import put_in_place

VERDICTS = ("approve", "reject")
LONGEST_REASON = 300


class DecisionError(Exception):
    """A decision that cannot be taken; the message says why."""


@dataclass(frozen=True, slots=True)
class Decision:
    """A line of the seed; its description explains each column."""

    query_text: str
    rewritten_text: str
    decision: str
    reason: str

    @property
    def line(self) -> str:
        """The line of CSV, without its line end."""
        return csv_line(astuple(self))


class Decisions:
    """Reads the seed, and appends to it.

    Args:
        path: The seed.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def all(self) -> list[Decision]:
        """Every decision, in the order of the file."""
        with self.path.open(encoding="utf-8", newline="") as file:
            return [
                Decision(*(row[name] or "" for name in Decision.__dataclass_fields__))
                for row in csv.DictReader(file)
            ]

    def append(self, decision: Decision) -> None:
        """Add a line.

        Raises:
            DecisionError: The reason cannot be in one line, or the decision contradicts
                another one.
        """
        _check(decision, self.all())
        before = self.path.read_bytes()
        start = "" if before.endswith(b"\n") or not before else "\n"
        # In one write, so that a process that is killed leaves a line or none.
        with self.path.open("ab", buffering=0) as file:
            file.write(f"{start}{decision.line}\n".encode())
            os.fsync(file.fileno())

    def remove(self, query_text: str) -> None:
        """Take a decision back that was appended last for a query.

        Every other line stays as it is, byte by byte.

        Args:
            query_text: The query.

        Raises:
            DecisionError: No line of the file is as this page writes it.
        """
        wanted = {each.line for each in self.all() if each.query_text == query_text}
        lines = self.path.read_bytes().decode("utf-8").splitlines(keepends=True)
        for place in reversed(range(1, len(lines))):
            if lines[place].rstrip("\r\n") in wanted:
                del lines[place]
                self._replace("".join(lines))
                return
        raise DecisionError("This line is not as the page writes it. Edit the file.")

    def _replace(self, text: str) -> None:
        aside = self.path.with_name(f".{self.path.name}.new")
        aside.write_bytes(text.encode())
        put_in_place(aside, self.path)


def _check(new: Decision, known: list[Decision]) -> None:
    if new.decision not in VERDICTS:
        raise DecisionError("A decision is to approve or to reject.")
    if len(new.reason) > LONGEST_REASON:
        raise DecisionError(f"A reason has at most {LONGEST_REASON} characters.")
    if not new.reason.isprintable():
        raise DecisionError("A reason is one line of printable characters.")
    if any(each.query_text == new.query_text for each in known):
        raise DecisionError("This query was decided on already. Undo that first.")
    # As tests/dbt/assert_reviews_do_not_chain.sql demands.
    approved = [each for each in known if each.decision == "approve"]
    if new.decision == "approve" and any(
        each.query_text == new.rewritten_text or each.rewritten_text == new.query_text
        for each in approved
    ):
        raise DecisionError("An approved rewrite would lead to another one.")
