"""Loads log files, unchanged, into the raw tables of the warehouse."""

from clip_search.load.landing import (
    FileReport,
    LoadReport,
    forget_unloaded,
    load,
    unload,
)
from clip_search.load.load_error import LoadError

__all__ = ["FileReport", "LoadError", "LoadReport", "forget_unloaded", "load", "unload"]
