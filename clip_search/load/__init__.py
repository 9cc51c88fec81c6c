"""Landing logs: from files, verbatim, into the raw tables of the warehouse."""

from clip_search.load.errors import LoadError
from clip_search.load.landing import FileReport, LoadReport, load, unload

__all__ = ["FileReport", "LoadError", "LoadReport", "load", "unload"]
