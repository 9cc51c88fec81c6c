"""Time zones: the one that a logged time names, and the one that may be assumed."""

import re
from datetime import datetime, timedelta, timezone, tzinfo
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

FIRST_OFFSET, LAST_OFFSET = -12 * 60, 14 * 60
"""The offsets from UTC that occur, in minutes."""

_OFFSET = re.compile("(?:UTC|GMT)?([+-])([0-9]{2})(?::?([0-9]{2}))?", re.ASCII | re.I)
_UTC_NAMES = frozenset({"Z", "UTC", "UT", "GMT", "ETC/UTC"})
# The names of RFC 2822, 4.3; its single letters other than Z mean nothing.
_MAIL_NAMES = {
    **{"EST": -300, "EDT": -240, "CST": -360, "CDT": -300},
    **{"MST": -420, "MDT": -360, "PST": -480, "PDT": -420},
}
# A machine's own zone is not the same everywhere.
_NO_PLACES = frozenset({"localtime", "Factory", "posixrules"})


class ImpossibleTimeError(ValueError):
    """There is no such time in this zone."""


class UnclearTimeError(ValueError):
    """The time occurs twice in this zone."""


def offset_of(name: str) -> int | None:
    """The offset of a named zone, in minutes; None if it names none.

    Raises:
        ImpossibleTimeError: There is no such offset.
    """
    if is_utc(name):
        return 0
    if name.upper() in _MAIL_NAMES:
        return _MAIL_NAMES[name.upper()]
    found = _OFFSET.fullmatch(name)
    if found is None:
        return None
    minutes = 60 * int(found[2]) + int(found[3] or 0)
    minutes = -minutes if found[1] == "-" else minutes
    if int(found[3] or 0) > 59 or not FIRST_OFFSET <= minutes <= LAST_OFFSET:
        raise ImpossibleTimeError(name)
    return minutes


def is_utc(name: str) -> bool:
    """Whether a name means UTC wherever it is used."""
    return name.upper() in _UTC_NAMES


def is_zone(name: str) -> bool:
    """Whether this zone can be assumed: an offset, UTC, or a place that IANA lists."""
    try:
        _zone(name)
    except ValueError:
        return False
    return True


def assumed_offset(local: datetime, name: str) -> timedelta:
    """The offset from UTC at a local time in a zone.

    Raises:
        ImpossibleTimeError: The clock was set forward over this time.
        UnclearTimeError: The clock was set back, so the time occurred twice.
        ValueError: There is no such zone.
    """
    zone = _zone(name)
    first = local.replace(tzinfo=zone).utcoffset() or timedelta()
    second = local.replace(tzinfo=zone, fold=1).utcoffset() or timedelta()
    # Before a gap the offset is smaller than after it.
    if first < second:
        raise ImpossibleTimeError(name)
    if first > second:
        raise UnclearTimeError(name)
    return first


@cache
def _zone(name: str) -> tzinfo:
    fixed = offset_of(name) if name.upper() not in _MAIL_NAMES else None
    if fixed is not None:
        return timezone(timedelta(minutes=fixed))
    if name in _NO_PLACES:
        raise ValueError(name)
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, OSError) as error:
        raise ValueError(name) from error
