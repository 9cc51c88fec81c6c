"""Measures clip-search beside hand-written peers."""
