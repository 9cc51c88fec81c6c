"""The simulated logs that benchmarks run on."""

import subprocess
import sys
from pathlib import Path


def simulate(requests: int, folder: Path, seed: int = 7) -> Path:
    """Logs of so many search requests; returns the folder that holds them."""
    logs = folder / "logs"
    program = str(Path(sys.executable).parent / "clip-search")
    size = ["--seed", str(seed), "--requests", str(requests)]
    subprocess.run(
        [program, "simulate", *size, "--no-key", "--out", str(logs)],
        check=True,
        stdout=sys.stderr,
    )
    return logs
