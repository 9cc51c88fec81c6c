"""The simulated logs that benchmarks run on."""

import subprocess
import sys
from pathlib import Path

MOST_AT_ONCE = 1_000_000
"""The largest log that is simulated in one process; larger ones are made in bulk."""


def simulate(requests: int, folder: Path, seed: int = 7) -> Path:
    """Simulates logs with this many search requests; returns their folder."""
    logs = folder / "logs"
    program = str(Path(sys.executable).parent / "clip-search")
    size = ["--seed", str(seed), "--requests", str(requests)]
    bulk = ["--bulk"] if requests > MOST_AT_ONCE else []
    subprocess.run(
        [program, "simulate", *size, *bulk, "--no-key", "--out", str(logs)],
        check=True,
        stdout=sys.stderr,
    )
    return logs
