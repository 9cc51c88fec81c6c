"""Values that look odd, but are accepted."""

from collections.abc import Iterator
from dataclasses import replace

from lab.simulate import stamps
from lab.simulate.behaviour import Search
from lab.simulate.faults import personal_data
from lab.simulate.faults.desk import Desk, Fault, named
from lab.simulate.rows import REQUEST_LOG, LogRow
from lab.simulate.stamps import DAY, SECOND


def padded_values(desk: Desk, search: Search) -> list[LogRow]:
    """White space around every value except the query."""
    fault = "padded_values"
    desk.with_one_click(search)
    rows = desk.scribe.request(search, fault=fault)
    rows += named(desk.scribe.clicks(search), fault)
    before, after = desk.next_of(fault, (("", " "), (" ", ""), ("\t", "  ")))
    for row in rows:
        spared = 1 if row.log == REQUEST_LOG else -1
        row.values = tuple(
            value if column == spared else before + value + after
            for column, value in enumerate(row.values)
        )
    return rows


def decimal_numbers(desk: Desk, search: Search) -> list[LogRow]:
    """Totals and positions written as decimals or with leading zeros."""
    fault = "decimal_number"
    desk.with_one_click(search)
    write = desk.next_of(fault, ("{}.0", "{}.000", "0{}"))
    rows = desk.scribe.request(search, fault=fault)
    rows += named(desk.scribe.clicks(search), fault)
    for row in rows:
        number = write.format(row.values[-1])
        row.values = (*row.values[:-1], number)
    return rows


def click_at_last_position(desk: Desk, search: Search) -> list[LogRow]:
    """A click on the last result."""
    click = desk.with_one_click(search, most=30)
    click.position = search.total
    click.cid = desk.world.clip_at(search.query, click.position, search.ranking).cid
    return desk.scribe.request(search) + named(
        desk.scribe.clicks(search), "click_at_last_position"
    )


def click_at_time_limit(desk: Desk, search: Search) -> list[LogRow]:
    """Clicks at the first and at the last accepted moment."""
    fault = "click_at_time_limit"
    click = desk.with_one_click(search)
    early, delay = desk.next_of(
        fault, ((0, 0), (0, LONGEST_CLICK_DELAY), (900, 999), (1, 1_999))
    )
    search.instant += early
    click.instant = search.instant + delay
    form = stamps.iso_utc_form
    rows = desk.scribe.request(search, form=form)
    return rows + named(desk.scribe.clicks(search, form), fault)


def click_within_clock_skew(desk: Desk, search: Search) -> list[LogRow]:
    """A click before its search, because the clocks of the two logs differ."""
    fault = "click_within_clock_skew"
    click = desk.with_one_click(search)
    click.instant = search.instant - desk.next_of(fault, (1, 999, SECOND, CLOCK_SKEW))
    form = stamps.iso_utc_form
    rows = desk.scribe.request(search, form=form)
    return rows + named(desk.scribe.clicks(search, form), fault)


def unknown_total(desk: Desk, search: Search) -> list[LogRow]:
    """A request that does not say how many results there were."""
    fault = "total_unknown"
    desk.with_one_click(search)
    (row,) = desk.scribe.request(search, fault=fault)
    row.values = (*row.values[:-1], desk.next_of(fault, ("", " ", "NaN", "\\N", "-")))
    if row.clean is not None:
        row.clean["total"] = None
    return [row, *desk.scribe.clicks(search)]


def total_as_object(desk: Desk, search: Search) -> list[LogRow]:
    """A total as Elasticsearch returns it."""
    fault = "total_as_object"
    desk.with_one_click(search)
    (row,) = desk.scribe.request(search, fault=fault)
    total = f'{{"value":{search.total},"relation":"eq"}}'
    row.values = (*row.values[:-1], total)
    return [row, *desk.scribe.clicks(search)]


def odd_id(desk: Desk, search: Search) -> list[LogRow]:
    """Ids with as many digits as a card number are still ids."""
    fault = "id_like_personal_data"
    kind = desk.next_of(fault, ("card", "cid"))
    click = desk.with_one_click(search)
    if kind == "card":
        search.person = replace(search.person, cuid=personal_data.card(desk.chance))
        return named(desk.scribe.request(search), fault) + desk.scribe.clicks(search)
    click.cid = personal_data.card(desk.chance)
    return desk.scribe.request(search) + named(desk.scribe.clicks(search), fault)


LONGEST_CLICK_DELAY = DAY
CLOCK_SKEW = 2 * SECOND
"""How long before its search a click may come."""


def faults() -> Iterator[Fault]:
    """The faults of this kind."""
    yield Fault("padded_values", padded_values)
    yield Fault("decimal_number", decimal_numbers)
    yield Fault("id_like_personal_data", odd_id)
    yield Fault("click_at_last_position", click_at_last_position)
    yield Fault("click_at_time_limit", click_at_time_limit)
    yield Fault("click_within_clock_skew", click_within_clock_skew)
    yield Fault("total_unknown", unknown_total, 5)
    yield Fault("total_as_object", total_as_object)
