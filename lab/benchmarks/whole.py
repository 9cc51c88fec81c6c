"""Runs a command, and waits for every process that it starts.

python -m lab.benchmarks.whole COMMAND

Spark is a process of its own, which outlives the Python that started it by a moment.
Whoever waits for this one gets the seconds of both. It prints the peak memory of the
largest of them, in KiB: Linux counts what the process that starts a command holds as
the command's own, so a small one has to start it.
"""

import ctypes
import os
import resource
import subprocess
import sys
from contextlib import suppress

_PR_SET_CHILD_SUBREAPER = 36


def main(command: list[str]) -> int:
    """Runs it to the end of its last process; returns its own exit code."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    finished = subprocess.run(command, stdout=subprocess.DEVNULL, check=False)
    with suppress(ChildProcessError):
        while True:
            os.wait()
    print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
    return finished.returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
