"""What analyses/exploration.ipynb is written with, and how it is run and shown.

The notebook holds the story and the SQL. Reading, tables and charts are here, so that
its cells stay short and nothing from a log reaches a page unescaped.
"""

from clip_search.explore.calendar import GAP_NAMES, course, gap_name, seconds_between
from clip_search.explore.figures import bars, columns, line
from clip_search.explore.reader import Reader, Rows, open_warehouse
from clip_search.explore.values import percentile, share, whole
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
    "whole",
]
