"""Instants, and the many forms in which a log writes them.

An instant is an integer number of milliseconds since 1970-01-01T00:00:00Z; offsets are
in minutes east of UTC. A stamp is written from a known instant, never parsed.
"""

import re
from collections.abc import Callable
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

SECOND = 1_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR


class Stamp(NamedTuple):
    """A time as logged, and its offset (None if it has none)."""

    text: str
    offset: int | None


Form = Callable[[int, int], Stamp]
"""Writes an instant with an offset."""


def instant_of(year: int, month: int, day: int) -> int:
    """The instant at which a day begins in UTC."""
    return (date(year, month, day) - date(1970, 1, 1)).days * DAY


def clock(instant: int, offset: int = 0, separator: str = " ") -> str:
    """The local time at `offset`, in whole seconds."""
    days, seconds = divmod(instant // SECOND + offset * 60, 86_400)
    minute, second = divmod(seconds, 60)
    return f"{_day_text(days)}{separator}{_MINUTES[minute]}{_SECONDS[second]}"


_SECONDS = tuple(f":{second:02}" for second in range(60))
_MINUTES = tuple(f"{hour:02}:{minute:02}" for hour in range(24) for minute in range(60))


@lru_cache(maxsize=4_096)
def _day_text(days: int) -> str:
    return (date(1970, 1, 1) + timedelta(days)).isoformat()


def canonical(instant: int) -> str:
    """The instant as in the clean tables: `2020-03-10T13:24:31.000Z`."""
    return f"{clock(instant, 0, 'T')}.{instant % SECOND:03}Z"


@lru_cache(maxsize=64)
def _new_york_summer(year: int) -> tuple[int, int]:
    """First and last instant of daylight saving time, by the rule of 2007."""
    march, november = date(year, 3, 1), date(year, 11, 1)
    second_sunday = 8 + (6 - march.weekday()) % 7
    first_sunday = 1 + (6 - november.weekday()) % 7
    return (
        instant_of(year, 3, second_sunday) + 7 * HOUR,
        instant_of(year, 11, first_sunday) + 6 * HOUR,
    )


def new_york_offset(instant: int) -> int:
    """The offset in New York, where the synthetic site's servers are."""
    return _new_york_offset_in_hour(instant // HOUR)


@lru_cache(maxsize=4_096)
def _new_york_offset_in_hour(hour: int) -> int:
    instant = hour * HOUR
    begin, end = _new_york_summer(int(clock(instant)[:4]))
    return -240 if begin <= instant < end else -300


@lru_cache(maxsize=256)
def zone(offset: int, separator: str) -> str:
    """An offset in digits: `-0400`, or `-04:00` with the separator ':'."""
    hours, minutes = divmod(abs(offset), 60)
    return f"{'-' if offset < 0 else '+'}{hours:02}{separator}{minutes:02}"


def server_form(instant: int, offset: int) -> Stamp:
    """`2020-03-10 09:24:31.000 -0400`."""
    when = clock(instant, offset, " ") + f".{instant % SECOND:03}"
    return Stamp(f"{when} {zone(offset, '')}", offset)


def browser_form(instant: int, offset: int) -> Stamp:
    """`2019-05-30 18:34:31+02:00`; whole seconds only."""
    when = clock(instant, offset, " ")
    return Stamp(when + zone(offset, ":"), offset)


def iso_utc_form(instant: int, offset: int) -> Stamp:
    """`2020-03-10T13:24:31.000Z`."""
    del offset
    return Stamp(canonical(instant), 0)


def iso_utc_spaced_form(instant: int, offset: int) -> Stamp:
    """`2020-03-10 13:24:31 Z`; whole seconds only."""
    del offset
    return Stamp(clock(instant) + " Z", 0)


def iso_offset_form(instant: int, offset: int) -> Stamp:
    """`2020-03-10T09:24:31-04:00`; whole seconds only."""
    when = clock(instant, offset, "T")
    return Stamp(when + zone(offset, ":"), offset)


def iso_spaced_offset_form(instant: int, offset: int) -> Stamp:
    """`2020-03-10T09:24:31.000 -04:00`."""
    when = clock(instant, offset, "T") + f".{instant % SECOND:03}"
    return Stamp(f"{when} {zone(offset, ':')}", offset)


def hour_offset_form(instant: int, offset: int) -> Stamp:
    """`2020-03-10 09:24:31.000-04`; the offset is truncated to whole hours first."""
    whole = offset // 60 * 60
    when = clock(instant, whole, " ") + f".{instant % SECOND:03}"
    return Stamp(when + zone(whole, "")[:3], whole)


def epoch_seconds_form(instant: int, offset: int) -> Stamp:
    """`1583846671`; whole seconds only, without an offset."""
    del offset
    return Stamp(f"{instant // SECOND:010}", None)


def epoch_milliseconds_form(instant: int, offset: int) -> Stamp:
    """`1583846671000`; without an offset."""
    del offset
    return Stamp(f"{instant:013}", None)


def epoch_microseconds_form(instant: int, offset: int) -> Stamp:
    """`1583846671000000`; without an offset."""
    del offset
    return Stamp(f"{instant:013}000", None)


def epoch_nanoseconds_form(instant: int, offset: int) -> Stamp:
    """`1583846671000000000`; without an offset."""
    del offset
    return Stamp(f"{instant:013}000000", None)


def epoch_fraction_form(instant: int, offset: int) -> Stamp:
    """`1583846671.000`; without an offset."""
    del offset
    seconds, milliseconds = divmod(instant, SECOND)
    return Stamp(f"{seconds:010}.{milliseconds:03}", None)


def named_zone_form(instant: int, offset: int) -> Stamp:
    """`2020-03-10 13:24:31.000 UTC`."""
    del offset
    return Stamp(f"{clock(instant)}.{instant % SECOND:03} UTC", 0)


def bracketed_zone_form(instant: int, offset: int) -> Stamp:
    """`2020-03-10T13:24:31.000Z[UTC]`, as Java writes it."""
    del offset
    return Stamp(f"{canonical(instant)}[UTC]", 0)


def comma_form(instant: int, offset: int) -> Stamp:
    """`2020-03-10T13:24:31,000Z`."""
    del offset
    return Stamp(canonical(instant).replace(".", ","), 0)


def basic_form(instant: int, offset: int) -> Stamp:
    """`20200310T132431Z`; whole seconds only."""
    del offset
    return Stamp(re.sub("[-:]", "", clock(instant, 0, "T")) + "Z", 0)


def web_server_form(instant: int, offset: int) -> Stamp:
    """`10/Mar/2020:09:24:31 -0400`; whole seconds only."""
    year, month, day, time = _parts(instant, offset)
    return Stamp(f"{day}/{month}/{year}:{time} {zone(offset, '')}", offset)


def http_date_form(instant: int, offset: int) -> Stamp:
    """`Tue, 10 Mar 2020 13:24:31 GMT`; whole seconds only."""
    del offset
    year, month, day, time = _parts(instant, 0)
    # 1 January 1970 was a Thursday.
    weekday = _WEEKDAYS[(instant // DAY + 3) % 7]
    return Stamp(f"{weekday}, {day} {month} {year} {time} GMT", 0)


def mongo_form(instant: int, offset: int) -> Stamp:
    """`{"$date":"2020-03-10T13:24:31.000Z"}`."""
    del offset
    return Stamp(f'{{"$date":"{canonical(instant)}"}}', 0)


_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = (
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
)  # fmt: skip


def _parts(instant: int, offset: int) -> tuple[str, str, str, str]:
    """Year, name of the month, day and time of the local clock."""
    day_text, time = clock(instant, offset).split()
    year, month, day = day_text.split("-")
    return year, _MONTHS[int(month) - 1], day, time


def fraction_form(digits: str) -> Form:
    """A form that writes these digits as the fraction of a second.

    Its instants must have the milliseconds with which the digits begin.
    """

    def write(instant: int, offset: int) -> Stamp:
        when = clock(instant, offset, " ")
        return Stamp(f"{when}.{digits}{zone(offset, ':')}", offset)

    return write


def milliseconds_of(digits: str) -> int:
    """The milliseconds of a fraction's digits: truncated, never rounded."""
    return int(digits.ljust(3, "0")[:3])


def _written_by_hand(instant: int) -> str:
    """`10/03/2020 13:24:31`."""
    day, time = clock(instant).split()
    return "/".join(reversed(day.split("-"))) + f" {time}"


UNREADABLE: tuple[str | Callable[[int], str], ...] = (
    "yesterday",
    "2020-13",
    "NaN",
    lambda instant: str(instant // SECOND)[:9],
    lambda instant: f"{instant // SECOND}0",
    lambda instant: f"{instant // SECOND}00",
    lambda instant: re.sub("[^0-9]", "", clock(instant)),
    "",
    "   ",
    lambda instant: _written_by_hand(instant),
    lambda instant: canonical(instant).replace("T", "_"),
    lambda instant: clock(instant) + "  -0400",
)
"""Texts that match no form; functions get the instant that they disguise."""

IMPOSSIBLE = (
    "2020-02-30 10:15:00.000 -0500",
    "2019-02-29 08:00:12+01:00",
    "2020-04-31T12:00:00Z",
    "2020-13-01 09:24:31.000 -0500",
    "2019-00-10 09:24:31.000 -0500",
    "2019-11-00 09:24:31.000 -0500",
    "2020-03-10 24:00:00.000 -0400",
    "2020-03-10 23:60:00.000 -0400",
    "2020-03-10 23:59:60.000 -0400",
    "2020-03-10 09:24:31+15:00",
    "2020-03-10 09:24:31+14:30",
    "2020-03-10 09:24:31-12:30",
    "2020-03-10 09:24:31+05:75",
    "2020-02-30 10:15:00",
)
"""Texts that match a form, but are not a valid time."""

WITHOUT_ZONE: tuple[Callable[[int], str], ...] = (
    lambda instant: clock(instant),
    lambda instant: canonical(instant)[:-1],
    lambda instant: canonical(instant)[:-1] + "000",
)
"""Times without a zone."""

OUT_OF_WINDOW = (
    "1970-01-01 00:00:00.000 +0000",
    "2099-12-31T23:59:59Z",
    "0000000000",
    "4102444800000",
    "2004-12-31T23:59:59.999Z",
    "2035-01-01T00:00:00.000Z",
    "2034-12-31 23:30:00-01:00",
)
"""Valid times that cannot be true for this site."""

WINDOW_EDGES = (
    (instant_of(2005, 1, 1), 0, iso_utc_form),
    (instant_of(2035, 1, 1) - 1, 0, iso_utc_form),
    (instant_of(2005, 1, 1) + HOUR, -300, server_form),
    (instant_of(2034, 12, 31) + 13 * HOUR, 840, browser_form),
)
"""The first and last plausible instants (UTC), on local days beyond them."""
