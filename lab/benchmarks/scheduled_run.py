"""Compares a scheduled run of the sample with `clip-search run`, one after the other.

    python -m lab.benchmarks.scheduled_run

Both begin with a new warehouse. Airflow is started as `make airflow` does; its own
start is not measured, as a scheduler is always up. A run's time is from its start to
its end as Airflow records them. Nothing else should run on the machine.
"""

import statistics
import subprocess
import tempfile
import time
from pathlib import Path

import typer

from clip_search.project import PROJECT_ROOT
from lab.airflow import AirflowError, environment, running_airflow
from lab.benchmarks.runners import PROGRAMS

GOAL_RATIO = 3.0
GOAL_NOTHING_NEW = 45.0


def measure(rounds: int) -> None:
    """Print the wall seconds of both, and of a run with nothing new, as a table."""
    by_hand, scheduled, nothing_new = [], [], []
    for number in range(1, rounds + 1):
        with tempfile.TemporaryDirectory() as scratch:
            by_hand.append(_run_by_hand(Path(scratch) / "by_hand"))
            first, second = _run_scheduled(Path(scratch) / "scheduled")
        scheduled.append(first)
        nothing_new.append(second)
        print(
            f"round {number}: by hand {by_hand[-1]:.1f} s, scheduled {first:.1f} s,"
            f" nothing new {second:.1f} s",
            flush=True,
        )
    base, run, idle = map(statistics.median, (by_hand, scheduled, nothing_new))
    print(
        "\n| the sample, from a new warehouse | wall s | times `make run` |\n"
        "|---|---|---|\n"
        f"| `make run` | {base:.0f} | 1 |\n"
        f"| a scheduled run | {run:.0f} | {run / base:.1f} (goal {GOAL_RATIO:g}) |\n"
        f"| a scheduled run with nothing new | {idle:.0f} | (goal"
        f" {GOAL_NOTHING_NEW:g} s) |"
    )


def _run_by_hand(folder: Path) -> float:
    folder.mkdir()
    began = time.monotonic()
    subprocess.run(
        [str(PROGRAMS / "clip-search"), "run"],
        cwd=PROJECT_ROOT,
        env=environment(folder, DBT_TARGET_PATH=str(folder / "target")),
        stdout=subprocess.DEVNULL,
        check=True,
    )
    return time.monotonic() - began


def _run_scheduled(folder: Path) -> tuple[float, float]:
    """The seconds of a run, and of a second one with nothing new."""
    folder.mkdir()
    with running_airflow(environment(folder)) as airflow:
        (first, seconds), (second, seconds_of_second) = airflow.run(), airflow.run()
    if (first, second) != ("success", "success"):
        raise AirflowError(f"the runs of the DAG ended with {first} and {second}")
    return seconds, seconds_of_second


def _command(
    rounds: int = typer.Option(3, min=1, help="How often; the median counts."),
) -> None:
    """Compare a scheduled run of the sample with `clip-search run`."""
    measure(rounds)


if __name__ == "__main__":
    typer.run(_command)
