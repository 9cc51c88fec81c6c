"""Timestamps. `datetime` computes what each one means; the judge is dateutil."""

import random
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

from dateutil import parser

WINDOW = ("2005-01-01T00:00:00.000Z", "2035-01-01T00:00:00.000Z")
"""The first plausible time, and the first one after it that is not plausible."""

_SINCE = datetime(2005, 1, 1, tzinfo=UTC)
_SECONDS = int((datetime(2035, 1, 1, tzinfo=UTC) - _SINCE).total_seconds())
_OFFSETS = (-720, -570, -480, -240, -210, 0, 60, 120, 270, 330, 345, 540, 765, 840)


@dataclass(frozen=True)
class TimeCase:
    """A logged time, and its expected standard text or reject rule."""

    text: str
    becomes: str
    group: str

    @property
    def is_positive(self) -> bool:
        """Whether it can be read."""
        return self.becomes[0].isdigit()


def judge(text: str) -> str | None:
    """The standard text, or None if dateutil finds no time with a zone."""
    try:
        if text.isdigit():
            if len(text) not in (10, 13):
                return None
            scale = 1000 if len(text) == 13 else 1
            at = datetime.fromtimestamp(int(text) // scale, UTC)
            at += timedelta(milliseconds=int(text) % scale if scale > 1 else 0)
        else:
            one_word = re.sub(r"(?<=[0-9]) (?=[Z+-])", "", text)
            at = parser.isoparser(sep=one_word[10:11] or "T").isoparse(one_word)
    except (ValueError, OverflowError):
        return None
    if at.tzinfo is None:
        return None
    at = at.astimezone(UTC)
    if not _SINCE <= at < _SINCE + timedelta(seconds=_SECONDS):
        return None
    return standard(at)


def standard(at: datetime) -> str:
    """The standard text; fractions are truncated."""
    return at.strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03}Z"


def cases() -> list[TimeCase]:
    """The set: every accepted form and near misses of each."""
    draw = random.Random(7)
    made = {}
    while len(made) < 3200:
        case = _readable(draw)
        made.setdefault(case.text, case)
    while len(made) < 6600:
        case = _near_miss(draw)
        made.setdefault(case.text, case)
    return list(made.values())


def _moment(draw: random.Random) -> datetime:
    return _SINCE + timedelta(seconds=draw.randrange(_SECONDS))


def _zone(draw: random.Random, offset: int) -> str:
    sign = "-" if offset < 0 else "+"
    hours, minutes = divmod(abs(offset), 60)
    forms = [f"{sign}{hours:02}{minutes:02}", f"{sign}{hours:02}:{minutes:02}"]
    if minutes == 0:
        forms.append(f"{sign}{hours:02}")
    if offset == 0:
        forms.append("Z")
    return draw.choice(forms)


def _readable(draw: random.Random) -> TimeCase:
    at = _moment(draw)
    kind = draw.randrange(14)
    if kind == 10:
        text = at.strftime(draw.choice(_FORMS_OF_PROGRAMS))
        return TimeCase(text, standard(at), "a form of programs")
    if kind == 11:
        at = at.replace(second=0)
        return TimeCase(at.strftime("%Y-%m-%dT%H:%MZ"), standard(at), "no seconds")
    if kind == 0:
        return TimeCase(f"{int(at.timestamp()):010}", standard(at), "epoch seconds")
    milliseconds = draw.randrange(1000)
    if kind == 1:
        text = f"{int(at.timestamp()) * 1000 + milliseconds:013}"
        at += timedelta(milliseconds=milliseconds)
        return TimeCase(text, standard(at), "epoch milliseconds")
    if kind == 12:
        text = draw.choice(_NUMBERS).format(
            s=int(at.timestamp()), f=f"{milliseconds:03}"
        )
        at += timedelta(milliseconds=milliseconds)
        return TimeCase(text, standard(at), "another number")
    if kind == 13:
        return TimeCase(
            f"{int(at.timestamp()) / 10**9:.9f}E9", standard(at), "an exponent"
        )
    offset = draw.choice(_OFFSETS)
    local = at.astimezone(timezone(timedelta(minutes=offset)))
    digits = "".join(draw.choice("0123456789") for _ in range(draw.randint(0, 9)))
    fraction = f".{digits}" if digits else ""
    exact = at + timedelta(milliseconds=int((digits + "000")[:3]))
    middle = draw.choice("T ")
    gap = draw.choice(("", " "))
    text = local.strftime(f"%Y-%m-%d{middle}%H:%M:%S") + fraction + gap
    group = "a fraction beyond microseconds" if len(digits) > 6 else "a date and time"
    return TimeCase(text + _zone(draw, offset), standard(exact), group)


_FORMS_OF_PROGRAMS = (
    *("%Y-%m-%d %H:%M:%S UTC", "%Y-%m-%d %H:%M:%S GMT", "%Y-%m-%d %H:%M:%S +0000 UTC"),
    *("%Y-%m-%dT%H:%M:%SZ[UTC]", "%Y-%m-%dT%H:%M:%S+00:00[Europe/London]"),
    *(
        "%a, %d %b %Y %H:%M:%S GMT",
        "%a, %d %b %Y %H:%M:%S +0000",
        "%d %b %Y %H:%M:%S Z",
    ),
    *("%d/%b/%Y:%H:%M:%S +0000", "[%d/%b/%Y:%H:%M:%S +0000]", "%Y-%m-%dT%H:%M:%S,000Z"),
    *("%Y%m%dT%H%M%SZ", "%Y-%m-%dt%H:%M:%Sz", '{"$date": "%Y-%m-%dT%H:%M:%SZ"}'),
)
_NUMBERS = (
    *("{s}.{f}", "{s}{f:0<6}", "{s}{f:0<9}", "{s}{f}.5", '{{"$date":{s}{f}}}'),
    '{{"$date": {{"$numberLong": "{s}{f}"}}}}',
)
_UNREADABLE = (
    ("%d/%m/%Y %H:%M:%S", "another order"), ("%m-%d-%Y %H:%M:%SZ", "another order"),
    ("%Y/%m/%dT%H:%M:%SZ", "other marks"), ("%Y-%m-%dT%H.%M.%SZ", "other marks"),
    ("%Y-%m-%dT%HZ", "no minutes"), ("%Y-%m-%d", "no clock"),
    ("%Y%m%dT%H:%M:%SZ", "half the basic form"), ("%Y-%m-%dT%H%M%SZ", "other marks"),
    ("%d/%m/%Y:%H:%M:%S +0000", "another order"), ("1.5838E+09", "a rounded number"),
    ("%Y-%m-%dT%H:%M:%S+0100 UTC", "two zones"), ("%d %b %Y %H:%M:%S K", "a letter"),
    ("%Y-%m-%d  %H:%M:%SZ", "two spaces"), ("%Y-%m-%dT%H:%M:%S  Z", "two spaces"),
    ("%y-%m-%dT%H:%M:%SZ", "a year of two digits"), ("%a %b %d %H:%M:%S %Y", "words"),
    ("%Y-%m-%dT%H:%M:%S[Asia/Tokyo]", "words"), ("%Y-%m-%dT%H:%M:%S EST", "words"),
    ("%Y-%m-%dT%H:%M:%S,Z", "no digit"), ("%Y-%m-%dT%H:%M:%S.Z", "no digit"),
    ("%Y-%m-%dT%H:%M:%S.0123456789Z", "ten digits"), ("%Y-%jT%H:%M:%SZ", "day of year"),
    ("%Y-W%W-1T%H:%M:%SZ", "a week"), ("%Y-%m-%dT%H:%M:%S+5", "half an offset"),
    ("%Y-%m-%dT%H:%M:%S+05:3", "half an offset"), ("%Y-%m-%dT%H:%M:%S05:00", "no sign"),
    ("%Y-%m-%dT%H:%M:%SZZ", "twice Z"), ("%Y-%m-%d_%H:%M:%SZ", "other marks"),
    ("+%Y-%m-%dT%H:%M:%SZ", "a sign"), ("%Y-%m-%dT%I:%M:%S PM", "words"),
)  # fmt: skip
_IMPOSSIBLE = (
    ("%Y-02-30T%H:%M:%SZ", "no such day"), ("%Y-04-31T%H:%M:%SZ", "no such day"),
    ("%Y-13-%dT%H:%M:%SZ", "no such month"), ("%Y-00-%dT%H:%M:%SZ", "no such month"),
    ("%Y-%m-00T%H:%M:%SZ", "no such day"), ("%Y-%m-%dT24:00:00Z", "24 o'clock"),
    ("%Y-%m-%dT25:%M:%SZ", "no such hour"), ("%Y-%m-%dT%H:60:%SZ", "no such minute"),
    ("%Y-%m-%dT%H:%M:60Z", "a leap second"), ("%Y-%m-%dT%H:%M:61Z", "no such second"),
    ("%Y-%m-%dT%H:%M:%S+14:01", "an offset beyond"),
    ("%Y-%m-%dT%H:%M:%S-12:30", "an offset beyond"),
    ("%Y-%m-%dT%H:%M:%S+15", "an offset beyond"),
    ("%Y-%m-%dT%H:%M:%S+0560", "no such offset"),
    ("2019-02-29T%H:%M:%SZ", "no such day"), ("2100-02-29T%H:%M:%SZ", "no such day"),
    ("%Y-02-30T%H:%M:%S", "no such day"),
)  # fmt: skip
_WITHOUT_ZONE = (
    ("%Y-%m-%dT%H:%M:%S", "no zone"), ("%Y-%m-%d %H:%M:%S", "no zone"),
    ("%Y-%m-%d %H:%M:%S.250", "no zone"),
)  # fmt: skip


def _near_miss(draw: random.Random) -> TimeCase:
    at = _moment(draw)
    kind = draw.randrange(12)
    if kind < 5:
        form, group = draw.choice(_UNREADABLE)
        return TimeCase(at.strftime(form), "timestamp_unreadable", group)
    if kind < 8:
        form, group = draw.choice(_IMPOSSIBLE)
        return TimeCase(at.strftime(form), "timestamp_impossible", group)
    if kind < 9:
        form, group = draw.choice(_WITHOUT_ZONE)
        return TimeCase(at.strftime(form), "timestamp_without_zone", group)
    if kind < 10:
        digits = str(int(at.timestamp()))
        text = draw.choice((digits[:9], digits + "0", digits + "00", digits + "0000"))
        return TimeCase(text, "timestamp_unreadable", "epoch of another length")
    year = draw.choice((draw.randint(1900, 2004), draw.randint(2035, 2150)))
    text = at.strftime(f"{year}-%m-28T%H:%M:%S") + draw.choice(("Z", "+0200"))
    if text[:10] in ("2004-12-28", "2035-01-28"):
        text = f"1970{text[4:]}"
    return TimeCase(text, "timestamp_out_of_window", "beyond the window")
