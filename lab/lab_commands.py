"""The sub-commands that a checkout adds to `clip-search`, to test it."""

import typer

from lab.cluster_command import cluster_command
from lab.evaluate.evaluate_command import evaluate_command
from lab.loop.loop_command import loop_command
from lab.parity_command import parity_command
from lab.score.score_command import score_command
from lab.simulate_command import simulate_command


def add_commands(app: typer.Typer) -> None:
    """Add the lab's sub-commands to the command line."""
    app.command("simulate")(simulate_command)
    app.command("score")(score_command)
    app.command("evaluate")(evaluate_command)
    app.command("loop")(loop_command)
    app.command("parity")(parity_command)
    app.command("cluster")(cluster_command)
