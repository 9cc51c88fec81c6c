"""The answer key: the expected outcome of each row of the logs.

One JSON object per line; the nth one about a log is about its nth record. It comes from
what the simulator planted, never from reading its own output; no model of the project
reads it.
"""

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TextIO

from lab.simulate.rows import LogRow


class AnswerKey:
    """Writes the answer for each row when the row is written.

    Args:
        file: The output; text, UTF-8.
        with_numbers: Whether to say where each row is. A key under version control does
            without: a row more would change the line of every later row.
    """

    def __init__(self, file: TextIO, with_numbers: bool = True) -> None:
        self._file = file
        self._with_numbers = with_numbers
        self._encode = json.JSONEncoder(
            ensure_ascii=False, separators=(",", ":")
        ).encode

    def write(self, row: LogRow, row_number: int, line_number: int) -> None:
        """Writes the answer for one row.

        Args:
            row: The row and its truth.
            row_number: The record's number in its file, from 1, not counting the
                header.
            line_number: The physical line at which it starts; the header is line 1.
        """
        answer: dict[str, Any] = {"log": row.log}
        if self._with_numbers:
            answer |= {"row_number": row_number, "line_number": line_number}
        answer |= {
            "fault": row.fault,
            "outcome": row.outcome,
            "reject_reason": row.reject_reason,
        }
        if row.clean is not None:
            answer["clean"] = row.clean
        if row.folded_into is not None:
            answer["folded_into"] = row.folded_into
        if row.meant is not None:
            answer["meant"] = row.meant
        self._file.write(self._encode(answer) + "\n")


def read_answers(path: Path) -> Iterator[dict[str, Any]]:
    """The answers of a key, with the `row_number` of their place if it has none.

    Raises:
        OSError: The file cannot be read.
        ValueError: A line is not JSON.
        KeyError: A line does not name its log.
    """
    rows: Counter[str] = Counter()
    with path.open(encoding="utf-8", newline="\n") as lines:
        for line in lines:
            answer: dict[str, Any] = json.loads(line)
            rows[answer["log"]] += 1
            yield {"row_number": rows[answer["log"]]} | answer
