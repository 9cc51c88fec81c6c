"""The two raw logs and their columns, as dbt_project.yml defines them."""

from dataclasses import dataclass

import yaml

from clip_search.project import PROJECT_ROOT


@dataclass(frozen=True, order=True)
class Log:
    """One of the two raw logs.

    Attributes:
        name: The prefix of its file names; its raw table is `landed_<name>`.
        columns: The columns it must have, in the order of the raw table.
    """

    name: str
    columns: tuple[str, ...]


_PROJECT = yaml.safe_load((PROJECT_ROOT / "dbt_project.yml").read_text("utf-8"))

SEARCH_REQUEST, SEARCH_RESULT_INTERACTION = LOGS = tuple(
    Log(name, tuple(columns))
    for name, columns in _PROJECT["vars"]["log_columns"].items()
)
LOG_NAMES = tuple(log.name for log in LOGS)
