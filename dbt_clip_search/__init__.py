"""A plugin of dbt: it loads every package named `dbt_*`, before it writes its results.

Plain `dbt build` on this project, on any engine, creates its files for their owner
only, like our own commands.
"""

from pathlib import Path

from dbt.flags import get_flags
from dbt.plugins.manager import dbtPlugin
from dbt_common.invocation import get_invocation_id

from clip_search.private_files import keep_private

_PROJECT = "clip_search"


class PrivateFiles(dbtPlugin):
    """Makes what dbt writes private, in this project only."""

    def initialize(self) -> None:
        """Set the umask. Only the log has been begun before."""
        if self.project_name != _PROJECT:
            return
        keep_private()
        log = Path(get_flags().LOG_PATH, "dbt.log")  # type: ignore[no-untyped-call]
        if _was_begun_now(log):
            log.chmod(0o600)


def _was_begun_now(log: Path) -> bool:
    """Whether a log begins with this command; an existing one keeps its mode."""
    try:
        with log.open(encoding="utf-8", errors="replace") as lines:
            first = next((line for line in lines if line.strip()), "")
    except OSError:
        return False
    return get_invocation_id() in first


plugins = [PrivateFiles]
