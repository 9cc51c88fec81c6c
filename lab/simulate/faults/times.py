"""Faults in times: rare forms, and texts that are not a time."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial

from lab.simulate import stamps
from lab.simulate.behaviour import Search
from lab.simulate.faults.desk import Desk, Fault, named
from lab.simulate.faults.refused import refused_click, refused_request
from lab.simulate.rows import LogRow, Telling
from lab.simulate.stamps import Form
from lab.simulate.world import Person


def rare_form(name: str, form: Form, desk: Desk, search: Search) -> list[LogRow]:
    """All rows of a search have the time in a rare, but readable form."""
    desk.with_one_click(search)
    rows = desk.scribe.request(search, form=form, fault=name)
    return rows + named(desk.scribe.clicks(search, form), name)


def fraction_of_second(desk: Desk, search: Search) -> list[LogRow]:
    """Fractions of 1 to 9 digits, truncated to milliseconds."""
    fault = "timestamp_fraction"
    click = desk.with_one_click(search)
    digits, click_digits = (desk.next_of(fault, _FRACTIONS) for _ in range(2))
    search.instant += stamps.milliseconds_of(digits)
    click.instant += stamps.milliseconds_of(click_digits)
    rows = desk.scribe.request(search, form=stamps.fraction_form(digits), fault=fault)
    form = stamps.fraction_form(click_digits)
    return rows + named(desk.scribe.clicks(search, form), fault)


def window_edge(desk: Desk, search: Search) -> list[LogRow]:
    """The first and the last plausible times."""
    fault = "timestamp_window_edge"
    instant, offset, form = desk.next_of(fault, stamps.WINDOW_EDGES)
    telling = Telling(instant, form(instant, offset), search.total, fault)
    return desk.scribe.requests(search, [telling])


def offset_edge(desk: Desk, search: Search) -> list[LogRow]:
    """The offsets furthest from UTC that exist."""
    fault = "timestamp_offset_edge"
    offset = desk.next_of(fault, (840, -720, 825, -210))
    person = Person(search.person.cuid, offset)
    search.person = person
    desk.with_one_click(search)
    rows = desk.scribe.request(search, form=stamps.iso_offset_form, fault=fault)
    return rows + named(desk.scribe.clicks(search, stamps.server_form), fault)


def badly_timed_request(
    reason: str, texts: Sequence[str | Callable[[int], str]], desk: Desk, s: Search
) -> list[LogRow]:
    """A request with an unusable time."""
    fault = f"request_{reason}"
    text = _text_at(desk.next_of(fault, texts), s.instant)
    return refused_request(desk, s, fault, reason, {"ts": text})


def badly_timed_click(
    reason: str, texts: Sequence[str | Callable[[int], str]], desk: Desk, s: Search
) -> list[LogRow]:
    """A click with an unusable time."""
    fault = f"click_{reason}"
    text = _text_at(desk.next_of(fault, texts), s.instant)
    return refused_click(desk, s, fault, reason, {"ts": text})


def _text_at(text: str | Callable[[int], str], instant: int) -> str:
    return text if isinstance(text, str) else text(instant)


_FRACTIONS = (
    "5", "25", "999", "9996", "00049", "123456", "9999999", "12345678", "999999999",
)  # fmt: skip

_RARE_FORMS: dict[str, Form] = {
    "timestamp_iso_utc": stamps.iso_utc_form,
    "timestamp_iso_utc_spaced": stamps.iso_utc_spaced_form,
    "timestamp_iso_offset": stamps.iso_offset_form,
    "timestamp_iso_spaced_offset": stamps.iso_spaced_offset_form,
    "timestamp_hour_offset": stamps.hour_offset_form,
    "timestamp_epoch_seconds": stamps.epoch_seconds_form,
    "timestamp_epoch_milliseconds": stamps.epoch_milliseconds_form,
}

# Those of other programs. Few searches have each.
_FOREIGN_FORMS: dict[str, Form] = {
    "timestamp_epoch_microseconds": stamps.epoch_microseconds_form,
    "timestamp_epoch_nanoseconds": stamps.epoch_nanoseconds_form,
    "timestamp_epoch_fraction": stamps.epoch_fraction_form,
    "timestamp_named_zone": stamps.named_zone_form,
    "timestamp_bracketed_zone": stamps.bracketed_zone_form,
    "timestamp_decimal_comma": stamps.comma_form,
    "timestamp_basic": stamps.basic_form,
    "timestamp_web_server": stamps.web_server_form,
    "timestamp_http_date": stamps.http_date_form,
    "timestamp_mongo": stamps.mongo_form,
}

_TIMES: dict[str, Sequence[str | Callable[[int], str]]] = {
    "timestamp_unreadable": stamps.UNREADABLE,
    "timestamp_impossible": stamps.IMPOSSIBLE,
    "timestamp_without_zone": stamps.WITHOUT_ZONE,
    "timestamp_out_of_window": stamps.OUT_OF_WINDOW,
}


def faults() -> Iterator[Fault]:
    """The faults of this kind."""
    for name, form in (_RARE_FORMS | _FOREIGN_FORMS).items():
        yield Fault(name, partial(rare_form, name, form))
    yield Fault("timestamp_fraction", fraction_of_second)
    yield Fault("timestamp_window_edge", window_edge)
    yield Fault("timestamp_offset_edge", offset_edge)
    for reason, texts in _TIMES.items():
        yield Fault(f"request_{reason}", partial(badly_timed_request, reason, texts))
        yield Fault(f"click_{reason}", partial(badly_timed_click, reason, texts))
