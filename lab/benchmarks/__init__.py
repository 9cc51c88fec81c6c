"""Compares the speed of clip-search with hand-written peers."""
