"""Checks clip-search: simulator, scores, engine parity and benchmarks."""
