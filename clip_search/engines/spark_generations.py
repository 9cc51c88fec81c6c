"""Tables on Spark that are replaced, or brought up to date, in one step.

Parquet files can only be written as a whole. So a table `NAME` is a view of stored
tables:

- `NAME__vTIME`, a version: all rows, as a full build computed them;
- `NAME__vTIME__gTIME`, a generation: the rows that an increment computed;
- `NAME__vTIME__gTIME__gone`: the search_ids or files whose older rows it replaces.

The view reads the version and its generations, without the rows that a later
generation replaces. What else is known of the table (the files whose rows it contains,
the code that built it) is a comment in the view's query. So giving the view another
query is the only step that changes anything for a reader or for the next build:
whatever a killed build has written before is not part of the table, and the next one
drops it.

`alter view` is one call of the catalog. `create or replace view` is not: Spark drops
the view, then creates it, and readers find none in between.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

Run = Callable[[str], Sequence[Sequence[Any]]]
"""Runs a statement, and returns its rows."""

Create = Callable[[str, str], object]
"""Creates a table, by its name, from a query."""

BuiltFile = tuple[str, int]
"""The name of a log, and the id of one of its files."""

MOST_GENERATIONS = 4
"""With more, all rows are written again as a new version.

A model reads several tables, and Spark's plan has each generation of each of them.
"""

AFFECTED_PREFIX = "affected__"
"""How tables begin that hold the search_ids of an increment, until a run ends."""

CODE_PROPERTY = "clip_search.code"
"""Which code built a seed, or a view that is not of versions."""

_STATE = re.compile(r"/\* clip-search: (\{.*?\}) \*/", re.DOTALL)
_CODE = re.compile(rf"'{re.escape(CODE_PROPERTY)}' = '([^']*)'")
_VERSION = r"__v[0-9]{20}"
_VERSION_LENGTH = len("__v") + 20
_STORED = re.compile(rf"(?P<name>\w+?)(?P<version>{_VERSION})(?:__g[0-9]{{20}}\w*)?")


@dataclass(frozen=True)
class TableState:
    """What a table consists of.

    Attributes:
        version: The suffix of the version that it shows.
        generations: The suffixes of its generations, in the order of time.
        replaces: What a generation replaces: all rows of a `file_id`, or those of a
            `search_id`.
        files: The files whose rows it contains.
        code: The fingerprint of the code that built it; None if unknown.
    """

    version: str
    generations: tuple[str, ...] = ()
    replaces: str = "search_id"
    files: frozenset[BuiltFile] = frozenset()
    code: str | None = None


def new_suffix(kind: str) -> str:
    """A suffix that no table has yet, and that sorts behind all others.

    Args:
        kind: `v` for a version, `g` for a generation.
    """
    return f"__{kind}{datetime.now(UTC):%Y%m%d%H%M%S%f}"


class VersionedTable:
    """A table that is a view of its versions and generations."""

    def __init__(
        self, run: Run, name: str, schema: str = "", create: Create | None = None
    ) -> None:
        """Takes the name; nothing is read yet.

        Args:
            run: Runs a statement.
            name: The table's name.
            schema: Its schema; the current one by default.
            create: Creates a table; a plain statement by default.
        """
        self._run = run
        self._create = create or self._create_plainly
        self._name = name
        self._in = f"{schema}." if schema else ""

    def state(self) -> TableState | None:
        """What the table consists of; None if it does not say so.

        Raises:
            Exception: Spark's own, if there is no such table.
        """
        return state_of(self.definition())

    def code(self) -> str | None:
        """The fingerprint of the code that built the table, view or seed, if known."""
        definition = self.definition()
        if state := state_of(definition):
            return state.code
        found = _CODE.search(definition)
        return found[1] if found else None

    def definition(self) -> str:
        """The statement that would create the table or the view."""
        return str(self._run(f"show create table {self._in}{self._name}")[0][0])

    def is_view(self) -> bool:
        """Whether the table is a view, so that it can show a state."""
        place = f" in {self._in[:-1]}" if self._in else ""
        return bool(self._run(f"show views{place} like '{self._name}'"))

    def show(self, state: TableState) -> None:
        """Let the view show a state, in one step; create it if there is none."""
        self._run(
            f"{'alter' if self.is_view() else 'create'} view {self._in}{self._name}"
            f" as\n{self._query(state)}"
        )

    def compact(self, state: TableState) -> TableState:
        """Write all rows as a new version, without generations, and show it.

        Returns:
            The new state.
        """
        version = new_suffix("v")
        name = f"{self._in}{self._name}"
        self._create(f"{name}{version}", f"select * from {name}")
        compacted = replace(state, version=version, generations=())
        self.show(compacted)
        return compacted

    def stored(self) -> list[str]:
        """The names of all stored tables of this table, the oldest version first."""
        place = f" in {self._in[:-1]}" if self._in else ""
        rows = self._run(f"show tables{place} like '{self._name}__v2*'")
        found = (_STORED.fullmatch(str(name)) for _, name, *_ in rows)
        return sorted(each[0] for each in found if each and each["name"] == self._name)

    def drop_unshown(self, state: TableState, kept_versions: int) -> None:
        """Drop what no query reads any more, and what a killed build has left.

        Args:
            state: What the view shows.
            kept_versions: How many of the newest versions stay, for queries that have
                begun before the view was replaced.
        """
        stored = self.stored()
        versions = sorted({self._version_of(name) for name in stored})
        kept = {state.version, *(versions[-kept_versions:] if kept_versions else ())}
        shown = set(self._shown(state))
        for name in stored:
            version = self._version_of(name)
            is_left_behind = version == state.version and name not in shown
            if is_left_behind or version not in kept:
                self._run(f"drop table if exists {self._in}{name}")

    def _create_plainly(self, name: str, query: str) -> None:
        self._run(f"create table {name} using parquet as {query}")

    def _version_of(self, stored: str) -> str:
        start = len(self._name)
        return stored[start : start + _VERSION_LENGTH]

    def _shown(self, state: TableState) -> Iterable[str]:
        version = f"{self._name}{state.version}"
        yield version
        for generation in state.generations:
            yield f"{version}{generation}"
            yield f"{version}{generation}__gone"

    def _query(self, state: TableState) -> str:
        version = f"{self._in}{self._name}{state.version}"
        if not state.generations:
            return f"select {comment_of(state)} * from {version}"
        columns = [str(row[0]) for row in self._run(f"show columns in {version}")]
        named = ", ".join(columns)
        rows, gone = [f"select {named}, 0 as generation from {version}"], []
        for number, generation in enumerate(state.generations, 1):
            table = f"{version}{generation}"
            rows.append(f"select {named}, {number} as generation from {table}")
            gone.append(
                f"select search_id, file_id, {number} as generation from {table}__gone"
            )
        between = "\n    union all\n    "
        return (
            f"select {comment_of(state)}\n    "
            f"{', '.join(f'kept.{column}' for column in columns)}\nfrom (\n    "
            f"{between.join(rows)}\n) as kept\nleft anti join (\n    "
            f"{between.join(gone)}\n) as gone\n    on\n        "
            f"{_is_replaced(state.replaces, columns)}\n        "
            "and kept.generation < gone.generation"
        )


def _is_replaced(replaces: str, columns: Sequence[str]) -> str:
    if replaces == "file_id":
        return "kept.file_id = gone.file_id"
    if "file_id" not in columns:
        return "kept.search_id = gone.search_id"
    # A row without a search_id belongs to its file.
    return (
        "kept.search_id <=> gone.search_id\n        and gone.file_id"
        " <=> case when kept.search_id is null then kept.file_id end"
    )


def comment_of(state: TableState) -> str:
    """The comment in a view's query that says what it shows."""
    files: dict[str, list[int]] = {}
    for log, file_id in sorted(state.files):
        files.setdefault(log, []).append(file_id)
    text = json.dumps(
        {
            "version": state.version,
            "generations": state.generations,
            "replaces": state.replaces,
            "files": {log: list(_steps(ids)) for log, ids in files.items()},
            "code": state.code,
        },
        separators=(",", ":"),
    )
    return f"/* clip-search: {text} */"


def state_of(definition: str) -> TableState | None:
    """The state in the definition of a view, if it says what it shows."""
    comment = _STATE.search(definition)
    if comment is None:
        return None
    found = json.loads(comment[1])
    return TableState(
        version=found["version"],
        generations=tuple(found["generations"]),
        replaces=found["replaces"],
        files=frozenset(
            (log, file_id)
            for log, runs in found["files"].items()
            for first, last, step in runs
            for file_id in range(first, last + 1, step)
        ),
        code=found["code"],
    )


def _steps(numbers: Sequence[int]) -> Iterator[tuple[int, int, int]]:
    """Increasing numbers as first and last ones with the same step in between.

    The catalog's database limits a query to about 32,000 characters. Files of several
    logs that are loaded together have ids at the same distance.
    """
    start = 0
    while start < len(numbers):
        end = start + 1
        step = numbers[end] - numbers[start] if end < len(numbers) else 1
        while end < len(numbers) and numbers[end] - numbers[end - 1] == step:
            end += 1
        yield numbers[start], numbers[end - 1], step
        start = end


def name_of_stored(table: str) -> str | None:
    """The table that a stored table belongs to; None if it is not a stored one."""
    found = _STORED.fullmatch(table)
    return found["name"] if found else None
