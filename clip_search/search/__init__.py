"""A small search engine over the clips of a log, to see what a rewrite changes."""
