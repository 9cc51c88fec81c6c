"""The simulated logs that benchmarks run on."""

import subprocess
import sys
from collections.abc import Set
from pathlib import Path

from lab.benchmarks.peers import COVERED_RULES, UNCOVERED_FAULTS
from lab.simulate import Plan, batches
from lab.simulate.chance import Chance
from lab.simulate.faults import DECK_SIZE, planted
from lab.simulate.settings import SAMPLE_WORLD, read_settings
from lab.simulate.world import World

MOST_AT_ONCE = 1_000_000
"""The largest log that is simulated in one process; larger ones are made in bulk."""


def simulate(requests: int, folder: Path, seed: int = 7, *options: str) -> Path:
    """Simulates logs that every peer can clean; returns their folder.

    Args:
        requests: The number of searches by people.
        folder: Gets a folder `logs`.
        seed: The same one gives the same logs.
        options: Further options of `clip-search simulate`.
    """
    logs = folder / "logs"
    logs.mkdir(parents=True, exist_ok=True)
    world = folder / "peers.toml"
    faults = (*faults_beyond(COVERED_RULES), *UNCOVERED_FAULTS)
    unplanted = [f"{fault} = 0\n" for fault in faults]
    world.write_text("".join(["[faults]\n", *unplanted]), encoding="utf-8")
    simulate_all(requests, logs, seed, "--world", str(world), *options)
    return logs


def simulate_all(requests: int, logs: Path, seed: int, *options: str) -> None:
    """Simulates logs with every fault, if the options do not say otherwise.

    Args:
        requests: The number of searches by people.
        logs: The folder of the logs.
        seed: The same one gives the same logs.
        options: Further options of `clip-search simulate`.
    """
    program = str(Path(sys.executable).parent / "clip-search")
    size = ["--seed", str(seed), "--requests", str(requests), "--out", str(logs)]
    bulk = ["--bulk"] if requests > MOST_AT_ONCE else []
    subprocess.run(
        [program, "simulate", "--no-key", *size, *bulk, *options],
        check=True,
        stdout=sys.stderr,
    )


def faults_beyond(rules: Set[str]) -> list[str]:
    """The planted faults that lead to a reject rule other than these."""
    settings = read_settings(SAMPLE_WORLD)
    plan = Plan(1, DECK_SIZE, with_index=True, with_malformed_lines=True)
    found = {
        row.fault
        for _, rows in batches(plan, World(settings, Chance(plan.seed)))
        for row in rows
        if row.reject_reason not in {None, *rules}
    }
    return [fault for fault in planted(settings) if fault in found]
