"""Example rows for the log of a failed test: few, short and only from redacted tables.

A test may read a raw log. Its rows are never shown, because the raw tables may contain
personal data.
"""

import json
import logging
import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from clip_search.engines.sqlite_file import connected_to_read
from clip_search.engines.warehouse_error import WarehouseError, is_busy
from clip_search.status import LOGS
from clip_search.text_rules import redact_text
from clip_search.wording import printable

EXAMPLE_COUNT = 3
VALUE_CHARACTERS = 200
# A log may break every rule, and each one is reported.
_FAILING_ROWS = 50
# The load record has only file names and counts, nothing that users typed.
_SAFE_SOURCES = frozenset({"source.clip_search.landing.load_record"})
_ORIGIN = "from"
_log = logging.getLogger(__name__)

Row = dict[str, object]
Node = Mapping[str, Any]


class Warehouse:
    """The SQLite file that was tested; only read.

    On other engines there are no example rows.
    """

    def __init__(self, database: Path) -> None:
        """Takes the file."""
        self._database = database
        self._is_readable = True

    def failing_rows(self, sql: str | None, test: Node, manifest: Node) -> list[Row]:
        """The rows that a test's query returns, if all it reads is redacted."""
        parents = test["depends_on"]["nodes"]
        if not sql or not all(_is_redacted(parent, manifest) for parent in parents):
            return []
        return self._rows(f"select * from ({sql}) limit {_FAILING_ROWS}", ())

    def rows_behind(
        self, failing: Sequence[Row], test: Node, tested: Node
    ) -> list[Row]:
        """The rows of the tested table that the failing rows refer to, else the latter.

        A uniqueness test, for example, returns the value and a count; to fix it you
        need the rows.
        """
        materialized = tested.get("config", {}).get("materialized")
        if materialized not in ("table", "kept_up_to_date"):
            return list(failing[:EXAMPLE_COUNT])
        columns = set(tested["columns"])
        judged = str(test.get("column_name"))
        behind: list[Row] = []
        for row in failing[:EXAMPLE_COUNT]:
            named = {judged if c in _VALUE_COLUMNS else c: v for c, v in row.items()}
            known = {c: v for c, v in named.items() if c in columns}
            behind.extend(self.matching_rows(tested["alias"], known) if known else [])
        return behind[:EXAMPLE_COUNT] or list(failing[:EXAMPLE_COUNT])

    def matching_rows(self, table: str, values: Mapping[str, object]) -> list[Row]:
        """Rows of a table with these values, each with the line it came from."""
        conditions = " and ".join(f"{_quoted(column)} is ?" for column in values)
        rows = self._rows(
            f"select * from {_quoted(table)} where {conditions} limit {EXAMPLE_COUNT}",
            tuple(values.values()),
        )
        for row in rows:
            row[_ORIGIN] = self._origin(row)
        return rows

    def add_offending_values(
        self, rows: Sequence[Row], tested: Node, rule: str
    ) -> None:
        """Adds to rejected rows what was logged where no value was read, redacted.

        The checked tables have no value there, and the rejected ones may be those of an
        earlier run.

        Args:
            rows: Rows of a checked table, changed in place.
            tested: The node of that table.
            rule: The reject rule.
        """
        column = _UNREAD_COLUMNS.get(rule)
        log = next((log for log in LOGS if log in str(tested.get("name"))), None)
        if column is None or log is None:
            return
        landed = f"from landed_{log} where file_id = ? and line_number = ?"
        sample = f"from {log} where 0 = ? and rowid = ?"
        for row in rows:
            found = self._rows(
                f"select {column} {landed if row['file_id'] else sample}",
                (row["file_id"], row["line_number"]),
            )
            if found and found[0][column] is not None:
                row[f"logged_{column}"] = redact_text(str(found[0][column]))

    def _origin(self, row: Row) -> str | None:
        if not row.get("file_id"):
            return None
        paths = self._rows(
            "select file_path from load_record where file_id is ?"
            " and unloaded_at is null order by load_id limit 1",
            (row["file_id"],),
        )
        return f"{paths[0]['file_path']}:{row['line_number']}" if paths else None

    def _rows(self, sql: str, values: Sequence[object]) -> list[Row]:
        if not self._is_readable:
            return []
        try:
            # On Spark, whose warehouse is a folder, not even this succeeds.
            with closing(connected_to_read(self._database)) as connection:
                connection.row_factory = sqlite3.Row
                return [dict(row) for row in connection.execute(sql, tuple(values))]
        except (sqlite3.Error, WarehouseError) as error:
            _log.warning("no example rows: %s", error)
            # Another process may write for hours: wait for it only once.
            self._is_readable = not is_busy(str(error))
            return []


# The column in which a rule found nothing that it can read.
_UNREAD_COLUMNS = {
    "timestamp_unreadable": "ts",
    "timestamp_impossible": "ts",
    "timestamp_without_zone": "ts",
    "timestamp_out_of_window": "ts",
    "invalid_total": "total",
    "invalid_position": "position",
}
# The names of the tested value in the results of dbt's own tests.
_VALUE_COLUMNS = frozenset({"unique_field", "value_field", "from_field"})


def example_lines(rows: Sequence[Row], tested: Node) -> tuple[str, ...]:
    """Each row as one line: where it came from, then its values as JSON."""
    return tuple(_line(row, tested) for row in rows[:EXAMPLE_COUNT])


def _line(row: Row, tested: Node) -> str:
    origin = row.get(_ORIGIN)
    if origin is None and row.get("file_id") == 0:
        log = next((log for log in LOGS if log in tested.get("name", "")), None)
        # The seed's first row is the second line of its file.
        line = int(str(row["line_number"])) + 1
        origin = f"seeds/sample/{log}.csv:{line}" if log else None
    values = {
        name: value[:VALUE_CHARACTERS] if isinstance(value, str) else value
        for name, value in row.items()
        if value is not None and name not in (_ORIGIN, "file_id", "line_number")
    }
    text = json.dumps(values, ensure_ascii=False)
    return printable(f"{origin} {text}" if origin else text)


def _is_redacted(unique_id: str, manifest: Node) -> bool:
    if unique_id.startswith("model."):
        return True
    if unique_id.startswith("seed."):
        path = manifest["nodes"][unique_id]["original_file_path"]
        return str(path).startswith("seeds/reference/")
    return unique_id in _SAFE_SOURCES


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
