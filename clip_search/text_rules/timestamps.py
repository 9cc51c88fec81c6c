"""Parses a logged time in any of the accepted forms.

SQL parses the common forms itself and calls these functions for all others.
"""

import re
from datetime import datetime, timedelta
from functools import lru_cache

UNREADABLE = "timestamp_unreadable"
IMPOSSIBLE = "timestamp_impossible"
WITHOUT_ZONE = "timestamp_without_zone"
OUT_OF_WINDOW = "timestamp_out_of_window"

_AROUND = "\t\n\v\f\r "
_EPOCH = re.compile("[0-9]{10}(?:[0-9]{3})?")
_MOMENT = re.compile(
    "([0-9]{4})-([0-9]{2})-([0-9]{2})[ T]([0-9]{2}):([0-9]{2}):([0-9]{2})"
    r"(?:\.([0-9]{1,9}))?(?: ?(Z|([+-])([0-9]{2})(?::?([0-9]{2}))?))?"
)
_FIRST_OFFSET, _LAST_OFFSET = -12 * 60, 14 * 60
_EPOCH_START = datetime(1970, 1, 1)
# The Gregorian calendar repeats after this many years; Python has no year 0.
_CALENDAR_CYCLE = 400


def read_timestamp(value: str, plausible_from: str, plausible_until: str) -> str | None:
    """The standard text of a logged time: `2020-03-10T13:24:31.000Z`, in UTC.

    These forms are accepted, with optional white space around them:

    - `YYYY-MM-DD`, `T` or one space, `HH:MM:SS`, optionally a fraction of 1-9 digits
      (truncated to milliseconds, never rounded), then, after an optional space, `Z`,
      `+HH`, `+HHMM` or `+HH:MM`, from -12:00 to +14:00;
    - epoch seconds (exactly 10 digits) and milliseconds (exactly 13).

    Args:
        value: The logged text.
        plausible_from: The earliest accepted time, as a standard text.
        plausible_until: The end of the accepted range, exclusive, as a standard text.

    Returns:
        24 characters; None if `timestamp_reject_reason` gives a reason.
    """
    return _read(value, plausible_from, plausible_until)[0]


def timestamp_reject_reason(
    value: str, plausible_from: str, plausible_until: str
) -> str | None:
    """The reject rule that a logged time breaks; None for an accepted one.

    Args:
        value: The logged text.
        plausible_from: As for `read_timestamp`.
        plausible_until: As for `read_timestamp`.
    """
    return _read(value, plausible_from, plausible_until)[1]


def utc_offset_minutes(value: str) -> int | None:
    """The UTC offset of a logged time, in minutes: -240 for `-0400`.

    Returns:
        0 for `Z`; None for epoch times and for texts without a zone.
    """
    moment = _MOMENT.fullmatch(value.strip(_AROUND))
    return None if moment is None or moment[8] is None else _offset(moment)


# SQL asks for the reason right after it has asked for the time.
@lru_cache(maxsize=4096)
def _read(
    value: str, plausible_from: str, plausible_until: str
) -> tuple[str | None, str | None]:
    """The standard text, or the reject rule."""
    logged = value.strip(_AROUND)
    if _EPOCH.fullmatch(logged):
        seconds = timedelta(seconds=int(logged[:10]))
        read = _standard_text(_EPOCH_START + seconds, logged[10:])
    else:
        moment = _MOMENT.fullmatch(logged)
        if moment is None:
            return None, UNREADABLE
        year, month, day, hour, minute, second = map(int, moment.groups()[:6])
        offset = _offset(moment)
        try:
            local = datetime(year or _CALENDAR_CYCLE, month, day, hour, minute, second)
        except ValueError:
            return None, IMPOSSIBLE
        if not _FIRST_OFFSET <= offset <= _LAST_OFFSET or int(moment[11] or 0) > 59:
            return None, IMPOSSIBLE
        if moment[8] is None:
            return None, WITHOUT_ZONE
        try:
            utc = local - timedelta(minutes=offset)
        except OverflowError:
            return None, OUT_OF_WINDOW
        if not year:
            return None, OUT_OF_WINDOW
        read = _standard_text(utc, moment[7] or "")
    if plausible_from <= read < plausible_until:
        return read, None
    return None, OUT_OF_WINDOW


def _offset(moment: re.Match[str]) -> int:
    minutes = 60 * int(moment[10] or 0) + int(moment[11] or 0)
    return -minutes if moment[9] == "-" else minutes


def _standard_text(utc: datetime, fraction: str) -> str:
    milliseconds = f"{fraction:0<3}"[:3]
    return f"{utc.isoformat(timespec='seconds')}.{milliseconds}Z"
