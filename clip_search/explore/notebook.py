"""The functions that the cells of analyses/exploration.ipynb use.

Separate from the package's `__init__`: it imports matplotlib, which a normal run does
not need.
"""

from clip_search.explore.calendar import GAP_NAMES, course, gap_name, seconds_between
from clip_search.explore.figures import bars, columns, line
from clip_search.explore.reader import Reader, Rows, open_warehouse
from clip_search.explore.values import percentile, share, span, whole
from clip_search.explore.words import Words, listed, say

__all__ = [
    "GAP_NAMES",
    "Reader",
    "Rows",
    "Words",
    "bars",
    "columns",
    "course",
    "gap_name",
    "line",
    "listed",
    "open_warehouse",
    "percentile",
    "say",
    "seconds_between",
    "share",
    "span",
    "whole",
]
