"""Reads the proposed rewrite of a query and its evidence from the warehouse."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from clip_search.clear_error import ClearError
from clip_search.engines import check_exists, engine, engine_name, explained
from clip_search.enrich.one_query import compiled_models, judged_alone
from clip_search.project import typed_command


class NoRewritesError(ClearError):
    """The database contains no rewrites."""


class NewQueryError(ClearError):
    """The engine cannot judge a query that is not in the log."""


@dataclass(frozen=True, slots=True)
class Rewrite:
    """A row of `query_rewrite`; the model's description explains each column."""

    query_text: str
    rewritten_text: str
    via_text: str | None
    tier: str
    rule: str
    score: float
    is_publishable: bool
    search_count: int
    user_count: int
    zero_result_count: int | None
    rewritten_user_count: int
    rewritten_clicked_search_count: int
    retried_user_count: int
    shared_clip_count: int
    supporting_search_ids: str | None


class Rewrites:
    """The proposed rewrites of a built warehouse.

    Args:
        warehouse: The database file of an embedded engine, with the marts; only read.

    Raises:
        NoRewritesError: There are no rewrites in it.
        WarehouseError: It does not exist or cannot be read.
    """

    def __init__(self, warehouse: Path) -> None:
        self._warehouse = warehouse
        check_exists(warehouse)
        try:
            with explained(warehouse):
                self._connection = engine().read_only(warehouse)
                self._connection.execute("select 1 from query_rewrite limit 1")
        except engine().errors() as error:
            raise NoRewritesError(
                f"the database contains no rewrites: {error}",
                remedy=f"Build them: {typed_command()} run",
                place=warehouse,
            ) from error

    def of_query(self, query_text: str) -> Rewrite | None:
        """The rewrite of a query that is in the log, or None."""
        rows = self._rows(
            f"select {_COLUMNS} from query_rewrite where query_text = ?",  # noqa: S608
            (query_text,),
        )
        return _rewrite(rows[0]) if rows else None

    def all(self) -> list[Rewrite]:
        """Every row of `query_rewrite`, in the order of its key."""
        rows = self._rows(
            f"select {_COLUMNS} from query_rewrite order by query_text"  # noqa: S608
        )
        return [_rewrite(row) for row in rows]

    def asked(self, query_text: str) -> Rewrite | None:
        """The rewrite of any query, in the log or new, or None.

        A new query is scored like those of the log, except for its result count and
        clicks, which are not known yet.

        Raises:
            NewQueryError: The engine cannot score new queries.
            RuntimeError: The models that score it could not be compiled.
        """
        known = self.of_query(query_text)
        if known is not None or not query_text or self.users_of(query_text) > 0:
            return known
        if not engine().JUDGES_NEW_QUERIES:
            # Spark has no temporary tables, and plans one statement of all models for
            # minutes with much of a server's memory.
            raise NewQueryError(
                f"on {engine_name()}, only queries of the log have rewrites",
                remedy="Build the same logs on DuckDB to judge new queries:"
                " export CLIP_SEARCH_TARGET=duckdb",
            )
        models = compiled_models(self._warehouse)
        with (
            explained(self._warehouse),
            judged_alone(self._connection, models, query_text) as judged,
        ):
            rows = self._rows(
                f"select {_COLUMNS} from ({judged}) as judged"  # noqa: S608
            )
        return _rewrite(rows[0]) if rows else None

    def applied(self, query_text: str) -> str:
        """The text to search with: the rewrite if its tier is `auto`, else the query.

        Raises:
            NewQueryError: As for `asked`.
            RuntimeError: The same.
        """
        rewrite = self.asked(query_text)
        if rewrite is None or rewrite.tier != "auto":
            return query_text
        return rewrite.rewritten_text

    def users_of(self, query_text: str) -> int:
        """How many users typed a query."""
        rows = self._rows(
            "select user_count from query_frequency where query_text = ?", (query_text,)
        )
        return int(rows[0][0]) if rows else 0

    def equivalents_of(self, query_text: str) -> list[str]:
        """The other forms of a query that are in use and mean the same, in order."""
        try:
            rows = self._connection.execute(
                "select equivalent_text from equivalent_query where query_text = ?"
                " union"
                " select query_text from equivalent_query where equivalent_text = ?"
                " order by 1",
                (query_text, query_text),
            ).fetchall()
        except engine().errors():
            # The warehouse was built by a version that did not look for them.
            return []
        return [str(text) for (text,) in rows]

    def _rows(self, sql: str, values: tuple[str, ...] = ()) -> list[Any]:
        with explained(self._warehouse):
            rows: list[Any] = self._connection.execute(sql, values).fetchall()
        return rows


_COLUMNS = ", ".join(Rewrite.__dataclass_fields__)


def _rewrite(row: tuple[object, ...]) -> Rewrite:
    values = dict(zip(Rewrite.__dataclass_fields__, row, strict=True))
    values["is_publishable"] = bool(values["is_publishable"])
    return Rewrite(**values)  # type: ignore[arg-type]
