"""The answer key: the expected outcome of each row of the logs.

One JSON object per line. It comes from what the simulator planted, never from reading
its own output; no model of the project reads it.
"""

import json
from typing import Any, TextIO

from lab.simulate.rows import LogRow


class AnswerKey:
    """Writes the answer for each row when the row is written.

    Args:
        file: The output; text, UTF-8.
    """

    def __init__(self, file: TextIO) -> None:
        self._file = file
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
        answer: dict[str, Any] = {
            "log": row.log,
            "row_number": row_number,
            "line_number": line_number,
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
