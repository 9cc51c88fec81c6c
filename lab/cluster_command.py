"""The sub-command `cluster`."""

import os
import shutil
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated

import typer

from clip_search.clear_error import ClearError
from clip_search.project import WORK_ROOT

if TYPE_CHECKING:
    from lab.cluster import Cluster

_DEFAULT_STORAGE = "warehouse/spark_cluster"
_INTERRUPTED = 130


def cluster_command(
    command: Annotated[
        list[str], typer.Argument(metavar="COMMAND...", help="What to run, after --.")
    ],
    workers: Annotated[int, typer.Option(min=1, max=8, help="Number of workers.")] = 2,
    memory: Annotated[
        str, typer.Option(help="Memory of each executor and of the server.")
    ] = "1g",
) -> None:
    """Run a command with a Spark cluster on this machine.

    Starts a standalone master, workers and a Connect server, which listen on this
    machine only, sets CLIP_SEARCH_TARGET, CLIP_SEARCH_SPARK_REMOTE and
    CLIP_SEARCH_DATABASE for the command, and stops all of them when it ends. The tables
    stay in CLIP_SEARCH_DATABASE, by default warehouse/spark_cluster. The exit code is
    the command's.

    Example: clip-search cluster -- clip-search run --logs /data/logs
    """
    # It needs packages that only development has.
    from lab.cluster import Sizes, spark_cluster

    configured = os.environ.get("CLIP_SEARCH_DATABASE") or _DEFAULT_STORAGE
    storage = (WORK_ROOT / configured).resolve()
    sizes = Sizes(workers=workers, executor_memory=memory, server_memory=memory)
    # Python ignores Ctrl-C if it was started in the background of a script.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _interrupt)
    try:
        with (
            TemporaryDirectory(prefix="clip-search-cluster-") as scratch,
            spark_cluster(storage, Path(scratch), sizes) as cluster,
        ):
            typer.echo(f"cluster: {workers} workers, {cluster.remote}", err=True)
            code = _run(command, cluster)
    except KeyboardInterrupt:
        code = _INTERRUPTED
    raise typer.Exit(code)


def _run(command: list[str], cluster: "Cluster") -> int:
    from lab.cluster import STOP_SECONDS, stop

    programs = Path(sys.executable).parent
    path = f"{programs}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    found = shutil.which(command[0], path=path)
    if found is None:
        raise ClearError(
            f"there is no command {command[0]}",
            remedy="Check how it is spelled: clip-search cluster -- COMMAND...",
        )
    with subprocess.Popen(
        [found, *command[1:]],
        env={**os.environ, **cluster.variables, "PATH": path},
    ) as running:
        try:
            return running.wait()
        except KeyboardInterrupt:
            # A terminal has sent it to the command as well, which may be cleaning up.
            running.send_signal(signal.SIGINT)
            with suppress(subprocess.TimeoutExpired):
                running.wait(STOP_SECONDS)
            stop(running)
            raise


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt
