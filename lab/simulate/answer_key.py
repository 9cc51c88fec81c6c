"""The answer key: for each row of the logs, what must become of it.

One JSON object a line. It comes from what the simulator planted, never from reading
its own output; no model of the project reads it.
"""

import json
from typing import Any, TextIO

from lab.simulate.rows import LogRow


class AnswerKey:
    """Writes answers as the rows they belong to are written.

    Args:
        file: Where to; text, UTF-8.
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
            row_number: Which record of its file it is, from 1, the header left out.
            line_number: The physical line at which it begins; the header is line 1.
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
