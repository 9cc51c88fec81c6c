"""Collects what the page shows from the warehouse."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from clip_search.engines import Connection, reading
from clip_search.enrich.rewrite_reasons import rule_in_words
from clip_search.export.sources import Row
from clip_search.serve.clip_metadata import Catalogue
from clip_search.serve.dead_ends import dead_ends
from clip_search.serve.decisions import Decision, Decisions
from clip_search.serve.exports_made import exports_in
from clip_search.serve.head_queries import head_queries
from clip_search.serve.health import HEIGHT, WIDTH, health
from clip_search.serve.judged_clips import judged_clips
from clip_search.serve.listing import ROWS_OF_A_PAGE, Listing
from clip_search.serve.no_clicks import no_clicks
from clip_search.serve.review_queue import review_queue
from clip_search.serve.try_query import Tried, try_query
from clip_search.wording import counted

_FIRST_ROWS = 10

Context = dict[str, Any]
_Read = TypeVar("_Read")


@dataclass
class Page:
    """The page of a warehouse.

    Attributes:
        warehouse: The built database file, which is only read.
        decisions: The seed of decisions.
        clips: A CSV file of clips; None for those of the warehouse.
        exports: The folder of exports; None if there is none.
    """

    warehouse: Path
    decisions: Decisions
    clips: Path | None = None
    exports: Path | None = None
    _kept: dict[str, tuple[int, Any]] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        """Sets up the lists, whose rules are in the project's settings."""
        found = (
            *(review_queue(), dead_ends(), no_clicks()),
            *(head_queries(), judged_clips()),
        )
        self.listings = {listing.name: listing for listing in found}

    def overview(self, typed: str) -> Context:
        """All blocks.

        Args:
            typed: The query to try; may be empty.
        """
        with reading(self.warehouse) as connection:
            queue = self.listings["review-queue"]
            return {
                "typed": typed,
                **self._tried(typed),
                **self._review(connection, queue),
                "exports": exports_in(self.exports),
                "curve": {"width": WIDTH, "height": HEIGHT},
                **self._until_next_build("blocks", lambda: self._blocks(connection)),
            }

    def listing(self, name: str, number: int) -> Context:
        """A page of a list; the first is number 1."""
        listing = self.listings[name]
        with reading(self.warehouse) as connection:
            skip = (number - 1) * ROWS_OF_A_PAGE
            found = self._list(connection, listing, ROWS_OF_A_PAGE, skip)
            return {
                "list": found,
                "number": number,
                "page_count": max(1, -(-found["shown"] // ROWS_OF_A_PAGE)),
                # Reads the whole list.
                "formula_count": self._until_next_build(
                    f"formulas of {name}", lambda: listing.formula_count(connection)
                ),
            }

    def csv(self, name: str) -> str:
        """A list as CSV."""
        with reading(self.warehouse) as connection:
            return "".join(self.listings[name].csv_lines(connection))

    def decide(self, query_text: str, decision: str, reason: str) -> None:
        """Append a decision about a suggestion that is on the page.

        Raises:
            DecisionError: It cannot be taken.
            KeyError: There is no such suggestion, or it may not be shown.
        """
        with reading(self.warehouse) as connection:
            rows = connection.execute(
                "select rewritten_text from query_rewrite"
                " where query_text = ? and is_publishable = 1",
                (query_text,),
            ).fetchall()
        if not rows:
            raise KeyError(query_text)
        ((rewritten_text,),) = rows
        self.decisions.append(Decision(query_text, rewritten_text, decision, reason))

    def _tried(self, typed: str) -> Context:
        tried: Tried | None = None
        problem = ""
        if typed.strip():
            try:
                decided = {each.query_text for each in self.decisions.all()}
                tried = try_query(self.warehouse, self._clips(), typed, decided)
            except RuntimeError:
                # The message is dbt's output, which may quote what it read.
                problem = (
                    "A query that is not in the log could not be scored."
                    " clip-search enrich says why."
                )
        return {"tried": tried, "problem": problem}

    def _blocks(self, connection: Connection) -> Context:
        """What does not depend on the query or on decisions."""
        return {
            "health": health(connection),
            "ledger": _ledger(connection),
            "support": _support(connection),
            "lists": [
                self._list(connection, listing, _FIRST_ROWS)
                for name, listing in self.listings.items()
                if name != "review-queue"
            ],
        }

    def _clips(self) -> Catalogue:
        return self._until_next_build(
            "clips", lambda: Catalogue(self.warehouse, self.clips)
        )

    def _until_next_build(self, name: str, read: Callable[[], _Read]) -> _Read:
        """What was read, until the warehouse changes: a large one takes seconds."""
        version = self.warehouse.stat().st_mtime_ns
        if name not in self._kept or self._kept[name][0] != version:
            self._kept[name] = version, read()
        kept: _Read = self._kept[name][1]
        return kept

    def _review(self, connection: Connection, queue: Listing) -> Context:
        decided = self.decisions.all()
        built = {
            tuple(value or "" for value in row)
            for row in connection.execute(
                "select query_text, rewritten_text, decision from rewrite_review"
            ).fetchall()
        }
        texts = {decision.query_text for decision in decided}
        # Decided rows leave the queue at once, and the warehouse with the next build.
        limit = _FIRST_ROWS + len(texts)
        rows = [
            {**row, "evidence": _evidence(row)}
            for row in queue.page(connection, limit)
            if row["query_text"] not in texts
        ]
        shown, hidden = queue.counts(connection)
        return {
            "queue": {
                "listing": queue,
                "rows": rows[:_FIRST_ROWS],
                "shown": shown,
                "hidden": hidden,
            },
            "waiting": [
                decision
                for decision in decided
                if (decision.query_text, decision.rewritten_text, decision.decision)
                not in built
            ],
            "decided_count": len(decided),
            "seed": self.decisions.path.name,
        }

    def _list(
        self, connection: Connection, listing: Listing, limit: int, skip: int = 0
    ) -> Context:
        shown, hidden = listing.counts(connection)
        rows = listing.page(connection, limit, skip)
        return {"listing": listing, "rows": rows, "shown": shown, "hidden": hidden}


def _evidence(row: Row) -> str:
    """Why a rewrite is suggested, in one line."""
    nothing = row["zero_result_count"]
    return " · ".join(
        (
            rule_in_words(row["rule"]),
            f"score {row['score']:.2f}",
            f"{counted(row['search_count'], 'search', 'searches')}"
            f" by {counted(row['user_count'], 'user')}, "
            + ("results unknown" if nothing is None else f"{nothing} found nothing"),
            f"suggestion: {counted(row['rewritten_user_count'], 'user')},"
            f" {counted(row['rewritten_clicked_search_count'], 'search', 'searches')}"
            " with a click",
        )
    )


def _ledger(connection: Connection) -> list[Context]:
    """For each log, how many rows there were and how many ended in each bucket."""
    logs: dict[str, dict[str, int]] = {}
    for log, outcome, row_count in connection.execute(
        "select log, outcome, sum(row_count) from log_ledger"
        " group by log, outcome order by log, outcome"
    ).fetchall():
        logs.setdefault(log, {})[outcome] = int(row_count or 0)
    return [{"log": log, **outcomes} for log, outcomes in logs.items()]


def _support(connection: Connection) -> list[Context]:
    """For each feature, the evidence in the log and what it needs."""
    found = connection.execute(
        "select feature, evidence, evidence_count, needed_count, is_supported, summary"
        " from log_support order by is_supported desc, feature"
    ).fetchall()
    names = ("feature", "evidence", "at_hand", "needed", "is_supported", "summary")
    return [dict(zip(names, row, strict=True)) for row in found]
