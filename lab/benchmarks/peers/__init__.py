"""The clean layer by hand: what the project is compared with."""
