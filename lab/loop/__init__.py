"""The closed loop: people search an engine that uses what their searches taught.

`site` is the simulated site, `published` what its engine got from the warehouse,
`closed_loop` the rounds, and `round_measures` what they are measured by: the truth of
the simulated world, never clicks. `paired_systems` compares two systems.
"""

from pathlib import Path

POOR_RANKING = Path(__file__).with_name("poor_ranking.toml")
"""The settings of a site whose ranking has much to learn."""
