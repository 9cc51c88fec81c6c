"""A load keeps only a few blocks of rows in memory, whatever the size of the file."""

from pathlib import Path

import pyarrow as arrow
import pytest

from clip_search.load import arrow_rows, load
from clip_search.load import duckdb_writer as writer
from clip_search.logs import Log

BLOCK = 2_000
BLOCKS = 20


def test_duckdb_lets_go_of_rows_once_they_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Arrow counts the memory of rows that were passed on and not freed."""
    logs = tmp_path / "search_request.csv"
    with logs.open("w", encoding="utf-8") as file:
        file.write("search_id,search_query,ts,cuid,total\n")
        for number in range(BLOCK * BLOCKS):
            file.write(f"{number},{'q' * 200},2020-03-10T13:24:31Z,7,1\n")
    held = []
    # Other tests of this process may hold some.
    before = arrow.total_allocated_bytes()
    insert = writer._insert

    def watched(rows: arrow.Table, log: Log, connection: object) -> None:
        insert(rows, log, connection)
        held.append((arrow.total_allocated_bytes() - before) / rows.nbytes)

    monkeypatch.setenv("CLIP_SEARCH_TARGET", "duckdb")
    monkeypatch.setattr(arrow_rows, "ROWS_AT_ONCE", BLOCK)
    monkeypatch.setattr(writer, "_insert", watched)
    load([logs], tmp_path / "clip_search.duckdb")
    assert len(held) >= BLOCKS // 2
    # Otherwise, all blocks that were read would be in memory.
    assert max(held) < 4
