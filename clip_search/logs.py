"""The raw logs and their columns, as dbt_project.yml defines them."""

import re
from dataclasses import dataclass

import yaml

from clip_search.clear_error import ClearError
from clip_search.project import PROJECT_ROOT

_PROJECT_FILE = PROJECT_ROOT / "dbt_project.yml"
_COLUMN_NAME = "[a-z][a-z0-9_]*"

ADDED_COLUMNS = frozenset(
    {
        "file_id", "line_number", "malformed_line", "is_malformed", "ts_reject_reason",
        "outcome", "reject_reason", "utc_offset_minutes", "is_ts_disputed",
        "is_zone_assumed", "raw_row_count", "is_automated", "query_text", "query_kind",
        "click_count", "last_click_at", "seconds_after_search", "is_total_disputed",
        "typed_row_count", "is_total_unreadable", "has_placeholder_id",
        "is_search_id_inferred", "logged_cid",
    }
)  # fmt: skip
"""The columns that models add to those of the logs."""


class LogError(ClearError):
    """The declaration of a log's columns is wrong."""

    def __init__(self, log: str, problem: str, remedy: str) -> None:
        """Takes the log, what is wrong with its declaration, and what to do."""
        super().__init__(
            f"log_columns, {log}: {problem}", remedy=remedy, place=_PROJECT_FILE
        )


@dataclass(frozen=True, order=True)
class Log:
    """One of the raw logs, or what is known of the clips.

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
            if not re.fullmatch(_COLUMN_NAME, str(column)):
                problem = "is not a column name"
                remedy = "Use lower-case letters, digits and _."
            elif self.columns.count(column) > 1:
                problem, remedy = "is there twice", "Delete one."
            elif column in ADDED_COLUMNS:
                problem = "is a column that the models add"
                remedy = "Rename it, here and in the files."
            else:
                continue
            raise LogError(self.name, f"{column!r} {problem}", remedy)

    @property
    def columns(self) -> tuple[str, ...]:
        """All its columns, in the order of the raw table."""
        return self.required + self.optional + self.passed_through


_USES = ("required", "optional", "passed_through")


def _declared(name: str, columns: object) -> Log:
    if not isinstance(columns, dict) or not all(
        use in _USES and isinstance(columns[use], list) for use in columns
    ):
        uses = ", ".join(_USES[:-1])
        raise LogError(
            name,
            "this is not a declaration of columns",
            f"Give lists of names under {uses} and {_USES[-1]}.",
        )
    return Log(name, **{use: tuple(columns[use]) for use in columns})


_PROJECT = yaml.safe_load(_PROJECT_FILE.read_text("utf-8"))

LANDED_LOGS = tuple(
    _declared(name, columns)
    for name, columns in _PROJECT["vars"]["log_columns"].items()
)
"""Everything that can be loaded."""
SEARCH_REQUEST, SEARCH_RESULT_INTERACTION, SEARCH_RESULT_SHOWN, CLIP = LANDED_LOGS
LOGS = (SEARCH_REQUEST, SEARCH_RESULT_INTERACTION)
"""The two logs that every site has."""
LOG_NAMES = tuple(log.name for log in LOGS)
ORPHAN_WAIT_HOURS: int = _PROJECT["vars"]["orphan_wait_hours"]
"""How long a click without a search does not count towards reject_share_fail."""
