"""Runs a command to the end of all that it starts: python -m benchmarks.whole COMMAND.

Spark is a process of its own, which outlives the Python that started it by a moment.
Whoever waits for this one gets the costs of both.
"""

import ctypes
import os
import subprocess
import sys
from contextlib import suppress

_PR_SET_CHILD_SUBREAPER = 36


def main(command: list[str]) -> int:
    """Runs it to the end of its last process; returns its own exit code."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    exit_code = subprocess.run(command, check=False).returncode
    with suppress(ChildProcessError):
        while True:
            os.wait()
    return exit_code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
