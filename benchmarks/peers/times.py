"""Times that are not in one of the two usual forms, read one by one."""

import re
from datetime import UTC, datetime, timedelta

from benchmarks.peers.texts import WHITE

_FORM = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})[T ]([0-9]{2}):([0-9]{2}):([0-9]{2})"
    r"(?:\.([0-9]{1,9}))?(?: ?(Z|([+-])([0-9]{2}):?([0-9]{2})?))?"
)
_FROM, _UNTIL = datetime(2005, 1, 1), datetime(2035, 1, 1)


def read(logged: str | None) -> tuple[str, int | None]:
    """The standard text, or the reason why there is none, and the offset in minutes."""
    text = (logged or "").strip(WHITE)
    if re.fullmatch("[0-9]{10}(?:[0-9]{3})?", text):
        moment = datetime.fromtimestamp(int(text[:10]), UTC).replace(tzinfo=None)
        return _standard(moment, text[10:]), None
    found = _FORM.fullmatch(text)
    if not found:
        return "timestamp_unreadable", None
    *parts, fraction, zone, sign, hours, minutes = found.groups()
    offset = 60 * int(hours or 0) + int(minutes or 0)
    offset = -offset if sign == "-" else offset
    try:
        moment = datetime(*map(int, parts))
    except ValueError:
        if parts[0] == "0000":
            return "timestamp_out_of_window", offset
        return "timestamp_impossible", None
    if int(minutes or 0) > 59 or not -720 <= offset <= 840:
        return "timestamp_impossible", None
    if not zone:
        return "timestamp_without_zone", None
    try:
        return _standard(moment - timedelta(minutes=offset), fraction or ""), offset
    except OverflowError:
        return "timestamp_out_of_window", offset


def _standard(moment: datetime, fraction: str) -> str:
    if not _FROM <= moment < _UNTIL:
        return "timestamp_out_of_window"
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{fraction[:3]:0<3}Z"
