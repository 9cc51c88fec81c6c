"""The documentation site: built, and searched for dead links."""
