"""Writes rows to the two log files in the order of arrival.

Only rows that have not arrived yet are held, so memory does not grow with the logs.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from heapq import heappop, heappush
from pathlib import Path
from typing import TextIO

from lab.simulate.answer_key import AnswerKey
from lab.simulate.rows import CLICK_LOG, COLUMNS, REQUEST_LOG, LogRow


def in_order_of_arrival(
    batches: Iterable[tuple[int, list[LogRow]]],
) -> Iterator[LogRow]:
    """Rows in the order in which they reach the logs.

    Args:
        batches: Instants and rows: instants never decrease, and no row of this or a
            later batch arrives before the instant.

    Yields:
        Each row once; rows that arrive at the same instant keep their order.
    """
    under_way: list[tuple[int, int, LogRow]] = []
    turn = 0
    for instant, rows in batches:
        while under_way and under_way[0][0] < instant:
            yield heappop(under_way)[2]
        for row in rows:
            heappush(under_way, (row.arrival, turn, row))
            turn += 1
    while under_way:
        yield heappop(under_way)[2]


def csv_line(values: Sequence[str]) -> str:
    """One CSV record with quotes only where needed, without a line end.

    Python's csv module does the same, but what it quotes differs between versions.
    """
    line = ",".join(values)
    if '"' not in line and "\n" not in line and line.count(",") == len(values) - 1:
        return line
    return ",".join(_quoted(value) for value in values)


def _quoted(value: str) -> str:
    if '"' in value or "," in value or "\n" in value:
        return '"' + value.replace('"', '""') + '"'
    return value


class LogFile:
    """One of the two logs as a CSV file.

    Args:
        file: The output; text, UTF-8, without conversion of line ends.
        log: The name of the log.
        with_index: Whether to add an unnamed first column that counts records.
    """

    def __init__(self, file: TextIO, log: str, with_index: bool) -> None:
        self._file = file
        self._with_index = with_index
        self.row_count = 0
        self._line_count = 1
        columns = COLUMNS[log]
        self._file.write(csv_line(("", *columns) if with_index else columns) + "\n")

    def write(self, row: LogRow) -> int:
        """Writes a row.

        Returns:
            The physical line at which it starts (the header is line 1).
        """
        self.row_count += 1
        line = csv_line(row.values) if row.line is None else row.line
        if self._with_index:
            line = f"{self.row_count},{line}"
        begins = self._line_count + 1
        self._line_count = begins + line.count("\n")
        self._file.write(line + "\n")
        return begins


def write_logs(
    rows: Iterable[LogRow],
    paths: dict[str, Path],
    key_path: Path | None,
    with_index: bool = False,
    with_numbers: bool = True,
) -> dict[str, int]:
    """Writes both logs and the answer key.

    Args:
        rows: Rows of both logs in the order of the files.
        paths: The file of each log, by the log's name; folders must exist.
        key_path: The answer key's file, or None.
        with_index: Whether the logs get an unnamed column that counts records.
        with_numbers: As for `AnswerKey`.

    Returns:
        The number of rows of each log, by its name.

    Raises:
        OSError: A file cannot be written.
    """
    with ExitStack() as stack:

        def opened(path: Path) -> TextIO:
            return stack.enter_context(path.open("w", encoding="utf-8", newline=""))

        files = {
            log: LogFile(opened(paths[log]), log, with_index)
            for log in (REQUEST_LOG, CLICK_LOG)
        }
        key = None if key_path is None else AnswerKey(opened(key_path), with_numbers)
        for row in rows:
            file = files[row.log]
            line_number = file.write(row)
            if key is not None:
                key.write(row, file.row_count, line_number)
        return {log: file.row_count for log, file in files.items()}
