"""Stops all that a command has started, even if the command itself was killed.

A small program, the guardian, waits for the end of a pipe that only the command can
write to. The kernel closes it however the command ends.
"""

import os
import signal
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Iterable
from contextlib import suppress
from types import FrameType
from typing import Any, Self

import psutil

# The environment variable by which even a process whose parent has ended is found.
MARK_NAME = "CLIP_SEARCH_STARTED_BY"
# A Python task ignores SIGTERM in Airflow, so a stop takes this long while one runs.
GRACE_SECONDS = 10
KILL_SECONDS = 5

Process = subprocess.Popen[Any]


class Guard:
    """A context that every process ends with that is started in it.

    SIGINT, SIGTERM, SIGHUP or the end of the parent process raises KeyboardInterrupt in
    it. Later signals are ignored, so the context is the last thing a command does.
    """

    def __enter__(self) -> Self:
        """Start the guardian."""
        self._mark = str(uuid.uuid4())
        self._sessions: set[int] = set()
        # In its own session, it gets no signal that a terminal sends to this process.
        self.guardian: Process = subprocess.Popen(
            [sys.executable, "-m", "clip_search.orchestration.guardian", self._mark],
            stdin=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        # Set only now, or the guardian would stop itself.
        os.environ[MARK_NAME] = self._mark
        _interrupt_when_told()
        return self

    def add(self, process: Process) -> None:
        """Stop its whole session too: what changes its title loses the mark."""
        self._sessions.add(process.pid)
        print(process.pid, file=self.guardian.stdin, flush=True)

    def __exit__(self, *_error: object) -> None:
        """Stop everything, which takes up to `GRACE_SECONDS` and a little more."""
        with self.guardian:
            stop(self._mark, self._sessions)


def stop(mark: str, sessions: Iterable[int]) -> None:
    """Terminate all processes of a command, and kill those that are still alive later.

    Args:
        mark: The value of the variable `MARK_NAME` in their environments.
        sessions: The ids of processes that it started, each in its own session.
    """
    known = set(sessions)
    for number, seconds in (
        (signal.SIGTERM, GRACE_SECONDS),
        (signal.SIGKILL, KILL_SECONDS),
    ):
        until = time.monotonic() + seconds
        told: set[psutil.Process] = set()
        while (alive := _alive(mark, known)) and time.monotonic() < until:
            for process in alive - told:
                with suppress(psutil.Error):
                    process.send_signal(number)
            told |= alive
            time.sleep(0.2)


def _alive(mark: str, known: set[int]) -> set[psutil.Process]:
    """All living processes of the command, whose ids it adds to the known ones."""
    everyone = {
        process
        for process in psutil.process_iter(["environ", "ppid", "status"])
        if process.info["status"] != psutil.STATUS_ZOMBIE
    }
    alive: set[psutil.Process] = set()
    while new := {one for one in everyone - alive if _belongs(one, mark, known)}:
        alive |= new
        known |= {process.pid for process in new}
    return alive


def _belongs(process: psutil.Process, mark: str, known: set[int]) -> bool:
    """Whether a process was started by the command, directly or not.

    No single sign is enough: an orphan has lost its parent, a task's command may have
    its own session or environment, and changing a process's title overwrites its
    environment.
    """
    try:
        session = os.getsid(process.pid)
    except OSError:
        return False
    environment = process.info["environ"] or {}
    return environment.get(MARK_NAME) == mark or not known.isdisjoint(
        (process.pid, process.info["ppid"], session)
    )


def _interrupt_when_told() -> None:
    reasons = [signal.SIGINT, signal.SIGTERM]
    # With nohup it is ignored, so that the command outlives the terminal.
    if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:
        reasons.append(signal.SIGHUP)

    def interrupt(_signal: int, _frame: FrameType | None) -> None:
        for reason in reasons:
            signal.signal(reason, signal.SIG_IGN)
        raise KeyboardInterrupt

    for reason in reasons:
        signal.signal(reason, interrupt)
    # Process 1 started this one, or adopted it: there is no parent to watch.
    if os.getppid() != 1:
        threading.Thread(target=_watch, args=[os.getppid()], daemon=True).start()


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(1)
    # A signal interrupts the main thread even while it waits for a process.
    signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGTERM)


if __name__ == "__main__":
    stop(sys.argv[1], [int(line) for line in sys.stdin])
