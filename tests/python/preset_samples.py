"""Samples of 200 records in the shape of each producer, with ten planted faults.

What each record means is known before it is written, so the answer key does not depend
on any mapping.
"""

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

START = 1_583_846_671_257
DAY = 86_400_000
QUERIES = ("jaws", "jaws trailer", "blade runner", "Amélie", "heat 1995")
SEARCHES, CLICKS, OTHERS = 110, 70, 10

Record = dict[str, Any]


@dataclass(frozen=True)
class Search:
    """A search; None is what was not logged."""

    number: int
    user: str | None
    text: str | None
    at: int | str
    total: int | str = 40

    @property
    def search_id(self) -> str:
        return f"q{self.number:05}"

    @property
    def session(self) -> int:
        return 1_583_840_000 + self.number // 5


@dataclass(frozen=True)
class Click:
    """A click on a result of a search."""

    search: Search
    at: int
    cid: str | None
    position: int | str


Event = Search | Click | None


def iso(at: int | str) -> str:
    """Milliseconds since 1970 as a time; text as it is."""
    if isinstance(at, str):
        return at
    return f"{datetime.fromtimestamp(at / 1000, UTC):%Y-%m-%dT%H:%M:%S}.{at % 1000:03}Z"


def local(at: int | str) -> str:
    """The same with a space and without a zone, as databases write it."""
    return iso(at).replace("T", " ").removesuffix("Z")


def microseconds(at: int | str) -> str:
    return at if isinstance(at, str) else str(1000 * at)


def given(**values: Any) -> Record:
    """A record without the values that are missing."""
    return {name: value for name, value in values.items() if value is not None}


def parameter(key: str, value: Any) -> Record:
    kind = "int_value" if isinstance(value, int) else "string_value"
    return {"key": key, "value": {kind: value}}


def _position(click: Click, first: int) -> int | str:
    """The position as a producer counts it, from `first`."""
    return (
        click.position
        if isinstance(click.position, str)
        else click.position - 1 + first
    )


def ubi(event: Event) -> Record:
    if isinstance(event, Search):
        return given(
            query_id=event.search_id, client_id=event.user, user_query=event.text,
            timestamp=iso(event.at), query_attributes={"total": event.total},
        )  # fmt: skip
    if event is None:
        return {"action_name": "add_to_cart", "client_id": "u1", "timestamp": START}
    return given(
        action_name="click", query_id=event.search.search_id,
        client_id=event.search.user, timestamp=event.at,
        event_attributes={
            "object": given(object_id=event.cid),
            "position": {"ordinal": _position(event, 0)},
        },
    )  # fmt: skip


def ga4(event: Event) -> Record:
    if isinstance(event, Search):
        asked = [] if event.text is None else [parameter("search_term", event.text)]
        return given(
            event_name="view_search_results", event_timestamp=microseconds(event.at),
            user_pseudo_id=event.user, items=[],
            event_params=[
                parameter("ga_session_id", event.session), *asked,
                parameter("search_results", event.total),
            ],
        )  # fmt: skip
    if event is None:
        return {"event_name": "scroll", "event_timestamp": microseconds(START)}
    return given(
        event_name="select_item", event_timestamp=microseconds(event.at),
        user_pseudo_id=event.search.user,
        event_params=[parameter("ga_session_id", event.search.session)],
        items=[given(item_id=event.cid, item_list_index=_position(event, 0))],
    )  # fmt: skip


def generic(event: Event) -> Record:
    if isinstance(event, Search):
        return given(
            event="search", queryId=event.search_id, userId=event.user, q=event.text,
            time=event.at, hits={"value": event.total, "relation": "eq"}
            if isinstance(event.total, int) else event.total,
        )  # fmt: skip
    if event is None:
        return {"event": "login", "userId": "u1"}
    return given(
        event="click", queryId=event.search.search_id, time=event.at,
        doc_id=event.cid, rank=_position(event, 1),
    )  # fmt: skip


def algolia(event: Event) -> Record:
    if isinstance(event, Search):
        return given(
            queryID=event.search_id, userToken=event.user, query=event.text,
            timestamp=event.at, nbHits=event.total,
        )  # fmt: skip
    if event is None:
        return {"eventType": "view", "objectIDs": ["c1"], "userToken": "u1"}
    return given(
        eventType="click", queryID=event.search.search_id, timestamp=event.at,
        objectIDs=[event.cid], positions=[_position(event, 1)],
    )  # fmt: skip


def snowplow(event: Event) -> Record:
    if isinstance(event, Search):
        terms = event.text.split(" ") if event.text else []
        return given(
            event_name="site_search", domain_userid=event.user,
            domain_sessionid=str(event.session), derived_tstamp=local(event.at),
            unstruct_event_com_snowplowanalytics_snowplow_site_search_1={
                "terms": terms, "totalResults": event.total,
            },
        )  # fmt: skip
    if event is None:
        return {"event_name": "page_ping", "domain_userid": "u1"}
    return given(
        event_name="link_click", domain_userid=event.search.user,
        domain_sessionid=str(event.search.session), derived_tstamp=local(event.at),
        contexts_com_example_search_result_1=[
            given(id=event.cid, position=_position(event, 1))
        ],
    )  # fmt: skip


def coveo(event: Event) -> Record:
    if isinstance(event, Search):
        return given(
            searchQueryUid=event.search_id, clientId=event.user, queryText=event.text,
            datetime=local(event.at), numberOfResults=event.total,
        )  # fmt: skip
    if event is None:
        return {"eventType": "getMoreResults", "clientId": "u1"}
    return given(
        searchQueryUid=event.search.search_id, datetime=local(event.at),
        contentIdValue=event.cid, documentPosition=_position(event, 1),
    )  # fmt: skip


def lucidworks(event: Event) -> Record:
    if isinstance(event, Search):
        return given(
            type="response", fusion_query_id=event.search_id, user_id=event.user,
            query=event.text, timestamp_tdt=iso(event.at), hits_l=event.total,
        )  # fmt: skip
    if event is None:
        return {"type": "login", "user_id": "u1"}
    return given(
        type="click", fusion_query_id=event.search.search_id, doc_id=event.cid,
        timestamp_tdt=iso(event.at), res_pos=_position(event, 0),
    )  # fmt: skip


def segment(event: Event) -> Record:
    if isinstance(event, Search):
        return given(
            event="Products Searched", anonymousId=event.user, timestamp=iso(event.at),
            context={"sessionId": event.session},
            properties=given(query=event.text, results_count=event.total),
        )  # fmt: skip
    if event is None:
        return {"event": "Product Added", "anonymousId": "u1"}
    return given(
        event="Product Clicked", anonymousId=event.search.user,
        timestamp=iso(event.at), context={"sessionId": event.search.session},
        properties=given(product_id=event.cid, position=_position(event, 1)),
    )  # fmt: skip


def elastic(event: Event) -> Record:
    if isinstance(event, Search):
        return given(
            event={"action": "search"}, user=given(id=event.user),
            session=given(id=event.user and f"{event.user}-{event.session}"),
            search=given(query=event.text, results={"total_results": event.total}),
            **{"@timestamp": iso(event.at)},
        )  # fmt: skip
    if event is None:
        return {"event": {"action": "page_view"}, "user": {"id": "u1"}}
    shown = [f"x{place}" for place in range(1, 40)]
    if isinstance(event.position, int):
        shown[event.position - 1] = str(event.cid)
    user = event.search.user
    return given(
        event={"action": "search_click"}, user={"id": user},
        session={"id": f"{user}-{event.search.session}"},
        document=given(id=event.cid),
        search={"results": {"items": [{"document": {"id": each}} for each in shown]}},
        **{"@timestamp": iso(event.at)},
    )  # fmt: skip


def solr(event: Event) -> str:
    if not isinstance(event, Search):
        return f"{local(START)} INFO  (main) [ ] o.a.s.c.CoreContainer Loaded"
    parameters = given(
        q=event.text, userId=event.user, searchId=event.search_id, rows=10
    )
    return (
        f"{local(event.at)} INFO  (qtp-1) [ x:clips] o.a.s.c.S.Request [clips]"
        f"  webapp=/solr path=/select params={{{urlencode(parameters)}}}"
        f" hits={event.total} status=0 QTime=3"
    )


@dataclass
class Sample:
    """A file of 200 records, and what must happen to them.

    Attributes:
        text: The file.
        rows: How many rows each log gets.
        left_out: How many records belong to no log.
        outcomes: How many rows of each log end in each outcome, or reject reason.
        clicked: Text, clip and position (from 1) of each clean click.
    """

    text: str
    rows: Counter[str] = field(default_factory=Counter)
    left_out: int = 0
    outcomes: Counter[tuple[str, str]] = field(default_factory=Counter)
    clicked: Counter[tuple[str, str, int]] = field(default_factory=Counter)


PRODUCERS: dict[str, Callable[[Event], Record]] = {
    each.__name__: each
    for each in (
        ubi, ga4, generic, algolia, snowplow, coveo, lucidworks, segment, elastic
    )
}  # fmt: skip
ENDING = {"solr": ".log"}
# These name no search: a search without a user has no id, and a click without its
# search does not either.
WITHOUT_SEARCH_IDS = frozenset({"ga4", "snowplow", "segment", "elastic"})
# These recognise a search by its text.
BY_TEXT = frozenset({"algolia", "coveo"})
SEARCH, CLICK = "search_request", "search_result_interaction"


def sample(preset: str) -> Sample:
    """The sample of a preset."""
    searches = [
        Search(number, f"u{number // 5}", QUERIES[number % 5], START + 60_000 * number)
        for number in range(SEARCHES - 1)
    ]
    # So much later, nothing waits for its search any more.
    searches.append(Search(SEARCHES - 1, "u80", "jaws", START + 2 * DAY))
    clicks = [
        Click(search, int(search.at) + 5000, f"c{search.number % 7}", 1 + at % 9)
        for at, search in enumerate(searches[:CLICKS])
    ]
    made = Sample("")
    events: list[tuple[Event, str, str]] = []
    events += [(search, SEARCH, "clean") for search in searches]
    events += [(click, CLICK, "clean") for click in clicks]
    events += [(None, "", "") for _ in range(OTHERS)]
    # Ten faults, one of them (a broken line) at the end.
    new = Search(SEARCHES, "u90", "alien", START)
    has_id = preset not in WITHOUT_SEARCH_IDS
    no_text = "" if preset in BY_TEXT else "missing_query"
    events += [
        (Search(201, "u91", None, START), SEARCH, no_text),
        (
            Search(202, None, "alien", START),
            SEARCH,
            "missing_cuid" if has_id else "missing_search_id",
        ),
        (Search(203, "u93", "alien", "yesterday"), SEARCH, "timestamp_unreadable"),
        (Search(204, "u94", "alien", START, "many"), SEARCH, "invalid_total"),
        (searches[3], SEARCH, "folded"),
        (clicks[3], CLICK, "folded"),
        (Click(searches[0], START + 9000, None, 3), CLICK, "missing_cid"),
        (Click(searches[0], START + 9000, "c9", "first"), CLICK, "invalid_position"),
        (Click(new, START, "c1", 1), CLICK, "orphan_click"),
    ]
    lines = []
    for event, log, outcome in events:
        if preset == "solr":
            lines.append(solr(event))
            log = log if isinstance(event, Search) else ""
        else:
            lines.append(json.dumps(PRODUCERS[preset](event), ensure_ascii=False))
        if not log or not outcome:
            made.left_out += 1
            continue
        made.rows[log] += 1
        made.outcomes[log, outcome] += 1
        if isinstance(event, Click) and outcome == "clean":
            place = int(event.position)
            made.clicked[str(event.search.text), str(event.cid), place] += 1
    if preset == "solr":
        # A line without a time, and any other, is no request, and one without the
        # parameter q is no search.
        lines.append("java.lang.NullPointerException")
        made.left_out += 3
        for reason in ("missing_query", "timestamp_unreadable"):
            made.rows[SEARCH] -= 1
            made.outcomes[SEARCH, reason] -= 1
    else:
        lines.append('{"broken": ')
        made.rows[SEARCH] += 1
        made.outcomes[SEARCH, "malformed_line"] += 1
    made.text = "\n".join(lines) + "\n"
    made.outcomes = +made.outcomes
    return made
