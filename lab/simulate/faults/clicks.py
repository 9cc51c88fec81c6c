"""Clicks that do not match their search, or are repeated."""

from collections.abc import Iterator
from dataclasses import replace

from lab.simulate import stamps
from lab.simulate.behaviour import Click, Search
from lab.simulate.faults.accepted import CLOCK_SKEW, LONGEST_CLICK_DELAY
from lab.simulate.faults.desk import Desk, Fault
from lab.simulate.rows import LogRow, Sighting
from lab.simulate.stamps import DAY, SECOND


def request_not_logged(desk: Desk, search: Search) -> list[LogRow]:
    """Clicks of a search that is missing from the other log."""
    desk.with_one_click(search)
    return desk.scribe.orphans(search, "request_not_logged")


def click_before_search(desk: Desk, search: Search) -> list[LogRow]:
    """A click before its search; often the same clip is clicked again in time."""
    fault = "click_before_search"
    early, is_clicked_again = desk.next_of(
        fault,
        (
            (CLOCK_SKEW + 1, True),
            (5 * SECOND, False),
            (3 * DAY, True),
            (CLOCK_SKEW + 999, False),
        ),
    )
    click = desk.with_one_click(search)
    wrong = replace(click, instant=search.instant - early)
    rejected = desk.scribe.rejected_click(
        search, wrong, fault, fault,
        ts=stamps.iso_utc_form(wrong.instant, 0).text,
    )  # fmt: skip
    rows = [*desk.scribe.request(search), rejected]
    return rows + desk.scribe.clicks(search) if is_clicked_again else rows


def click_too_late(desk: Desk, search: Search) -> list[LogRow]:
    """A click more than a day after the search, sometimes also one in time."""
    fault = "click_too_late"
    late, was_clicked = desk.next_of(
        fault, ((1, False), (SECOND, True), (2 * DAY, True), (25 * DAY, False))
    )
    click = desk.with_one_click(search)
    wrong = replace(click, instant=search.instant + LONGEST_CLICK_DELAY + late)
    rejected = desk.scribe.rejected_click(
        search, wrong, fault, fault,
        ts=stamps.iso_utc_form(wrong.instant, 0).text,
    )  # fmt: skip
    rows = [*desk.scribe.request(search), rejected]
    return rows + desk.scribe.clicks(search) if was_clicked else rows


def position_beyond_total(desk: Desk, search: Search) -> list[LogRow]:
    """A click on a result beyond the search's total."""
    fault = "position_beyond_total"
    if desk.next_of(fault, (True, False, True)):
        click = desk.with_one_click(search)
    else:
        desk.look_for_nothing(search)
        cid = desk.world.clip_at(search.query, 1, search.ranking).cid
        click = Click(search.instant + 9 * SECOND, cid, 0)
    click.position = search.total + desk.next_of("beyond", (1, 7, 5_000))
    rejected = desk.scribe.rejected_click(search, click, fault, fault)
    return [*desk.scribe.request(search), rejected]


def clicked_again(desk: Desk, search: Search) -> list[LogRow]:
    """The same result clicked again, minutes or hours later."""
    fault = "clicked_again_later"
    click = desk.with_one_click(search)
    later = click.instant + desk.chance.between(20, 15_000) * SECOND
    repeat = Sighting(
        later, desk.scribe.click_stamp(search, later), click.position, fault
    )
    sightings = [*desk.scribe.sightings(search, click), repeat]
    if desk.next_of(fault, (False, True)):
        sightings.append(replace(repeat, fault="exact_copy"))
    rows = desk.scribe.request(search)
    return rows + desk.scribe.click_group(search, click.cid, sightings)


def same_click_told_otherwise(desk: Desk, search: Search) -> list[LogRow]:
    """One click logged twice: in another form, with the result further down."""
    fault = "same_click_told_otherwise"
    click = desk.with_one_click(search, least=2)
    click.position = min(click.position, search.total - 1)
    click.cid = desk.world.clip_at(search.query, click.position, search.ranking).cid
    first = Sighting(
        click.instant, desk.scribe.click_stamp(search, click.instant), click.position
    )
    form = desk.next_of(fault, (stamps.iso_utc_form, stamps.epoch_seconds_form))
    other = Sighting(click.instant, form(click.instant, 0), click.position + 1, fault)
    rows = desk.scribe.request(search)
    return rows + desk.scribe.click_group(search, click.cid, [other, first])


def faults() -> Iterator[Fault]:
    """The faults of this kind."""
    yield Fault("request_not_logged", request_not_logged)
    yield Fault("click_before_search", click_before_search)
    yield Fault("click_too_late", click_too_late)
    yield Fault("position_beyond_total", position_beyond_total)
    yield Fault("clicked_again_later", clicked_again)
    yield Fault("same_click_told_otherwise", same_click_told_otherwise)
