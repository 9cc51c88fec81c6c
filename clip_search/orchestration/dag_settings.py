"""What one DAG works on: its logs, its warehouse and its folder."""

import os
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from clip_search.mapping import Mapping, mapping_of_file, mapping_of_preset
from clip_search.private_files import keep_private
from clip_search.project import WORK_ROOT


@dataclass(frozen=True)
class Settings:
    """The settings of a DAG, which its tasks share.

    Attributes:
        dag_id: The DAG's id, unique in an Airflow.
        logs: The folder of the logs, which may contain strftime codes; empty: none.
        target: The engine, a target in profiles.yml.
        database: The warehouse's file or folder, as an absolute path.
        wait: How long `load_data` waits for logs that have not arrived.
        folder: The folder of what the DAG writes in addition to its warehouse.
        logs_as: A preset or a mapping's file, if the logs are another team's.
        exports: The formats that `publish` writes.
    """

    dag_id: str
    logs: str
    target: str
    database: Path
    wait: timedelta
    folder: Path
    logs_as: str = ""
    exports: tuple[str, ...] = ()

    @property
    def pages(self) -> Path:
        """The folder to which `publish` writes the dbt docs and the report."""
        return self.folder / "pages"

    @property
    def target_path(self) -> Path:
        """The folder of the compiled SQL and of the results of the last build."""
        return self.folder / "target"

    @property
    def mapping(self) -> Mapping | None:
        """How the records of another team's logs become rows.

        Raises:
            MappingError: There is no such preset, or the file is wrong.
        """
        if not self.logs_as:
            return None
        if self.logs_as.endswith(".toml"):
            return mapping_of_file(self.absolute(self.logs_as))
        return mapping_of_preset(self.logs_as)

    def environment(self) -> dict[str, str]:
        """The variables that make the code of this package work on this warehouse."""
        return {
            "CLIP_SEARCH_TARGET": self.target,
            "CLIP_SEARCH_DATABASE": str(self.database),
            "DBT_TARGET_PATH": str(self.target_path),
            "DBT_LOG_PATH": str(self.folder / "logs"),
            "DBT_USE_COLORS": "False",
            "DO_NOT_TRACK": "1",
            # Airflow ends a task without Python's cleanup. Python would then log, as an
            # error, that dbt's locks were not released.
            "PYTHONWARNINGS": "ignore::UserWarning:multiprocessing.resource_tracker",
        }

    def apply(self) -> None:
        """Make this process, which runs one task, work on this warehouse."""
        keep_private()
        self.folder.mkdir(parents=True, exist_ok=True)
        os.environ.update(self.environment())

    def absolute(self, path: str) -> Path:
        """The absolute path of one that a user gave."""
        return WORK_ROOT / path
