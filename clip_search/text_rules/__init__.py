"""What happens inside one text: the only definition of each rule, for every engine.

Each function is pure: text in, value out, the same on every machine and every Python
version (Unicode tables are pinned data). SQL calls them by these names, behind cheap
guards, so that an ordinary value never reaches Python; `engine_functions` says how.
"""

from clip_search.text_rules.normal_form import normalize_query_text
from clip_search.text_rules.query_kind import classify_query
from clip_search.text_rules.redaction import redact_text
from clip_search.text_rules.timestamps import (
    read_timestamp,
    timestamp_reject_reason,
    utc_offset_minutes,
)

__all__ = [
    "classify_query",
    "normalize_query_text",
    "read_timestamp",
    "redact_text",
    "timestamp_reject_reason",
    "utc_offset_minutes",
]
