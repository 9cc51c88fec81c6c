"""What goes wrong with the logs, one named case a search.

A case takes a search that really took place and returns the rows that the logs hold of
it, each with its right outcome. Cases never share a search, so that no fault changes
the truth of another; the outcome follows from what was planted.

How often: the counts are cards in a deck of about 2,500, one dealt for each search.
Those measured on a real site's logs keep their rates; the rarer ones stand for what a
year would bring and come often enough for a small sample to have each several times.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import cycle
from typing import Any, TypeVar

from clip_search.simulate import odd_queries, stamps, vocabulary
from clip_search.simulate.behaviour import Behaviour, Click, Search
from clip_search.simulate.chance import Chance, Deck, Quantiles
from clip_search.simulate.odd_queries import Maker, Query
from clip_search.simulate.rows import (
    REQUEST_LOG,
    LogRow,
    Scribe,
    Sighting,
    Telling,
)
from clip_search.simulate.stamps import DAY, SECOND, Form
from clip_search.simulate.world import Person, World, clip_at, clips_found

Item = TypeVar("Item")

DECK_SIZE = 2_500
LONGEST_CLICK_DELAY = DAY

_DAYS_WRONG = Quantiles((0, 2), (0.5, 90), (1, 900))


class Desk:
    """Everything that cases need: chance, the world, a scribe, and where lists stand.

    Args:
        world: Where new ids come from.
        behaviour: How people answer to results.
        chance: Decides what goes wrong, and how.
    """

    def __init__(self, world: World, behaviour: Behaviour, chance: Chance) -> None:
        self.world = world
        self.behaviour = behaviour
        self.chance = chance
        self.scribe = Scribe(chance)
        self._turns: dict[str, Iterator[Any]] = {}

    def next_of(self, name: str, items: Sequence[Item]) -> Item:
        """The next of `items`, over and over, so that each has its turn."""
        turns = self._turns.setdefault(name, cycle(items))
        item: Item = next(turns)
        return item

    def with_one_click(self, search: Search, total: int | None = None) -> Click:
        """Makes the search find something and have exactly one click, which it returns.

        Args:
            search: Changed in place.
            total: What it finds; left as it is where that is not 0.
        """
        if total is not None:
            search.total = total
        elif search.total == 0:
            search.total = self.chance.between(1, 500)
        click = self.behaviour.click(search)
        search.clicks = [click]
        return click

    def wrong_instant(self, instant: int) -> int:
        """A time days to years before or after, to the second."""
        days = self.chance.from_quantiles(_DAYS_WRONG)
        distance = days * DAY + self.chance.below(DAY // SECOND) * SECOND
        return instant + (distance if self.chance.flag(0.5) else -distance)

    def telling(
        self, search: Search, instant: int, fault: str | None, total: int | None = None
    ) -> Telling:
        """A request's row that tells of the search at `instant`."""
        stamp = self.scribe.request_stamp(search, instant=instant)
        return Telling(instant, stamp, search.total if total is None else total, fault)


Build = Callable[[Desk, Search], list[LogRow]]


@dataclass(frozen=True, slots=True)
class Case:
    """Something that can happen to a search's rows.

    Attributes:
        name: The fault's name in the answer key (None: nothing is wrong).
        count: How many cards of the deck it has.
        build: Writes the rows.
    """

    name: str | None
    count: int
    build: Build


class Mess:
    """Turns searches into rows, dealing each its case.

    Args:
        desk: What the cases work with.
        with_word_null: Adds queries for the word null, which a dbt seed cannot hold.
        with_malformed_lines: Adds lines that are no CSV records of the right width.
    """

    def __init__(
        self, desk: Desk, with_word_null: bool, with_malformed_lines: bool
    ) -> None:
        self._desk = desk
        self._cases = cases(with_word_null, with_malformed_lines)
        self._deck = Deck(desk.chance, [case.count for case in self._cases])

    def rows(self, search: Search) -> list[LogRow]:
        """The rows of both logs that tell of a search, and the truth about each.

        Crawlers are spared: their number of clean searches must be certain.
        """
        if search.person.is_automated:
            return honest(self._desk, search)
        return self._cases[self._deck.deal()].build(self._desk, search)


def honest(desk: Desk, search: Search) -> list[LogRow]:
    """A search logged as it should be, but for copies of clicks."""
    return desk.scribe.request(search) + desk.scribe.clicks(search)


# --- what was typed ---------------------------------------------------------------


def odd_query(name: str, make: Maker, desk: Desk, search: Search) -> list[LogRow]:
    """A search for something other than simple words."""
    query = make(desk.chance)
    return _search_for(desk, search, query, name)


def fixed_query(
    name: str, queries: Sequence[Query], desk: Desk, search: Search
) -> list[LogRow]:
    """A search for one of a list of odd queries, each in its turn."""
    return _search_for(desk, search, desk.next_of(name, queries), name)


def _search_for(desk: Desk, search: Search, query: Query, fault: str) -> list[LogRow]:
    search.query = query.typed
    search.total = clips_found(query.text, search.instant)
    if desk.chance.flag(odd_queries.DEAD_ENDS.get(fault, 0.1)):
        search.total = 0
    search.clicks = desk.behaviour.response(search)
    request = desk.scribe.request(search, query, fault=fault)
    return request + desk.scribe.clicks(search)


def nothing_found(desk: Desk, search: Search) -> list[LogRow]:
    """A plain query that no clip answers."""
    search.total, search.clicks = 0, []
    return desk.scribe.request(search, fault="nothing_found")


# --- how the time is written ------------------------------------------------------


def rare_form(name: str, form: Form, desk: Desk, search: Search) -> list[LogRow]:
    """All rows of a search tell the time in a form that is rare, but readable."""
    desk.with_one_click(search)
    rows = desk.scribe.request(search, form=form, fault=name)
    return rows + _named(desk.scribe.clicks(search, form), name)


def fraction_of_second(desk: Desk, search: Search) -> list[LogRow]:
    """Fractions of 1 to 9 digits, cut to milliseconds."""
    fault = "timestamp_fraction"
    click = desk.with_one_click(search)
    digits, click_digits = (desk.next_of(fault, _FRACTIONS) for _ in range(2))
    search.instant += stamps.milliseconds_of(digits)
    click.instant += stamps.milliseconds_of(click_digits)
    rows = desk.scribe.request(search, form=stamps.fraction_form(digits), fault=fault)
    form = stamps.fraction_form(click_digits)
    return rows + _named(desk.scribe.clicks(search, form), fault)


def window_edge(desk: Desk, search: Search) -> list[LogRow]:
    """The first and the last times that are plausible."""
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
    return rows + _named(desk.scribe.clicks(search, stamps.server_form), fault)


# --- values that are accepted, though they look odd ---------------------------------


def padded_values(desk: Desk, search: Search) -> list[LogRow]:
    """White space around every value but the query."""
    fault = "padded_values"
    desk.with_one_click(search)
    rows = desk.scribe.request(search, fault=fault)
    rows += _named(desk.scribe.clicks(search), fault)
    before, after = desk.next_of(fault, (("", " "), (" ", ""), ("\t", "  ")))
    for row in rows:
        spared = 1 if row.log == REQUEST_LOG else -1
        row.values = tuple(
            value if column == spared else before + value + after
            for column, value in enumerate(row.values)
        )
    return rows


def decimal_numbers(desk: Desk, search: Search) -> list[LogRow]:
    """Totals and positions that some tool wrote as decimals, or with zeros before."""
    fault = "decimal_number"
    desk.with_one_click(search, total=max(search.total, 1))
    write = desk.next_of(fault, ("{}.0", "{}.000", "0{}"))
    rows = desk.scribe.request(search, fault=fault)
    rows += _named(desk.scribe.clicks(search), fault)
    for row in rows:
        number = write.format(row.values[-1])
        row.values = (*row.values[:-1], number)
    return rows


def click_at_last_position(desk: Desk, search: Search) -> list[LogRow]:
    """The very last result is clicked."""
    click = desk.with_one_click(search, total=desk.chance.between(1, 30))
    click.position = search.total
    click.cid = clip_at(search.query, click.position)
    return desk.scribe.request(search) + _named(
        desk.scribe.clicks(search), "click_at_last_position"
    )


def click_at_time_limit(desk: Desk, search: Search) -> list[LogRow]:
    """Clicks at the first and at the last moment that still count."""
    fault = "click_at_time_limit"
    click = desk.with_one_click(search)
    early, delay = desk.next_of(
        fault, ((0, 0), (0, LONGEST_CLICK_DELAY), (900, 999), (1, 1_999))
    )
    search.instant += early
    click.instant = search.instant + delay
    form = stamps.iso_utc_form
    rows = desk.scribe.request(search, form=form)
    return rows + _named(desk.scribe.clicks(search, form), fault)


def odd_id(desk: Desk, search: Search) -> list[LogRow]:
    """Ids of as many digits as a card has are ids all the same."""
    fault = "id_like_personal_data"
    kind = desk.next_of(fault, ("card", "cid"))
    click = desk.with_one_click(search)
    if kind == "card":
        search.person = replace(search.person, cuid=odd_queries.card(desk.chance))
        return _named(desk.scribe.request(search), fault) + desk.scribe.clicks(search)
    click.cid = odd_queries.card(desk.chance)
    return desk.scribe.request(search) + _named(desk.scribe.clicks(search), fault)


# --- requests that are refused ----------------------------------------------------


def bad_request(
    fault: str, reason: str, options: Sequence[dict[str, str]], desk: Desk, s: Search
) -> list[LogRow]:
    """A request that is refused row by row; its clicks are orphans for that."""
    return _refused_request(desk, s, fault, reason, desk.next_of(fault, options))


def badly_timed_request(
    reason: str, texts: Sequence[str | Callable[[int], str]], desk: Desk, s: Search
) -> list[LogRow]:
    """A request whose time is no use."""
    fault = f"request_{reason}"
    text = _text_at(desk.next_of(fault, texts), s.instant)
    return _refused_request(desk, s, fault, reason, {"ts": text})


# --- search_ids that come more than once ------------------------------------------


def request_copied(desk: Desk, search: Search) -> list[LogRow]:
    """A request logged twice, to the letter."""
    telling = desk.telling(search, search.instant, None)
    copy = replace(telling, fault="request_exact_copy")
    return desk.scribe.requests(search, [telling, copy]) + desk.scribe.clicks(search)


def disputed_settled(desk: Desk, search: Search) -> list[LogRow]:
    """A request told with several times; the clicks show which one is true."""
    desk.with_one_click(search)
    rows = _disputed(desk, search, "disputed_time_settled", None)
    return rows + desk.scribe.clicks(search)


def disputed_undecided(desk: Desk, search: Search) -> list[LogRow]:
    """A request told with several times and no click: the earliest is taken."""
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
        search, tellings, winner, is_ts_disputed=choose is not None
    )


def disputed_with_early_click(desk: Desk, search: Search) -> list[LogRow]:
    """A request told with two times, both later than its only click: undecided."""
    fault = "disputed_time_after_click"
    click = desk.with_one_click(search)
    later = search.instant + desk.chance.between(2, 400) * DAY
    click.instant = search.instant - desk.chance.between(1, 600) * SECOND
    tellings = [
        desk.telling(search, search.instant, None),
        desk.telling(search, later, fault),
    ]
    rows = desk.scribe.requests(search, tellings, is_ts_disputed=True)
    rejected = desk.scribe.rejected_click(search, click, "click_before_search", fault)
    return [*rows, rejected]


def disputed_settled_by_refused_click(desk: Desk, search: Search) -> list[LogRow]:
    """A request told with two times; a click that is refused later on still decides."""
    fault = "disputed_time_settled_by_refused_click"
    click = desk.with_one_click(search, total=desk.chance.between(1, 40))
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
    differs = desk.next_of(fault, ("query", "user", "both"))
    person, query = search.person, search.query
    if differs != "query":
        person = desk.world.new_person()
    if differs != "user":
        while query == search.query:
            query = vocabulary.query(desk.chance)
    instant = desk.wrong_instant(search.instant)
    other = Search(search.search_id, person, instant, query, 0)
    other.total = clips_found(query, instant)
    reason = "conflicting_search_id"
    conflict = desk.scribe.rejected_request(other, reason, fault)
    # It reaches the file with the search, however wrong the time is that it tells.
    conflict.arrival = desk.scribe.arrival(search.instant)
    if decided:
        desk.with_one_click(search)
        return [conflict, *honest(desk, search)]
    first = desk.scribe.rejected_request(search, reason, fault)
    rows = [first, conflict]
    if desk.next_of("reused_id_unreadable_click", (False, False, True)):
        click = desk.with_one_click(search)
        rows.append(
            desk.scribe.rejected_click(
                search, click, "timestamp_unreadable", fault, ts="yesterday"
            )
        )
    return rows


def reused_and_repeated(desk: Desk, search: Search) -> list[LogRow]:
    """A search_id with a repeat of the true request and with another user's."""
    fault = "reused_id_and_repeat"
    desk.with_one_click(search)
    wrong = desk.telling(search, desk.wrong_instant(search.instant), fault)
    tellings = [desk.telling(search, search.instant, None), wrong]
    rows = desk.scribe.requests(search, tellings) + desk.scribe.clicks(search)
    stranger = replace(search, person=desk.world.new_person())
    stranger.instant = search.instant + desk.chance.between(2, 300) * DAY
    conflict = desk.scribe.rejected_request(stranger, "conflicting_search_id", fault)
    conflict.arrival = desk.scribe.arrival(search.instant)
    return [*rows, conflict]


# --- clicks that are refused or folded --------------------------------------------


def bad_click(
    fault: str, reason: str, options: Sequence[dict[str, str]], desk: Desk, s: Search
) -> list[LogRow]:
    """A click that is refused row by row."""
    return _refused_click(desk, s, fault, reason, desk.next_of(fault, options))


def badly_timed_click(
    reason: str, texts: Sequence[str | Callable[[int], str]], desk: Desk, s: Search
) -> list[LogRow]:
    """A click whose time is no use."""
    fault = f"click_{reason}"
    text = _text_at(desk.next_of(fault, texts), s.instant)
    return _refused_click(desk, s, fault, reason, {"ts": text})


def request_not_logged(desk: Desk, search: Search) -> list[LogRow]:
    """Clicks of a search that the other log knows nothing of."""
    desk.with_one_click(search)
    return desk.scribe.orphans(search, "request_not_logged")


def click_before_search(desk: Desk, search: Search) -> list[LogRow]:
    """A click that comes too early; often the same clip is clicked again in time."""
    fault = "click_before_search"
    early, is_clicked_again = desk.next_of(
        fault, ((1, True), (5 * SECOND, False), (3 * DAY, True), (999, False))
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
    """A click more than a day after the search; some had clicked it in time, too."""
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
    """A click on a result that the search cannot have had."""
    fault = "position_beyond_total"
    found = desk.next_of(fault, (None, 0, None))
    search.total = desk.chance.between(1, 40) if found is None else found
    position = search.total + desk.next_of("beyond", (1, 7, 5_000))
    cid = clip_at(search.query, position)
    click = Click(search.instant + 9 * SECOND, cid, position)
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
    """One moment's click told twice: in another form, with the result further down."""
    fault = "same_click_told_otherwise"
    click = desk.with_one_click(search, total=max(search.total, 2))
    click.position = min(click.position, search.total - 1)
    click.cid = clip_at(search.query, click.position)
    first = Sighting(
        click.instant, desk.scribe.click_stamp(search, click.instant), click.position
    )
    form = desk.next_of(fault, (stamps.iso_utc_form, stamps.epoch_seconds_form))
    other = Sighting(click.instant, form(click.instant, 0), click.position + 1, fault)
    rows = desk.scribe.request(search)
    return rows + desk.scribe.click_group(search, click.cid, [other, first])


# --- lines that are no records ----------------------------------------------------


def malformed_request(desk: Desk, search: Search) -> list[LogRow]:
    """A line of the request log that is cut, too wide, unclosed, or holds a NUL."""
    fault = "malformed_request"
    write = desk.next_of(fault, _MALFORMED)
    row = desk.scribe.rejected_request(search, "malformed_line", fault)
    row.line = write(row.values)
    return [row, *desk.scribe.orphans(search, "click_of_rejected_request")]


def malformed_click(desk: Desk, search: Search) -> list[LogRow]:
    """A line of the click log that is cut, too wide, unclosed, or holds a NUL."""
    fault = "malformed_click"
    click = desk.with_one_click(search)
    write = desk.next_of(fault, _MALFORMED)
    row = desk.scribe.rejected_click(search, click, "malformed_line", fault)
    row.line = write(row.values)
    return [*desk.scribe.request(search), row]


def _named(rows: list[LogRow], fault: str) -> list[LogRow]:
    for row in rows:
        row.fault = row.fault or fault
    return rows


def _refused_request(
    desk: Desk, search: Search, fault: str, reason: str, values: dict[str, str]
) -> list[LogRow]:
    row = desk.scribe.rejected_request(search, reason, fault, **values)
    return [row, *desk.scribe.orphans(search, "click_of_rejected_request")]


def _refused_click(
    desk: Desk, search: Search, fault: str, reason: str, values: dict[str, str]
) -> list[LogRow]:
    click = desk.with_one_click(search)
    row = desk.scribe.rejected_click(search, click, reason, fault, **values)
    return [*desk.scribe.request(search), row]


def _text_at(text: str | Callable[[int], str], instant: int) -> str:
    return text if isinstance(text, str) else text(instant)


def _in_any_order(
    desk: Desk, tellings: list[Telling], winner: int
) -> tuple[list[Telling], int]:
    order = desk.chance.shuffled(range(len(tellings)))
    return [tellings[each] for each in order], order.index(winner)


_FRACTIONS = (
    "5", "25", "999", "9996", "00049", "123456", "9999999", "12345678", "999999999",
)  # fmt: skip

_MALFORMED: tuple[Callable[[Sequence[str]], str], ...] = (
    lambda values: ",".join(values[:-2]),
    lambda values: ",".join([*values, "extra"]),
    lambda values: ",".join([values[0], '"' + values[1], *values[2:]]),
    lambda values: ",".join([values[0], values[1] + "\0", *values[2:]]),
    lambda values: values[0],
)

_RARE_FORMS: dict[str, Form] = {
    "timestamp_iso_utc": stamps.iso_utc_form,
    "timestamp_iso_utc_spaced": stamps.iso_utc_spaced_form,
    "timestamp_iso_offset": stamps.iso_offset_form,
    "timestamp_iso_spaced_offset": stamps.iso_spaced_offset_form,
    "timestamp_hour_offset": stamps.hour_offset_form,
    "timestamp_epoch_seconds": stamps.epoch_seconds_form,
    "timestamp_epoch_milliseconds": stamps.epoch_milliseconds_form,
}

_TIMES: dict[str, Sequence[str | Callable[[int], str]]] = {
    "timestamp_unreadable": stamps.UNREADABLE,
    "timestamp_impossible": stamps.IMPOSSIBLE,
    "timestamp_without_zone": stamps.WITHOUT_ZONE,
    "timestamp_out_of_window": stamps.OUT_OF_WINDOW,
}

_TOO_LONG = "x" * (odd_queries.LONGEST_VALUE + 1)
_LONG_QUERY = odd_queries.long_query(odd_queries.LONGEST_VALUE + 1)
_NO_VALUE = ("", " ", "\t", "  \v ")
_PERSONAL_IDS = ("anna.kova@example.com", "203.0.113.7", "+1 415 555 0123")

_BAD_REQUESTS: tuple[tuple[str, str, int, Sequence[dict[str, str]]], ...] = (
    (
        "request_too_long", "malformed_line", 3,
        ({"search_query": _LONG_QUERY}, {"cuid": _TOO_LONG}, {"search_id": _TOO_LONG}),
    ),
    (
        "request_without_search_id", "missing_search_id", 5,
        [{"search_id": none} for none in _NO_VALUE],
    ),
    (
        "request_without_cuid", "missing_cuid", 5,
        [{"cuid": none} for none in _NO_VALUE],
    ),
    (
        "request_personal_cuid", "missing_cuid", 3,
        [{"cuid": personal} for personal in _PERSONAL_IDS],
    ),
    (
        "request_without_query", "missing_query", 6,
        [{"search_query": none} for none in _NO_VALUE],
    ),
    (
        "request_total_invalid", "invalid_total", 9,
        [
            {"total": total}
            for total in (
                "many", "-5", "12.5", "", "1,024", "1e3", "+7", "1234567890", "12.",
            )
        ],
    ),
    (
        "request_several_faults", "missing_search_id", 3,
        (
            {"search_id": "", "cuid": " ", "search_query": "", "total": "many"},
            {"search_id": " ", "ts": "yesterday"},
        ),
    ),
    (
        "request_cuid_and_more", "missing_cuid", 3,
        ({"cuid": "", "search_query": "", "ts": "NaN"}, {"cuid": " ", "total": "-1"}),
    ),
    (
        "request_query_and_more", "missing_query", 3,
        ({"search_query": " ", "total": "many"}, {"search_query": "", "ts": "2020-13"}),
    ),
    (
        "request_total_and_more", "invalid_total", 3,
        ({"total": "many", "ts": "yesterday"}, {"total": "", "ts": "0000000000"}),
    ),
)  # fmt: skip

_BAD_CLICKS: tuple[tuple[str, str, int, Sequence[dict[str, str]]], ...] = (
    (
        "click_too_long", "malformed_line", 3,
        ({"cid": _TOO_LONG}, {"search_id": _TOO_LONG}, {"position": _TOO_LONG}),
    ),
    (
        "click_without_search_id", "missing_search_id", 5,
        [{"search_id": none} for none in _NO_VALUE],
    ),
    (
        "click_without_cid", "missing_cid", 5,
        [{"cid": none} for none in _NO_VALUE],
    ),
    (
        "click_personal_cid", "missing_cid", 3,
        [{"cid": personal} for personal in _PERSONAL_IDS],
    ),
    (
        "click_position_invalid", "invalid_position", 10,
        [
            {"position": position}
            for position in (
                "abc", "-1", "", "2.5", "1e3", "+3", "1234567890", "2.", "first", "٣",
            )
        ],
    ),
    (
        "click_position_below_one", "position_below_one", 5,
        ({"position": "0"}, {"position": "0.0"}, {"position": "000"}),
    ),
    (
        "click_several_faults", "missing_search_id", 3,
        ({"search_id": "", "cid": "", "position": "abc"}, {"search_id": " ", "ts": ""}),
    ),
    (
        "click_cid_and_more", "missing_cid", 3,
        ({"cid": "", "position": "abc", "ts": "NaN"}, {"cid": " ", "position": "0"}),
    ),
    (
        "click_position_and_more", "invalid_position", 3,
        ({"position": "", "ts": "yesterday"}, {"position": "x", "search_id": "gone"}),
    ),
    (
        "click_below_one_and_more", "position_below_one", 3,
        ({"position": "0", "ts": "2020-13"}, {"position": "0", "search_id": "gone"}),
    ),
)  # fmt: skip

_ODD_QUERY_COUNTS = {
    "email": 30,
    "email_in_text": 4,
    "ipv4": 10,
    "ipv4_in_text": 3,
    "url": 53,
    "everyday_words": 48,
    "run_together": 97,
    "misspelling": 91,
    "longest_query": 3,
}
_USUAL_COUNT = 4


def cases(with_word_null: bool, with_malformed_lines: bool) -> list[Case]:
    """All cases, filled up with searches that are logged as they should be.

    Args:
        with_word_null: Also queries for the word null.
        with_malformed_lines: Also lines that are no records.
    """
    dealt = [
        *_query_cases(),
        *_time_cases(),
        *_request_cases(),
        *_click_cases(),
    ]
    if with_word_null:
        build = partial(fixed_query, "word_null", [odd_queries.WORD_NULL])
        dealt.append(Case("word_null", _USUAL_COUNT, build))
    if with_malformed_lines:
        dealt.append(Case("malformed_request", len(_MALFORMED), malformed_request))
        dealt.append(Case("malformed_click", len(_MALFORMED), malformed_click))
    planted = sum(case.count for case in dealt)
    return [Case(None, DECK_SIZE - planted, honest), *dealt]


def _query_cases() -> Iterator[Case]:
    for name, make in odd_queries.makers().items():
        count = _ODD_QUERY_COUNTS.get(name, _USUAL_COUNT)
        yield Case(name, count, partial(odd_query, name, make))
    for name, queries in odd_queries.FIXED.items():
        count = max(_USUAL_COUNT, len(queries))
        yield Case(name, count, partial(fixed_query, name, queries))
    yield Case("nothing_found", 5, nothing_found)


def _time_cases() -> Iterator[Case]:
    for name, form in _RARE_FORMS.items():
        yield Case(name, 5, partial(rare_form, name, form))
    yield Case("timestamp_fraction", 9, fraction_of_second)
    yield Case("timestamp_window_edge", 4, window_edge)
    yield Case("timestamp_offset_edge", 4, offset_edge)
    for reason, texts in _TIMES.items():
        count = max(_USUAL_COUNT, len(texts))
        build = partial(badly_timed_request, reason, texts)
        yield Case(f"request_{reason}", count, build)
        build = partial(badly_timed_click, reason, texts)
        yield Case(f"click_{reason}", count, build)


def _request_cases() -> Iterator[Case]:
    yield Case("padded_values", 4, padded_values)
    yield Case("decimal_number", 6, decimal_numbers)
    yield Case("id_like_personal_data", 6, odd_id)
    for name, reason, count, options in _BAD_REQUESTS:
        yield Case(name, count, partial(bad_request, name, reason, options))
    yield Case("request_exact_copy", 4, request_copied)
    yield Case("disputed_time_settled", 70, disputed_settled)
    yield Case("disputed_time_undecided", 18, disputed_undecided)
    yield Case("disputed_time_after_click", 3, disputed_with_early_click)
    yield Case(
        "disputed_time_settled_by_refused_click", 3, disputed_settled_by_refused_click
    )
    yield Case("reused_id_decided_by_click", 6, partial(reused_id, True))
    yield Case("reused_id_undecided", 6, partial(reused_id, False))
    yield Case("reused_id_and_repeat", 3, reused_and_repeated)


def _click_cases() -> Iterator[Case]:
    yield Case("click_at_last_position", 4, click_at_last_position)
    yield Case("click_at_time_limit", 4, click_at_time_limit)
    for name, reason, count, options in _BAD_CLICKS:
        yield Case(name, count, partial(bad_click, name, reason, options))
    yield Case("request_not_logged", 92, request_not_logged)
    yield Case("click_before_search", 5, click_before_search)
    yield Case("click_too_late", 5, click_too_late)
    yield Case("position_beyond_total", 5, position_beyond_total)
    yield Case("clicked_again_later", 6, clicked_again)
    yield Case("same_click_told_otherwise", 4, same_click_told_otherwise)
