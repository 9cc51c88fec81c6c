"""Runs a command and waits for every process that it starts.

python -m lab.benchmarks.whole COMMAND

Spark is a separate process, which outlives by a moment the Python process that started
it. The CPU seconds of this process include both. It prints the peak memory of the
largest process, in KiB. Linux counts the memory of the process that starts a command as
the command's own, so a small process has to start it.
"""

import ctypes
import os
import resource
import subprocess
import sys
from contextlib import suppress

_PR_SET_CHILD_SUBREAPER = 36


def main(command: list[str]) -> int:
    """Runs the command until its last process ends; returns its exit code."""
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
