"""Erases what unloaded files have left after a build: bytes, names and quotations."""

from pathlib import Path

from clip_search.engines import engine, explained
from clip_search.load import forget_unloaded
from clip_search.load.load_progress import Progress
from clip_search.project import log_path, target_path


def erase(database: Path, progress: Progress) -> list[Path]:
    """Rewrite a warehouse without deleted rows, and delete files that quote logs.

    Args:
        database: The existing warehouse, built after the files were unloaded.
        progress: Is told before a wait for another process.

    Returns:
        The deleted files.

    Raises:
        LoadError: The records of loads cannot be written.
        WarehouseError: The warehouse cannot be rewritten.
        OSError: The same, or a file cannot be deleted.
    """
    forget_unloaded(database, progress)
    with explained(database):
        engine().compact(database, progress.waiting)
    quoting = _quoting_files()
    for path in quoting:
        path.unlink()
    return quoting


def _quoting_files() -> list[Path]:
    """What commands have written that quotes logged rows, or names log files."""
    pages = [target_path() / name for name in ("report.html", "exploration.ipynb")]
    # dbt renames its log when it has grown, and adds a number.
    logs = sorted(log_path().glob("dbt.log*"))
    return [path for path in (*pages, *logs) if path.exists()]
