"""The text rules for data frames: each odd text is processed once."""

import re
from collections.abc import Callable, Iterable, Mapping

from clip_search.logs import LOGS
from clip_search.text_rules import (
    read_found_count,
    read_timestamp,
    redact_id,
    redact_text,
    timestamp_reject_reason,
    utc_offset_minutes,
)

LONGEST = 2048
WHITE = " \t\n\v\f\r"
WINDOW = ("2005-01-01T00:00:00.000Z", "2035-01-01T00:00:00.000Z")

# What all personal data contains or may be disguised with; what the other forms need.
MAY_NEED_REDACTION = r"[^ -~]|[@%]|:.*:|[0-9]\.[0-9]|(?:[0-9][^0-9]*){8}"
IS_ODD_QUERY = r"[^ -~]|[+%]|  "
MAY_HAVE_KIND = r"[\[.:]"
UNKNOWN_TOTALS = (
    "", "null", "none", "nil", "nan", "n/a", "undefined", "-", r"\n",
)  # fmt: skip
OPAQUE = r"^[-0-9A-Z_a-z]+\z"

USUAL_TIME = (
    r"^20(?:0[6-9]|[12][0-9]|3[0-3])-[0-9]{2}-[0-9]{2}[T ]"
    r"(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]"
    r"(?:\.[0-9]{3} [+-](?:0[0-9]|1[01])[0-5][0-9]|[+-](?:0[0-9]|1[01]):[0-5][0-9])\z"
)

LOGGED_COLUMNS = {log.name: log.required for log in LOGS}


def changed(
    rule: Callable[[str], str], texts: Iterable[str | None]
) -> Mapping[str, str]:
    """The result of a rule for each of these texts, without nulls."""
    return {text: rule(text) for text in set(texts) if text is not None}


def read_time(logged: str | None) -> tuple[str, int | None]:
    """The standard text, or why there is none, and the offset in minutes."""
    if logged is None:
        return "timestamp_unreadable", None
    reading = read_timestamp(logged, *WINDOW)
    reason = timestamp_reject_reason(logged, *WINDOW)
    return reading or reason or "", utc_offset_minutes(logged)


def shown(logged: str) -> str:
    """A logged value in a form that may be shown: redacted."""
    return redact_text(logged)[:LONGEST]


def clean_id(logged: str) -> str | None:
    """An id that is not a plain one: trimmed, or null."""
    text = logged.strip(WHITE)
    if not text:
        return None
    if re.fullmatch("[-0-9A-Z_a-z]+", text):
        return text
    if len(logged) > LONGEST or redact_id(text) != text:
        return None
    return text


def shown_id(logged: str) -> str | None:
    """An id in a form that may be shown: redacted."""
    text = logged.strip(WHITE)
    if not text:
        return None
    if re.fullmatch("[-0-9A-Z_a-z]+", text) and len(logged) <= LONGEST:
        return logged
    return redact_id(logged)[:LONGEST]


def whole_number(logged: str) -> int | None:
    """Parses a number that is not just up to nine digits."""
    found = re.fullmatch(r"([0-9]{1,9})(?:\.0+)?", logged.strip(WHITE))
    return int(found[1]) if found else None


def found_count(logged: str) -> int | None:
    """Parses a total that is not just up to nine digits."""
    if logged.strip(WHITE).startswith("{"):
        return read_found_count(logged)
    return whole_number(logged)
