"""Exports: what the log taught, in the formats of the tools that people have.

Each format has a module; `whole_export` does what they share: it reads a mart, keeps
private rows back, counts where each row ended up, and writes all files or none.
"""
