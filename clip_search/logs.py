"""The two raw logs and their columns, as dbt_project.yml defines them."""

import re
from dataclasses import dataclass

import yaml

from clip_search.project import PROJECT_ROOT

_COLUMN_NAME = "[a-z][a-z0-9_]*"

ADDED_COLUMNS = frozenset(
    {
        "file_id", "line_number", "malformed_line", "is_malformed", "ts_reject_reason",
        "outcome", "reject_reason", "utc_offset_minutes", "is_ts_disputed",
        "raw_row_count", "is_automated", "query_text", "query_kind", "click_count",
        "last_click_at", "seconds_after_search",
    }
)  # fmt: skip
"""The columns that models add to those of the logs."""


class LogError(ValueError):
    """The declaration of a log's columns is wrong; the message says where and why."""


@dataclass(frozen=True, order=True)
class Log:
    """One of the two raw logs.

    Attributes:
        name: The prefix of its file names; its raw table is `landed_<name>`.
        required: The columns that each of its files must have.
        optional: Those that a file may lack, and that models know.
        passed_through: Those that a file may lack, and that end in the clean table.

    Raises:
        LogError: A column has no valid name, or one that is taken.
    """

    name: str
    required: tuple[str, ...]
    optional: tuple[str, ...] = ()
    passed_through: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Checks the names, which become part of SQL."""
        for column in self.columns:
            problem = None
            if not re.fullmatch(_COLUMN_NAME, column):
                problem = "is not a column name: use lower-case letters, digits and _"
            elif self.columns.count(column) > 1:
                problem = "is there twice"
            elif column in ADDED_COLUMNS:
                problem = "is a column that the models add: rename it in the file"
            if problem:
                raise LogError(
                    f"dbt_project.yml, log_columns, {self.name}: {column!r} {problem}"
                )

    @property
    def columns(self) -> tuple[str, ...]:
        """All its columns, in the order of the raw table."""
        return self.required + self.optional + self.passed_through


_PROJECT = yaml.safe_load((PROJECT_ROOT / "dbt_project.yml").read_text("utf-8"))

SEARCH_REQUEST, SEARCH_RESULT_INTERACTION = LOGS = tuple(
    Log(name, **{use: tuple(columns) for use, columns in declared.items()})
    for name, declared in _PROJECT["vars"]["log_columns"].items()
)
LOG_NAMES = tuple(log.name for log in LOGS)
