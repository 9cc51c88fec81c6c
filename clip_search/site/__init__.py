"""Builds the documentation site and checks it for dead links."""
