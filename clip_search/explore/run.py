"""Runs the notebook from the first cell to the last on the existing warehouse."""

import os
import re
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from clip_search.clear_error import ClearError
from clip_search.project import PROJECT_ROOT, MissingExtraError, typed_command

NOTEBOOK = PROJECT_ROOT / "analyses" / "exploration.ipynb"
CELL_SECONDS = 600
# IPython colors its tracebacks.
_ESCAPE_CODE = re.compile(r"\x1b\[[0-9;]*m")

OnCell = Callable[[int, int], None]


class ReportError(ClearError):
    """The notebook could not run to its end."""


def run_notebook(on_cell: OnCell) -> Any:
    """Runs analyses/exploration.ipynb in a separate process.

    Args:
        on_cell: Called after each cell with the number of cells done and in total.

    Returns:
        The notebook with its new output, an `nbformat.NotebookNode`; the file does not
        change. The same warehouse gives the same notebook.

    Raises:
        MissingExtraError: Jupyter's libraries are not installed.
        ReportError: A cell failed.
    """
    try:
        from jupyter_client.manager import AsyncKernelManager
        from nbclient import NotebookClient
        from nbclient.exceptions import CellExecutionError, DeadKernelError
        from nbformat import v4
    except ImportError as error:
        raise MissingExtraError(str(error.name), "report") from error
    notebook: Any = v4.reads(NOTEBOOK.read_text("utf-8"))  # type: ignore[no-untyped-call]
    with tempfile.TemporaryDirectory() as scratch:
        client = NotebookClient(
            notebook,
            # Unix sockets, so that no other user of this machine can listen.
            km=AsyncKernelManager(
                transport="ipc", connection_file=str(Path(scratch, "kernel.json"))
            ),
            timeout=CELL_SECONDS,
            resources={"metadata": {"path": str(PROJECT_ROOT)}},
            record_timing=False,
            on_cell_complete=lambda cell_index, **_: on_cell(
                cell_index + 1, len(notebook.cells)
            ),
        )
        try:
            client.execute(cleanup_kc=True, env=_environment(Path(scratch)))
        except (CellExecutionError, DeadKernelError) as error:
            traceback = _ESCAPE_CODE.sub("", str(error))
            raise ReportError(
                f"a cell of {NOTEBOOK.name} failed:\n{traceback}",
                remedy=f"Build it again: {typed_command()} run --full-refresh",
            ) from error
    # The output must not depend on the Python version.
    notebook.metadata.pop("language_info", None)
    return notebook


def write_notebook(notebook: Any, path: Path) -> None:
    """Writes a notebook atomically."""
    from nbformat import v4

    write_whole(path, v4.writes(notebook) + "\n")  # type: ignore[no-untyped-call]


def write_whole(path: Path, text: str) -> None:
    """Writes a file atomically, so that no reader ever sees half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.unfinished")
    unfinished.write_text(text, "utf-8")
    if path.exists():
        unfinished.chmod(path.stat().st_mode & 0o777)
    unfinished.replace(path)


def _environment(scratch: Path) -> dict[str, str]:
    """An environment in which the kernel ignores user settings and leaves no files."""
    return {
        **os.environ,
        "IPYTHONDIR": str(scratch),
        "PYTHONPATH": str(PROJECT_ROOT),
        "PYDEVD_DISABLE_FILE_VALIDATION": "1",
    }
