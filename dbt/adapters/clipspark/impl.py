"""The adapter class, which dbt looks up by its name."""

import hashlib
import threading
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from dbt.adapters.base.meta import available
from dbt.adapters.spark import SparkAdapter
from dbt_common.exceptions import DbtRuntimeError

from clip_search.engines.spark_generations import (
    AFFECTED_PREFIX,
    MOST_GENERATIONS,
    BuiltFile,
    TableState,
    VersionedTable,
    new_suffix,
)
from dbt.adapters.clipspark.connections import ClipSparkConnectionManager

_KEPT_VERSIONS = 2


class ClipSparkAdapter(SparkAdapter):
    """dbt-spark's adapter with this project's connections and versions of tables."""

    ConnectionManager = ClipSparkConnectionManager

    def __init__(self, *arguments: Any, **options: Any) -> None:
        """Takes what dbt's adapters take; there is one for each dbt command."""
        super().__init__(*arguments, **options)
        self._known: dict[str, Any] = {}
        self._creating = threading.Lock()

    # --- what is found out once for each model ------------------------------------

    @available.parse_none
    def recall(self, key: str) -> Any:
        """What was remembered in this dbt command; None if nothing was."""
        return self._known.get(key)

    @available.parse_none
    def remember(self, key: str, value: Any) -> None:
        """Remember a value until this dbt command ends.

        A model's query is written before the model is built. What both depend on must
        be the same, even if somebody loads a file in between.
        """
        self._known[key] = value

    @available.parse(lambda *_: "")
    def affected_name(self, logs: Sequence[str], files: Sequence[BuiltFile]) -> str:
        """The table of the search_ids that some files of some logs affect."""
        text = repr((list(logs), [list(file) for file in files]))
        return AFFECTED_PREFIX + hashlib.sha256(text.encode()).hexdigest()[:16]

    @available.parse_none
    def create_once(self, relation: Any, query: str) -> None:
        """Create a table, unless this dbt command has done so.

        Models with the same pending files share it, also in different threads.
        """
        key = f"created {relation}"
        with self._creating:
            if not self.recall(key):
                self._run(f"drop table if exists {relation}")
                self._run(f"create table {relation} using parquet as\n{query}")
                self.remember(key, True)

    @available.parse_none
    def drop_affected(self, schema: str) -> None:
        """Drop the tables of affected search_ids, also those that a kill has left."""
        rows = self._run(f"show tables in {schema} like '{AFFECTED_PREFIX}*'")
        for _, name, *_ in rows:
            self._run(f"drop table {schema}.{name}")

    # --- what a table consists of -------------------------------------------------

    @available.parse(lambda *_: [])
    def files_of(self, relation: Any) -> list[BuiltFile]:
        """The files whose rows a table contains, in order; none if it says nothing."""
        state = self._state(relation)
        return sorted(state.files) if state else []

    @available.parse(lambda *_: [])
    def files_in(self, rows: Any) -> list[BuiltFile]:
        """The files in the result of a query for `log` and `file_id`, in order."""
        return sorted(_files(rows))

    @available.parse(lambda *_: [])
    def files_that_differ(
        self, wanted: Sequence[BuiltFile], built: Sequence[BuiltFile]
    ) -> list[BuiltFile]:
        """The files that are in one of two lists only, in order."""
        return sorted(frozenset(wanted) ^ frozenset(built))

    @available.parse_none
    def code_of(self, relation: Any) -> str | None:
        """The fingerprint of the code that built a table, view or seed, if known."""
        return self._table(relation).code() if self._is_there(relation) else None

    @available.parse_none
    def new_suffix(self, kind: str) -> str:
        """A new suffix for a version (`v`) or a generation (`g`)."""
        return new_suffix(kind)

    @available.parse_none
    def version_of(self, relation: Any) -> str | None:
        """The suffix of the version that a table shows, if it has generations."""
        state = self._state(relation)
        return state.version if state else None

    @available.parse_none
    def show_version(
        self,
        relation: Any,
        version: str,
        files: Sequence[BuiltFile] = (),
        code: str | None = None,
        replaces: str = "search_id",
    ) -> None:
        """Let a table show a new version, and drop older ones."""
        state = TableState(version, (), replaces, frozenset(_files(files)), code)
        table = self._table(relation)
        table.show(state)
        table.drop_unshown(state, _KEPT_VERSIONS)

    @available.parse_none
    def show_generation(
        self,
        relation: Any,
        generation: str | None,
        files: Sequence[BuiltFile],
        code: str | None,
    ) -> None:
        """Let a table show a new generation too, or only note its files."""
        table = self._table(relation)
        state = table.state()
        if state is None:
            raise DbtRuntimeError(f"{relation} does not say what it consists of")
        added = (generation,) if generation else ()
        state = TableState(
            state.version,
            (*state.generations, *added),
            state.replaces,
            frozenset(_files(files)),
            code,
        )
        table.show(state)
        if len(state.generations) > MOST_GENERATIONS:
            state = table.compact(state)
        if generation:
            table.drop_unshown(state, _KEPT_VERSIONS)

    def _table(self, relation: Any) -> VersionedTable:
        return VersionedTable(self._run, relation.identifier, relation.schema)

    def _state(self, relation: Any) -> TableState | None:
        return self._table(relation).state() if self._is_there(relation) else None

    def _is_there(self, relation: Any) -> bool:
        # Asked of what dbt knows: Spark would log an error.
        found = self.get_relation(
            relation.database, relation.schema, relation.identifier
        )
        return found is not None

    def _run(self, statement: str) -> Sequence[Sequence[Any]]:
        _, table = self.execute(statement, fetch=True)
        return [tuple(row) for row in table.rows]


def _files(rows: Iterable[Any]) -> Iterator[BuiltFile]:
    # Numbers in the results of dbt's queries are decimals.
    return ((str(log), int(file_id)) for log, file_id in rows)
