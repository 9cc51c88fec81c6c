"""The rows of the two logs, each with the truth about it.

`Scribe` writes what a correct logger would: one request per search, one row per click,
sometimes a click twice. Faults build on the same functions.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from clip_search.logs import LOGS, SEARCH_REQUEST, SEARCH_RESULT_INTERACTION
from lab.simulate.behaviour import Click, Search
from lab.simulate.chance import Chance
from lab.simulate.query import Query, plain
from lab.simulate.settings import Logger
from lab.simulate.stamps import (
    SECOND,
    Form,
    Stamp,
    browser_form,
    canonical,
    new_york_offset,
    server_form,
)
from lab.simulate.world import Person

REQUEST_LOG = SEARCH_REQUEST.name
CLICK_LOG = SEARCH_RESULT_INTERACTION.name
COLUMNS = {log.name: log.required for log in LOGS}

Values = dict[str, Any]


@dataclass(slots=True)
class LogRow:
    """A row of a log and its truth.

    Attributes:
        log: `search_request` or `search_result_interaction`.
        arrival: The instant at which it reaches the file.
        values: Its values, in the order of the log's columns.
        outcome: clean, folded or rejected.
        reject_reason: The reject rule's name, only for rejected rows.
        fault: The planted fault, or None.
        clean: For a clean row, the resulting row of the clean table.
        folded_into: For a folded row, the key of the clean row that it repeats.
        meant: The intended query, if it was misspelled.
        line: For lines that are not a record, the text to write instead of `values`.
    """

    log: str
    arrival: int
    values: tuple[str, ...]
    outcome: str
    reject_reason: str | None = None
    fault: str | None = None
    clean: Values | None = None
    folded_into: Values | None = None
    meant: str | None = None
    line: str | None = None


@dataclass(slots=True)
class Telling:
    """One of the request rows for the same search."""

    instant: int
    stamp: Stamp
    total: int
    fault: str | None = None


@dataclass(slots=True)
class Sighting:
    """One of the rows for a click on the same result of the same search."""

    instant: int
    stamp: Stamp
    position: int
    fault: str | None = None


class Scribe:
    """Writes rows of searches and clicks.

    Args:
        settings: The frequency of timestamp forms, transport delays and copies.
        chance: Decides them.
        with_answers: Whether rows get `clean` and `folded_into` for the answer key.
    """

    def __init__(
        self, settings: Logger, chance: Chance, with_answers: bool = True
    ) -> None:
        self._settings = settings
        self._chance = chance
        self._with_answers = with_answers
        self._browser_share = {
            REQUEST_LOG: settings.browser_requests,
            CLICK_LOG: settings.browser_clicks,
        }

    def stamp(self, log: str, person: Person, instant: int) -> Stamp:
        """The time in one of the log's two usual forms: the server's or the browser's.

        A browser uses its user's offset, the server always New York's.
        """
        if not self._chance.flag(self._browser_share[log]):
            return server_form(instant, new_york_offset(instant))
        return browser_form(instant, home_offset(person, instant))

    def request_stamp(
        self, search: Search, form: Form | None = None, instant: int | None = None
    ) -> Stamp:
        """The time of a search's request, in a given form or any usual one."""
        when = search.instant if instant is None else instant
        if form is None:
            return self.stamp(REQUEST_LOG, search.person, when)
        return form(when, home_offset(search.person, when))

    def click_stamp(
        self, search: Search, instant: int, form: Form | None = None
    ) -> Stamp:
        """The time of a click, in a given form or any usual one."""
        if form is None:
            return self.stamp(CLICK_LOG, search.person, instant)
        return form(instant, home_offset(search.person, instant))

    def arrival(self, instant: int) -> int:
        """When a row sent at `instant` reaches the file: 0 s to 15 min later."""
        return instant + self._chance.from_quantiles(self._settings.transport)

    def requests(
        self,
        search: Search,
        tellings: Sequence[Telling],
        winner: int = 0,
        is_ts_disputed: bool = False,
        query: Query | None = None,
        is_total_disputed: bool = False,
    ) -> list[LogRow]:
        """The request rows of one search: one is clean, the others are folded.

        Args:
            search: The search.
            tellings: The content of each row; all have the same query and user.
            winner: The one that is the clean row.
            is_ts_disputed: Whether the clean row's time is in doubt.
            query: The query, if it is not the search's own.
            is_total_disputed: Whether the clean row's total, the largest, is in doubt.

        Returns:
            The rows, in the order in which they reach the file.
        """
        typo = None if query else search.typo
        query = query or plain(search.query)
        rows = []
        arrival = self.arrival(search.instant)
        for number, telling in enumerate(tellings):
            row = LogRow(
                log=REQUEST_LOG,
                arrival=arrival,
                values=request_values(search, query, telling),
                outcome="folded",
                fault=telling.fault or typo,
                meant=None if typo is None or telling.fault else search.meant,
            )
            if number == winner:
                row.outcome = "clean"
            if self._with_answers and number == winner:
                row.clean = {
                    "search_id": search.search_id,
                    "search_query": query.kept,
                    "ts": canonical(telling.instant),
                    "cuid": search.person.cuid,
                    "total": max(each.total for each in tellings),
                    "query_text": query.text,
                    "query_kind": query.kind,
                    "utc_offset_minutes": telling.stamp.offset,
                    "is_zone_assumed": 0,
                    "is_ts_disputed": int(is_ts_disputed),
                    "is_total_disputed": int(is_total_disputed),
                    "raw_row_count": len(tellings),
                    "typed_row_count": 0,
                    "is_automated": int(search.person.is_automated),
                }
            elif self._with_answers:
                row.folded_into = {"search_id": search.search_id}
            rows.append(row)
            arrival = 1 + self.arrival(arrival)
        return rows

    def request(
        self,
        search: Search,
        query: Query | None = None,
        form: Form | None = None,
        fault: str | None = None,
    ) -> list[LogRow]:
        """The one row of a correctly logged search."""
        telling = Telling(
            search.instant, self.request_stamp(search, form), search.total, fault
        )
        return self.requests(search, [telling], query=query)

    def typed_on(
        self, search: Search, texts: Sequence[tuple[str, int]], fault: str
    ) -> list[LogRow]:
        """The rows of a search that was logged with each text typed on the way.

        Args:
            search: The search for the last text.
            texts: The texts before it, and the instant of each.
            fault: The planted fault.
        """
        (final,) = self.request(search)
        rows = []
        for text, instant in texts:
            stamp = self.request_stamp(search, instant=instant)
            telling = Telling(instant, stamp, search.total, fault)
            row = LogRow(
                log=REQUEST_LOG,
                arrival=self.arrival(instant),
                values=request_values(search, plain(text), telling),
                outcome="folded",
                fault=fault,
            )
            if self._with_answers:
                row.folded_into = {"search_id": search.search_id}
            rows.append(row)
        if final.clean is not None:
            final.clean |= {
                "raw_row_count": 1 + len(texts),
                "typed_row_count": len(texts),
            }
        return [*rows, final]

    def click_group(
        self, search: Search, cid: str, sightings: Sequence[Sighting]
    ) -> list[LogRow]:
        """The rows of all valid clicks on one result of a search.

        The earliest is clean, the others are folded into it.

        Args:
            search: The search, which must have a clean request.
            cid: The clip that was clicked.
            sightings: At least one, in any order.

        Returns:
            The rows in the order of time, equal ones as given.
        """
        ordered = sorted(sightings, key=lambda each: (each.instant, each.position))
        rows = []
        earliest_arrival = 0
        for sighting in ordered:
            arrival = max(self.arrival(sighting.instant), earliest_arrival)
            earliest_arrival = arrival + 1
            rows.append(
                LogRow(
                    log=CLICK_LOG,
                    arrival=arrival,
                    values=(
                        search.search_id,
                        sighting.stamp.text,
                        cid,
                        str(sighting.position),
                    ),
                    outcome="folded",
                    fault=sighting.fault,
                )
            )
        rows[0].outcome = "clean"
        if self._with_answers:
            rows[0].clean = _clean_click(search, cid, ordered)
            for row in rows[1:]:
                row.folded_into = {"search_id": search.search_id, "cid": cid}
        return rows

    def sightings(
        self, search: Search, click: Click, form: Form | None = None
    ) -> list[Sighting]:
        """A click and the logger's exact copies of it, if any."""
        stamp = self.click_stamp(search, click.instant, form)
        first = Sighting(click.instant, stamp, click.position)
        copies = self._chance.from_quantiles(self._settings.copies)
        if not copies:
            return [first]
        return [first] + [replace(first, fault="exact_copy")] * copies

    def clicks(self, search: Search, form: Form | None = None) -> list[LogRow]:
        """The rows of all clicks of a search that has a clean request."""
        rows = []
        for click in search.clicks:
            sightings = self.sightings(search, click, form)
            rows += self.click_group(search, click.cid, sightings)
        return rows

    def orphans(self, search: Search, fault: str) -> list[LogRow]:
        """The rows of all clicks of a search that has no clean request."""
        rows = self.clicks(search)
        for row in rows:
            row.outcome, row.reject_reason = "rejected", "orphan_click"
            row.clean = row.folded_into = None
            row.fault = row.fault or fault
        return rows

    def rejected_request(
        self, search: Search, reason: str, fault: str, **values: str
    ) -> LogRow:
        """A rejected request, with some of its values replaced.

        Args:
            search: The search that its other values come from.
            reason: The reject rule.
            fault: The planted fault.
            values: The replaced values, by column.
        """
        telling = Telling(search.instant, self.request_stamp(search), search.total)
        typed = request_values(search, plain(search.query), telling)
        return LogRow(
            log=REQUEST_LOG,
            arrival=self.arrival(search.instant),
            values=replaced(REQUEST_LOG, typed, values),
            outcome="rejected",
            reject_reason=reason,
            fault=fault,
        )

    def rejected_click(
        self, search: Search, click: Click, reason: str, fault: str, **values: str
    ) -> LogRow:
        """A rejected click, with some of its values replaced."""
        stamp = self.click_stamp(search, click.instant)
        typed = (search.search_id, stamp.text, click.cid, str(click.position))
        return LogRow(
            log=CLICK_LOG,
            arrival=self.arrival(max(click.instant, search.instant)),
            values=replaced(CLICK_LOG, typed, values),
            outcome="rejected",
            reject_reason=reason,
            fault=fault,
        )


def _clean_click(search: Search, cid: str, ordered: Sequence[Sighting]) -> Values:
    """The clean row for the clicks on one result, given in the order of time."""
    first, last = ordered[0], ordered[-1]
    first_at = canonical(first.instant)
    return {
        "search_id": search.search_id,
        "ts": first_at,
        "cid": cid,
        "position": first.position,
        "click_count": len({each.instant for each in ordered}),
        "last_click_at": (
            first_at if last.instant == first.instant else canonical(last.instant)
        ),
        "is_zone_assumed": 0,
        "seconds_after_search": (first.instant - search.instant) // SECOND,
        "raw_row_count": len(ordered),
    }


def home_offset(person: Person, instant: int) -> int:
    """The UTC offset of the person's clock, in minutes."""
    if person.home_offset is None:
        return new_york_offset(instant)
    return person.home_offset


def request_values(
    search: Search, query: Query, telling: Telling
) -> tuple[str, str, str, str, str]:
    """A request's values as text, in the order of the log's columns."""
    return (
        search.search_id,
        query.typed,
        telling.stamp.text,
        search.person.cuid,
        str(telling.total),
    )


def replaced(
    log: str, values: Sequence[str], others: dict[str, str]
) -> tuple[str, ...]:
    """`values` with those of some columns replaced."""
    return tuple(
        others.get(column, value)
        for column, value in zip(COLUMNS[log], values, strict=True)
    )
