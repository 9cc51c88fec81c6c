"""Parses a logged time in any of the accepted forms.

SQL parses the common forms itself and calls these functions for all others.
"""

import re
from datetime import datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from clip_search.text_rules.zones import (
    ImpossibleTimeError,
    UnclearTimeError,
    assumed_offset,
    is_utc,
    is_zone,
    offset_of,
)

UNREADABLE = "timestamp_unreadable"
IMPOSSIBLE = "timestamp_impossible"
WITHOUT_ZONE = "timestamp_without_zone"
OUT_OF_WINDOW = "timestamp_out_of_window"

_AROUND = "\t\n\v\f\r "
_FLAGS = re.ASCII | re.IGNORECASE | re.VERBOSE
_TIME = r"(?P<hour>\d\d):(?P<minute>\d\d)"
_SECOND = r"(?P<second>\d\d)(?:[.,](?P<fraction>\d{1,9}))?"
_OFFSET = r"[+-]\d\d(?::?\d\d)?"
# After an offset, programs repeat its name (`+0000 UTC`) or its place.
_ISO_ZONE = rf"""
    (?: [ ]?(?P<zone>(?:UTC|GMT)?{_OFFSET}|Z|UTC|GMT) (?:[ ](?P<name>[A-Z]{{3,5}}))? )?
    (?: \[(?P<place>[A-Z_]+(?:/[A-Z_+-]+\d{{0,2}}){{0,2}})\] )?
"""
_MONTHS = (
    *("jan", "feb", "mar", "apr", "may", "jun"),
    *("jul", "aug", "sep", "oct", "nov", "dec"),
)
_MONTH = f"(?P<month_name>{'|'.join(_MONTHS)})"
_WEEKDAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
_FORMS = (
    # ISO 8601, extended and basic.
    re.compile(
        rf"(?P<year>\d{{4}})-(?P<month>\d\d)-(?P<day>\d\d)(?:T|[ ]){_TIME}"
        rf"(?::{_SECOND})?{_ISO_ZONE}",
        _FLAGS,
    ),
    re.compile(
        r"(?P<year>\d{4})(?P<month>\d\d)(?P<day>\d\d)T(?P<hour>\d\d)(?P<minute>\d\d)"
        rf"(?:{_SECOND})?{_ISO_ZONE}",
        _FLAGS,
    ),
    # RFC 2822 and HTTP; a comment of letters only, because a time is shown as logged.
    re.compile(
        rf"(?:(?P<weekday>{'|'.join(_WEEKDAYS)}),[ ]+)?"
        rf"(?P<day>\d\d?)[ ]{_MONTH}[ ](?P<year>\d{{4}})[ ]{_TIME}"
        r"(?::(?P<second>\d\d))?"
        rf"(?:[ ](?P<zone>{_OFFSET}|[A-Z]{{1,3}}))?(?:[ ]\([A-Z]{{1,5}}\))?",
        _FLAGS,
    ),
    # The common log format of web servers.
    re.compile(
        rf"(?P<opened>\[)?(?P<day>\d\d)/{_MONTH}/(?P<year>\d{{4}}):{_TIME}"
        rf":(?P<second>\d\d)(?:[ ](?P<zone>{_OFFSET}))?(?(opened)\])",
        _FLAGS,
    ),
)
# Seconds, milliseconds, microseconds or nanoseconds.
_EPOCH = re.compile(r"([0-9]{10}(?:[0-9]{3}){0,3})(?:[.,]([0-9]{1,9}))?")
_SECONDS_DIGITS = 10
_EPOCH_DIGITS = (10, 13, 16, 19)
_SCIENTIFIC = re.compile(r"([1-9][0-9]{0,18})(?:\.([0-9]{0,30}))?[eE]([+-]?[0-9]{1,2})")
# Programs that round for display, to 1.58385E+12, keep no more.
_MOST_ROUNDED_DIGITS = 6
# MongoDB's extended JSON: a text, or milliseconds.
_DATE_OBJECT = re.compile(
    r'\{\s*"\$date"\s*:\s*(?:"(?P<text>[^"\\]*)"|(?P<number>[0-9]{1,19})'
    r'|\{\s*"\$numberLong"\s*:\s*"(?P<long>[0-9]{1,19})"\s*\})\s*\}',
    re.ASCII,
)
_EPOCH_START = datetime(1970, 1, 1)
# The Gregorian calendar repeats after this many years; Python has no year 0.
_CALENDAR_CYCLE = 400


class _Reading(NamedTuple):
    """What a logged time says, whether or not it is plausible."""

    ts: str | None
    reason: str | None = None
    offset: int | None = None
    is_zone_assumed: bool = False


def read_timestamp(
    value: str, plausible_from: str, plausible_until: str, assumed_zone: str = ""
) -> str | None:
    """The standard text of a logged time: `2020-03-10T13:24:31.000Z`, in UTC.

    These forms are accepted, with optional white space around them:

    - `YYYY-MM-DD`, `T` or one space, `HH:MM` or `HH:MM:SS`, optionally a point or a
      comma and a fraction of 1-9 digits, then, after an optional space, `Z`, `UTC`,
      `GMT`, `+HH`, `+HHMM` or `+HH:MM`, from -12:00 to +14:00. After an offset, a name
      (`+0000 UTC`) or a place (`+01:00[Europe/Berlin]`) may follow; `[UTC]` is also a
      zone on its own. The basic form `YYYYMMDDTHHMMSS` may have the same.
    - `Tue, 10 Mar 2020 13:24:31 GMT` (RFC 2822, HTTP): the weekday and the seconds are
      optional; the zone is an offset, UT, UTC, Z, or one of EST, EDT, CST, CDT, MST,
      MDT, PST and PDT.
    - `10/Mar/2020:13:24:31 +0000` (the common log format), optionally in brackets.
    - Numbers since 1970 with exactly 10, 13, 16 or 19 digits before the point: seconds,
      milliseconds, microseconds or nanoseconds. With an exponent, they have at least
      seven digits in all, because a shorter number may be a rounded one.
    - `{"$date": ...}` with a text of one of these forms, with milliseconds, or with
      `{"$numberLong": "..."}`.

    Fractions are truncated to milliseconds, never rounded. Letters are in either case.

    Args:
        value: The logged text.
        plausible_from: The earliest accepted time, as a standard text.
        plausible_until: The end of the accepted range, exclusive, as a standard text.
        assumed_zone: The zone of times that name none; '' to reject them.

    Returns:
        24 characters; None if `timestamp_reject_reason` gives a reason.
    """
    return _judged(value, plausible_from, plausible_until, assumed_zone)[0]


def timestamp_reject_reason(
    value: str, plausible_from: str, plausible_until: str, assumed_zone: str = ""
) -> str | None:
    """The reject rule that a logged time breaks; None for an accepted one.

    Args:
        value: The logged text.
        plausible_from: As for `read_timestamp`.
        plausible_until: As for `read_timestamp`.
        assumed_zone: As for `read_timestamp`.
    """
    return _judged(value, plausible_from, plausible_until, assumed_zone)[1]


def utc_offset_minutes(value: str, assumed_zone: str = "") -> int | None:
    """The UTC offset of a logged time, in minutes: -240 for `-0400`.

    Returns:
        0 for UTC; None for epoch times and for texts without a zone, unless one is
        assumed.
    """
    return _read(value, assumed_zone).offset


def zone_is_assumed(value: str, assumed_zone: str) -> int:
    """1 if the zone of a logged time is not in the text but assumed, else 0."""
    return int(_read(value, assumed_zone).is_zone_assumed)


def zone_can_be_assumed(name: str) -> int:
    """1 for '' and for a zone that `read_timestamp` can assume, else 0."""
    return int(not name or is_zone(name))


def _judged(
    value: str, plausible_from: str, plausible_until: str, assumed_zone: str
) -> tuple[str | None, str | None]:
    """The standard text, or the reject rule."""
    reading = _read(value, assumed_zone)
    if reading.ts is None or plausible_from <= reading.ts < plausible_until:
        return reading.ts, reading.reason
    return None, OUT_OF_WINDOW


# SQL asks for the reason, the offset and the zone right after the time.
@lru_cache(maxsize=4096)
def _read(value: str, assumed_zone: str) -> _Reading:
    logged = value.strip(_AROUND)
    number = _number_in(logged)
    if number:
        return _Reading(_since_1970(*number))
    date_object = _DATE_OBJECT.fullmatch(logged)
    if date_object:
        return _read_object(date_object, assumed_zone)
    for form in _FORMS:
        written = form.fullmatch(logged)
        if written:
            return _read_form(written.groupdict(), assumed_zone)
    return _Reading(None, UNREADABLE)


def _number_in(logged: str) -> tuple[str, str] | None:
    """The digits of an epoch time before and after the point; None if it is none."""
    plain = _EPOCH.fullmatch(logged)
    if plain:
        return plain[1], plain[2] or ""
    scientific = _SCIENTIFIC.fullmatch(logged)
    if scientific is None:
        return None
    digits = scientific[1] + (scientific[2] or "")
    point = len(scientific[1]) + int(scientific[3])
    if point not in _EPOCH_DIGITS or len(digits) <= _MOST_ROUNDED_DIGITS:
        return None
    return digits[:point].ljust(point, "0"), digits[point:]


def _since_1970(whole: str, fraction: str) -> str:
    seconds = timedelta(seconds=int(whole[:_SECONDS_DIGITS]))
    return _standard_text(_EPOCH_START + seconds, whole[_SECONDS_DIGITS:] + fraction)


def _read_object(date_object: re.Match[str], assumed_zone: str) -> _Reading:
    text = date_object["text"]
    if text is not None:
        return _read(text, assumed_zone)
    milliseconds = (date_object["number"] or date_object["long"]).lstrip("0")
    milliseconds = milliseconds.rjust(_SECONDS_DIGITS + 3, "0")
    if len(milliseconds) > _SECONDS_DIGITS + 3:
        return _Reading(None, OUT_OF_WINDOW)
    return _Reading(_since_1970(milliseconds, ""))


def _read_form(part: dict[str, str | None], assumed_zone: str) -> _Reading:
    """The reading of the parts of a written time."""
    try:
        local = _local_time(part)
        offset = _named_offset(part)
    except ImpossibleTimeError:
        return _Reading(None, IMPOSSIBLE)
    except ValueError:
        return _Reading(None, UNREADABLE)
    is_assumed = offset is None
    try:
        if offset is not None:
            ahead = timedelta(minutes=offset)
        elif assumed_zone:
            ahead = assumed_offset(local, assumed_zone)
        else:
            return _Reading(None, WITHOUT_ZONE)
        utc = local - ahead
    except ImpossibleTimeError:
        return _Reading(None, IMPOSSIBLE)
    except UnclearTimeError:
        return _Reading(None, WITHOUT_ZONE)
    except OverflowError:
        return _Reading(None, OUT_OF_WINDOW)
    if not int(part["year"] or 0):
        return _Reading(None, OUT_OF_WINDOW)
    text = _standard_text(utc, part.get("fraction") or "")
    return _Reading(text, None, ahead // timedelta(minutes=1), is_assumed)


def _local_time(part: dict[str, str | None]) -> datetime:
    """The date and the time of day as written.

    Raises:
        ImpossibleTimeError: There is none, or not on that weekday.
    """
    name = part.get("month_name")
    month = _MONTHS.index(name.lower()) + 1 if name else int(part["month"] or 0)
    year = int(part["year"] or 0) or _CALENDAR_CYCLE
    day, hour, minute, second = (
        int(part[each] or 0) for each in ("day", "hour", "minute", "second")
    )
    try:
        local = datetime(year, month, day, hour, minute, second)
    except ValueError as error:
        raise ImpossibleTimeError from error
    weekday = part.get("weekday")
    if weekday and _WEEKDAYS[local.weekday()] != weekday.lower():
        raise ImpossibleTimeError(weekday)
    return local


def _named_offset(part: dict[str, str | None]) -> int | None:
    """The offset that a time names, in minutes; None if it names none.

    Raises:
        ImpossibleTimeError: There is no such offset.
        ValueError: Its zone is not known, or its parts contradict each other.
    """
    zone, place = part.get("zone"), part.get("place")
    if zone is None and place is not None and is_utc(place):
        return 0
    offset = None if zone is None else offset_of(zone)
    if offset is None and (zone or place):
        raise ValueError(zone or place)
    for repeated in filter(None, (part.get("name"), place)):
        is_told_otherwise = offset_of(repeated) not in (None, offset)
        if is_told_otherwise or (zone and zone[-1].isalpha() and repeated != place):
            raise ValueError(repeated)
    return offset


def _standard_text(utc: datetime, fraction: str) -> str:
    milliseconds = f"{fraction:0<3}"[:3]
    return f"{utc.isoformat(timespec='seconds')}.{milliseconds}Z"
