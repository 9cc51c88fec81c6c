"""Search ids that occur more than once: copies, disputed times, reused ids."""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from lab.simulate.behaviour import Search
from lab.simulate.faults.desk import Desk, Fault, honest
from lab.simulate.rows import LogRow, Telling
from lab.simulate.stamps import DAY, SECOND

LONGEST_TYPING_PAUSE = 4 * SECOND
"""The longest pause between two texts of one search: a time without a fraction may be
logged a second early, and five seconds are accepted."""


def request_copied(desk: Desk, search: Search) -> list[LogRow]:
    """A request logged twice, identically."""
    telling = desk.telling(search, search.instant, None)
    copy = replace(telling, fault="request_exact_copy")
    return desk.scribe.requests(search, [telling, copy]) + desk.scribe.clicks(search)


def disputed_settled(desk: Desk, search: Search) -> list[LogRow]:
    """A request logged with several times; the clicks show which one is true."""
    desk.with_one_click(search)
    rows = _disputed(desk, search, "disputed_time_settled", None)
    return rows + desk.scribe.clicks(search)


def disputed_undecided(desk: Desk, search: Search) -> list[LogRow]:
    """A request logged with several times and without clicks: the earliest is used."""
    search.clicks = []
    return _disputed(desk, search, "disputed_time_undecided", "earliest")


def _disputed(
    desk: Desk, search: Search, fault: str, choose: str | None
) -> list[LogRow]:
    count = 2 if desk.chance.flag(0.05) else 1
    tellings = [desk.telling(search, search.instant, None)]
    while len(tellings) <= count:
        instant = desk.wrong_instant(search.instant)
        if all(instant != telling.instant for telling in tellings):
            other = search.total + desk.chance.between(1, 9)
            total = other if desk.chance.flag(0.1) else None
            tellings.append(desk.telling(search, instant, fault, total))
    winner = 0
    if choose == "earliest":
        winner = min(range(len(tellings)), key=lambda each: tellings[each].instant)
    tellings, winner = _in_any_order(desk, tellings, winner)
    return desk.scribe.requests(
        search,
        tellings,
        winner,
        is_ts_disputed=choose is not None,
        is_total_disputed=len({telling.total for telling in tellings}) > 1,
    )


def total_disputed(is_settled: bool, desk: Desk, search: Search) -> list[LogRow]:
    """A request logged again by a query for facets, which requests no rows.

    A click on a result shows which total is true.
    """
    fault = "total_settled_by_click" if is_settled else "total_undecided"
    desk.with_one_click(search)
    if not is_settled:
        search.clicks = []
    telling = desk.telling(search, search.instant, None)
    facets = replace(telling, total=0, fault=fault)
    tellings = [facets, telling, facets][: desk.next_of(fault, (2, 3))]
    rows = desk.scribe.requests(
        search, tellings, winner=0, is_total_disputed=not is_settled
    )
    return rows + desk.scribe.clicks(search)


def typed_under_one_id(desk: Desk, search: Search) -> list[LogRow]:
    """A search while the user types: each text is logged under the same id."""
    fault = "typed_under_one_id"
    if desk.next_of(fault, (False, True)):
        desk.with_one_click(search)
    else:
        search.clicks = []
    length = len(search.query)
    ends = sorted({max(1, length * quarter // 4) for quarter in (1, 2, 3)} - {length})
    pauses = [desk.chance.between(200, LONGEST_TYPING_PAUSE) for _ in ends]
    texts = [
        (search.query[:end], search.instant - sum(pauses[place:]))
        for place, end in enumerate(ends)
    ]
    return desk.scribe.typed_on(search, texts, fault) + desk.scribe.clicks(search)


def disputed_with_early_click(desk: Desk, search: Search) -> list[LogRow]:
    """A request logged with two times, both later than its only click: undecided."""
    fault = "disputed_time_after_click"
    click = desk.with_one_click(search)
    later = search.instant + desk.chance.between(2, 400) * DAY
    click.instant = search.instant - desk.chance.between(3, 600) * SECOND
    tellings = [
        desk.telling(search, search.instant, None),
        desk.telling(search, later, fault),
    ]
    rows = desk.scribe.requests(search, tellings, is_ts_disputed=True)
    rejected = desk.scribe.rejected_click(search, click, "click_before_search", fault)
    return [*rows, rejected]


def disputed_settled_by_refused_click(desk: Desk, search: Search) -> list[LogRow]:
    """A request logged with two times; a click that is rejected later still decides."""
    fault = "disputed_time_settled_by_refused_click"
    click = desk.with_one_click(search)
    click.position = search.total + desk.chance.between(1, 20)
    tellings = [
        desk.telling(search, desk.wrong_instant(search.instant), fault),
        desk.telling(search, search.instant, None),
    ]
    rows = desk.scribe.requests(search, tellings, winner=1)
    rejected = desk.scribe.rejected_click(search, click, "position_beyond_total", fault)
    return [*rows, rejected]


def reused_id(decided: bool, desk: Desk, search: Search) -> list[LogRow]:
    """A search_id used again for another query or user, with or without a click."""
    fault = "reused_id_decided_by_click" if decided else "reused_id_undecided"
    is_clicked = decided or desk.next_of(fault + "_click", (False, False, True))
    click = desk.with_one_click(search) if is_clicked else None
    differs = desk.next_of(fault, ("query", "user", "both"))
    other = replace(search, clicks=[])
    if differs != "query":
        other.person = desk.world.stranger(search.number)
    while differs != "user" and other.query == search.query:
        desk.behaviour.look_for(other, desk.world.intents.draw())
    other.instant = desk.wrong_instant(search.instant)
    reason = "conflicting_search_id"
    conflict = desk.scribe.rejected_request(other, reason, fault)
    # It reaches the file with the search, however wrong its logged time is.
    conflict.arrival = desk.scribe.arrival(search.instant)
    if decided:
        return [conflict, *honest(desk, search)]
    first = desk.scribe.rejected_request(search, reason, fault)
    rows = [first, conflict]
    if click is not None:
        rows.append(
            desk.scribe.rejected_click(
                search, click, "timestamp_unreadable", fault, ts="yesterday"
            )
        )
    return rows


def reused_id_clicked_again(desk: Desk, search: Search) -> list[LogRow]:
    """A search_id used again after a click, and clicked again by its second user."""
    fault = "reused_id_clicked_again"
    click = desk.with_one_click(search)
    stranger = replace(search, person=desk.world.stranger(search.number))
    stranger.instant = click.instant + desk.chance.between(1, 600) * SECOND
    conflict = desk.scribe.rejected_request(stranger, "conflicting_search_id", fault)
    again = replace(click, instant=stranger.instant + 5 * SECOND)
    rejected = desk.scribe.rejected_click(
        stranger, again, "click_on_other_search", fault
    )
    return [*honest(desk, search), conflict, rejected]


def reused_and_repeated(desk: Desk, search: Search) -> list[LogRow]:
    """A search_id with a repeat of the true request and with another user's."""
    fault = "reused_id_and_repeat"
    desk.with_one_click(search)
    wrong = desk.telling(search, desk.wrong_instant(search.instant), fault)
    tellings = [desk.telling(search, search.instant, None), wrong]
    rows = desk.scribe.requests(search, tellings) + desk.scribe.clicks(search)
    stranger = replace(search, person=desk.world.stranger(search.number))
    stranger.instant = search.instant + desk.chance.between(2, 300) * DAY
    conflict = desk.scribe.rejected_request(stranger, "conflicting_search_id", fault)
    conflict.arrival = desk.scribe.arrival(search.instant)
    return [*rows, conflict]


def _in_any_order(
    desk: Desk, tellings: list[Telling], winner: int
) -> tuple[list[Telling], int]:
    order = desk.chance.shuffled(range(len(tellings)))
    return [tellings[each] for each in order], order.index(winner)


def faults() -> Iterator[Fault]:
    """The faults of this kind."""
    yield Fault("request_exact_copy", request_copied)
    yield Fault("disputed_time_settled", disputed_settled)
    yield Fault("disputed_time_undecided", disputed_undecided)
    yield Fault("disputed_time_after_click", disputed_with_early_click)
    yield Fault(
        "disputed_time_settled_by_refused_click", disputed_settled_by_refused_click
    )
    yield Fault("reused_id_decided_by_click", partial(reused_id, True))
    yield Fault("reused_id_undecided", partial(reused_id, False))
    yield Fault("reused_id_and_repeat", reused_and_repeated)
    yield Fault("reused_id_clicked_again", reused_id_clicked_again)
    yield Fault("total_settled_by_click", partial(total_disputed, True))
    yield Fault("total_undecided", partial(total_disputed, False))
    yield Fault("typed_under_one_id", typed_under_one_id)
