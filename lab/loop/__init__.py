"""The closed loop: people search an engine that uses what their searches taught.

`site` is the simulated site, `published` what its engine got from the warehouse,
`closed_loop` the rounds, and `round_measures` what they are measured by: the truth of
the simulated world, never clicks. `paired_systems` compares two systems.
"""
