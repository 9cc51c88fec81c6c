"""The rules for a single text, defined once for all engines.

Each function is pure: it takes a text and returns a value, the same on every machine
and Python version (Unicode tables are pinned data). SQL calls the functions by these
names, after cheap conditions, so that ordinary values never reach Python; see
`engine_functions`.
"""

from clip_search.text_rules.found_count import read_found_count
from clip_search.text_rules.normal_form import normalize_query_text
from clip_search.text_rules.query_kind import classify_query
from clip_search.text_rules.redaction import redact_id, redact_text
from clip_search.text_rules.timestamps import (
    read_timestamp,
    timestamp_reject_reason,
    utc_offset_minutes,
    zone_can_be_assumed,
    zone_is_assumed,
)
from clip_search.text_rules.typing_step import is_typing_step

__all__ = [
    "classify_query",
    "is_typing_step",
    "normalize_query_text",
    "read_found_count",
    "read_timestamp",
    "redact_id",
    "redact_text",
    "timestamp_reject_reason",
    "utc_offset_minutes",
    "zone_can_be_assumed",
    "zone_is_assumed",
]
