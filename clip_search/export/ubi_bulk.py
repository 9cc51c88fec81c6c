"""Searches and clicks as bulk requests of User Behavior Insights 1.3.0 (OpenSearch).

Each document has an id, so that a second import changes nothing. There are no nulls:
the schema has none. Impressions are never made up: docs/exports.md says what that means
for OpenSearch's own judgments.
"""

from collections.abc import Iterator
from typing import Any

from clip_search.export.export_format import LinesFormat, one_line, stable_id
from clip_search.export.sources import CLICKS, SEARCHES, Row

_APPLICATION = "clip-search"
_MOST_ID_CHARACTERS = 100
_MOST_OBJECT_CHARACTERS = 256


class UbiQueries(LinesFormat):
    """Bulk requests for the index `ubi_queries`."""

    name = "ubi-queries"
    about = "searches as bulk requests of User Behavior Insights"
    ending = ".ndjson"
    sources = (SEARCHES,)

    def refusal(self, row: Row) -> str | None:
        """A long id, or no query."""
        return _refusal(row)

    def lines(self, rows: Iterator[Row]) -> Iterator[str]:
        """Two lines for each search."""
        for row in rows:
            yield _action("ubi_queries", stable_id("query", row["search_id"]))
            yield one_line(_known(_query(row)))


class UbiEvents(LinesFormat):
    """Bulk requests for the index `ubi_events`."""

    name = "ubi-events"
    about = "clicks as bulk requests of User Behavior Insights"
    ending = ".ndjson"
    sources = (CLICKS,)

    def refusal(self, row: Row) -> str | None:
        """A long id, or no query."""
        if len(row["cid"]) > _MOST_OBJECT_CHARACTERS:
            return f"an object_id of more than {_MOST_OBJECT_CHARACTERS} characters"
        return _refusal(row)

    def lines(self, rows: Iterator[Row]) -> Iterator[str]:
        """Two lines for each clip that a search led to."""
        for row in rows:
            key = stable_id("click", row["search_id"], row["cid"])
            yield _action("ubi_events", key)
            yield one_line(_known(_event(row)))


def _refusal(row: Row) -> str | None:
    if not row["search_query"]:
        return "no query"
    if max(len(row["search_id"]), len(row["cuid"])) > _MOST_ID_CHARACTERS:
        return f"an id of more than {_MOST_ID_CHARACTERS} characters"
    return None


def _action(index: str, document_id: str) -> str:
    return one_line({"index": {"_index": index, "_id": document_id}})


def _query(row: Row) -> dict[str, Any]:
    return {
        **_common(row),
        "query_attributes": _known(
            {
                "query_text": row["query_text"],
                "total": row["total"],
                "is_automated": row["is_automated"],
            }
        ),
    }


def _event(row: Row) -> dict[str, Any]:
    return {
        "action_name": "click",
        **_common(row),
        "session_id": row["session_id"],
        "event_attributes": {
            "object": {
                "object_id": row["cid"],
                "object_id_field": "cid",
                "object_id_type": "video",
            },
            "position": {"ordinal": row["position"]},
            "click_count": row["click_count"],
        },
    }


def _common(row: Row) -> dict[str, Any]:
    return {
        "application": _APPLICATION,
        "query_id": row["search_id"],
        "client_id": row["cuid"],
        "user_query": row["search_query"],
        "timestamp": row["ts"],
    }


def _known(document: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in document.items() if value is not None}
