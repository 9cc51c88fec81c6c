"""Rows that are rejected on their own: a value is missing or not a number."""

from collections.abc import Iterator, Sequence
from functools import partial

from lab.simulate.behaviour import Search
from lab.simulate.faults.desk import USUAL_COUNT, Desk, Fault
from lab.simulate.query import long_query
from lab.simulate.rows import LogRow

LONGEST_VALUE = 2_048
"""The maximum length of a value; one character more makes its row malformed."""

LONGEST_QUERY = LONGEST_VALUE
"""The maximum length of a query in a row that is accepted."""


def bad_request(
    fault: str, reason: str, options: Sequence[dict[str, str]], desk: Desk, s: Search
) -> list[LogRow]:
    """A request that is rejected on its own, which makes its clicks orphans."""
    return refused_request(desk, s, fault, reason, desk.next_of(fault, options))


def personal_cuid(desk: Desk, search: Search) -> list[LogRow]:
    """A request whose user id is personal data, and therefore missing."""
    fault = "request_personal_cuid"
    search.personal = (desk.next_of(fault, _PERSONAL_IDS),)
    cuid = {"cuid": search.personal[0]}
    return refused_request(desk, search, fault, "missing_cuid", cuid)


def bad_click(
    fault: str, reason: str, options: Sequence[dict[str, str]], desk: Desk, s: Search
) -> list[LogRow]:
    """A click that is rejected on its own."""
    return refused_click(desk, s, fault, reason, desk.next_of(fault, options))


def personal_cid(desk: Desk, search: Search) -> list[LogRow]:
    """A click whose clip id is personal data, and therefore missing."""
    fault = "click_personal_cid"
    search.personal = (desk.next_of(fault, _PERSONAL_IDS),)
    return refused_click(
        desk, search, fault, "missing_cid", {"cid": search.personal[0]}
    )


def refused_request(
    desk: Desk, search: Search, fault: str, reason: str, values: dict[str, str]
) -> list[LogRow]:
    """A request with some values replaced, and its clicks, which become orphans."""
    row = desk.scribe.rejected_request(search, reason, fault, **values)
    return [row, *desk.scribe.orphans(search, "click_of_rejected_request")]


def refused_click(
    desk: Desk, search: Search, fault: str, reason: str, values: dict[str, str]
) -> list[LogRow]:
    """A search with one click, some of whose values are replaced."""
    click = desk.with_one_click(search)
    row = desk.scribe.rejected_click(search, click, reason, fault, **values)
    return [*desk.scribe.request(search), row]


_TOO_LONG = "x" * (LONGEST_VALUE + 1)

_LONG_QUERY = long_query(LONGEST_VALUE + 1)

_NO_VALUE = ("", " ", "\t", "  \v ")

_PERSONAL_IDS = ("anna.kova@example.com", "203.0.113.7", "+1 415 555 0123")

_BAD_REQUESTS: tuple[tuple[str, str, Sequence[dict[str, str]]], ...] = (
    (
        "request_too_long", "malformed_line",
        ({"search_query": _LONG_QUERY}, {"cuid": _TOO_LONG}, {"search_id": _TOO_LONG}),
    ),
    (
        "request_without_search_id", "missing_search_id",
        [{"search_id": none} for none in _NO_VALUE],
    ),
    (
        "request_without_cuid", "missing_cuid",
        [{"cuid": none} for none in _NO_VALUE],
    ),
    (
        "request_without_query", "missing_query",
        [{"search_query": none} for none in _NO_VALUE],
    ),
    (
        "request_placeholder_id", "placeholder_id",
        (
            {"search_id": "undefined"}, {"cuid": "NaN"}, {"search_id": "0"},
            {"search_id": "00000000-0000-0000-0000-000000000000"}, {"cuid": "\\N"},
            {"cuid": "Undefined", "total": "many"},
        ),
    ),
    (
        "request_total_invalid", "invalid_total",
        [
            {"total": total}
            for total in (
                "many", "-5", "12.5", "12,5", "1,024", "1e3", "+7", "1234567890", "12.",
            )
        ],
    ),
    (
        "request_several_faults", "missing_search_id",
        (
            {"search_id": "", "cuid": " ", "search_query": "", "total": "many"},
            {"search_id": " ", "ts": "yesterday"},
        ),
    ),
    (
        "request_cuid_and_more", "missing_cuid",
        ({"cuid": "", "search_query": "", "ts": "NaN"}, {"cuid": " ", "total": "-1"}),
    ),
    (
        "request_query_and_more", "missing_query",
        ({"search_query": " ", "total": "many"}, {"search_query": "", "ts": "2020-13"}),
    ),
    (
        "request_total_and_more", "invalid_total",
        ({"total": "many", "ts": "yesterday"}, {"total": "?", "ts": "0000000000"}),
    ),
)  # fmt: skip

_BAD_CLICKS: tuple[tuple[str, str, Sequence[dict[str, str]]], ...] = (
    (
        "click_too_long", "malformed_line",
        ({"cid": _TOO_LONG}, {"search_id": _TOO_LONG}, {"position": _TOO_LONG}),
    ),
    (
        "click_without_search_id", "missing_search_id",
        [{"search_id": none} for none in _NO_VALUE],
    ),
    (
        "click_without_cid", "missing_cid",
        [{"cid": none} for none in _NO_VALUE],
    ),
    (
        "click_placeholder_id", "placeholder_id",
        (
            {"search_id": "undefined"}, {"cid": "NaN"}, {"search_id": "-1"},
            {"cid": "undefined", "position": "abc"},
        ),
    ),
    (
        "click_position_invalid", "invalid_position",
        [
            {"position": position}
            for position in (
                "abc", "-1", "", "2.5", "1e3", "+3", "1234567890", "2.", "first", "٣",
            )
        ],
    ),
    (
        "click_position_below_one", "position_below_one",
        ({"position": "0"}, {"position": "0.0"}, {"position": "000"}),
    ),
    (
        "click_several_faults", "missing_search_id",
        ({"search_id": "", "cid": "", "position": "abc"}, {"search_id": " ", "ts": ""}),
    ),
    (
        "click_cid_and_more", "missing_cid",
        ({"cid": "", "position": "abc", "ts": "NaN"}, {"cid": " ", "position": "0"}),
    ),
    (
        "click_position_and_more", "invalid_position",
        ({"position": "", "ts": "yesterday"}, {"position": "x", "search_id": "gone"}),
    ),
    (
        "click_below_one_and_more", "position_below_one",
        ({"position": "0", "ts": "2020-13"}, {"position": "0", "search_id": "gone"}),
    ),
)  # fmt: skip


def _count(options: Sequence[dict[str, str]]) -> int:
    """Enough for each of the options to occur."""
    return max(USUAL_COUNT, len(options))


def faults() -> Iterator[Fault]:
    """The faults of this kind."""
    for name, reason, options in _BAD_REQUESTS:
        yield Fault(name, partial(bad_request, name, reason, options), _count(options))
    yield Fault("request_personal_cuid", personal_cuid)
    yield Fault("click_personal_cid", personal_cid)
    for name, reason, options in _BAD_CLICKS:
        yield Fault(name, partial(bad_click, name, reason, options), _count(options))
