"""Hand-written versions of the clean layer, as a comparison for the project."""

COVERED_RULES = frozenset(
    {
        "malformed_line",
        "missing_search_id",
        "missing_cuid",
        "missing_query",
        "invalid_total",
        "missing_cid",
        "invalid_position",
        "position_below_one",
        "timestamp_unreadable",
        "timestamp_impossible",
        "timestamp_without_zone",
        "timestamp_out_of_window",
        "conflicting_search_id",
        "orphan_click",
        "click_before_search",
        "click_too_late",
        "position_beyond_total",
    }
)
"""The reject rules that every peer implements.

Peers run on logs without the faults of any other rule, so a new rule breaks none of
them; add it here once all of them have it.
"""

UNCOVERED_FAULTS = ("typed_under_one_id",)
"""The faults that peers do not know, although no reject rule names them.

Peers run on logs without these faults too. They take each text that was typed under one
search_id for another search.
"""
