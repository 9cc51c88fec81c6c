"""A small search engine for the clips of a log, to show the effect of rewrites."""
