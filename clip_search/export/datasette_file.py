"""A SQLite file for Datasette, and the descriptions of its tables as its metadata."""

import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

from clip_search.export.export_error import ExportError
from clip_search.export.export_format import ExportFormat
from clip_search.export.sources import (
    EQUIVALENTS,
    QUERIES,
    RELATED,
    REWRITES,
    Row,
    Source,
    public_table,
)
from clip_search.project import target_path, typed_command

METADATA_ENDING = ".metadata.json"

_LEDGER = ("log", "outcome", "reject_reason", "row_count")


class DatasetteFile(ExportFormat):
    """The tables without users and sessions, and PATH.metadata.json."""

    name = "datasette"
    about = "a SQLite file for Datasette, with the descriptions of its columns"
    ending = ".db"
    sources = (
        # The rewrite of a query is in a table of its own.
        replace(QUERIES, columns=QUERIES.columns[:-1]),
        REWRITES,
        EQUIVALENTS,
        RELATED,
        public_table("log_ledger", _LEDGER, "log, outcome, reject_reason"),
        public_table(
            "log_day",
            ("log", "log_day", "outcome", "reject_reason", "row_count"),
            "log, log_day, outcome, reject_reason",
        ),
        public_table(
            "log_support",
            ("feature", "evidence", "evidence_count", "needed_count", "summary"),
            "feature",
        ),
        public_table(
            "reject_rule",
            ("rule", "log", "rule_order", "severity", "meaning", "remedy"),
            "rule_order, rule, log",
        ),
    )

    def write(self, file: Path, tables: Mapping[str, Iterator[Row]]) -> None:
        """Write the database and the metadata.

        Raises:
            ExportError: dbt's manifest, which has the descriptions, is missing.
        """
        described = _described()
        with closing(sqlite3.connect(file)) as connection:
            for source in self.sources:
                _copy(connection, source, tables[source.mart])
            connection.commit()
        metadata = {
            "title": "What the search logs taught",
            "description": "Publishable rows only: no users, sessions or searches.",
            "databases": {
                file.stem: {
                    "tables": {
                        source.mart: _table(source, described)
                        for source in self.sources
                    }
                }
            },
        }
        text = json.dumps(metadata, indent=2, ensure_ascii=False) + "\n"
        file.with_name(file.name + METADATA_ENDING).write_text(text, "utf-8")


def _copy(connection: sqlite3.Connection, source: Source, rows: Iterator[Row]) -> None:
    columns, places = ", ".join(source.columns), ", ".join("?" for _ in source.columns)
    # Names of ours. Values keep their types: the columns have none.
    connection.execute(f"create table {source.mart} ({columns})")
    connection.executemany(
        f"insert into {source.mart} values ({places})",  # noqa: S608
        ([row[name] for name in source.columns] for row in rows),
    )


def _described() -> dict[str, Any]:
    """The nodes of dbt's manifest by name."""
    file = target_path() / "manifest.json"
    try:
        nodes = json.loads(file.read_text("utf-8"))["nodes"].values()
    except (OSError, ValueError, KeyError) as error:
        raise ExportError(
            "dbt's manifest, which has the descriptions of the tables, cannot be read",
            remedy=f"Write it: {typed_command()} run",
            place=file,
        ) from error
    return {node["name"]: node for node in nodes}


def _table(source: Source, described: Mapping[str, Any]) -> dict[str, object]:
    node = described.get(source.mart, {})
    columns = node.get("columns", {})
    return {
        "description": _sentence(node.get("description", "")),
        "columns": {
            name: _sentence(columns[name].get("description", ""))
            for name in source.columns
            if name in columns
        },
    }


def _sentence(text: str) -> str:
    return " ".join(text.split())
