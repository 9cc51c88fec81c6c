"""Times of a mapped log whose unit or zone the mapping names."""

import re
from decimal import Decimal

from clip_search.text_rules.timestamps import read_timestamp, zone_is_assumed

_NUMBER = re.compile(r"[0-9]{1,19}(?:\.[0-9]{1,18})?(?:[eE]\+?[0-9]{1,2})?", re.ASCII)
_MICROSECONDS = {"s": 1_000_000, "ms": 1_000, "us": 1}
# Numbers of this length are microseconds, whatever they say.
_DIGITS = 16
_FIRST, _LAST = "0000", "9999-12-31T23:59:59.999Z"


def logged_time(value: str | None, unit: str | None, zone: str | None) -> str | None:
    """A time in a form that says its own unit and zone.

    Args:
        value: The logged text.
        unit: The unit of a number: s, ms or us; None if its digits say.
        zone: The zone of a text that names none; None to leave it open.

    Returns:
        The text as it is, unless the unit or the zone is needed to read it.
    """
    if value is None:
        return None
    if unit and _NUMBER.fullmatch(value.strip()):
        since_1970 = int(Decimal(value.strip()) * _MICROSECONDS[unit])
        return f"{since_1970:0{_DIGITS}}" if since_1970 < 10**_DIGITS else value
    if zone and zone_is_assumed(value, zone):
        return read_timestamp(value, _FIRST, _LAST, zone) or value
    return value
