"""What the tests of the loader share: one log of requests, loaded and read back."""

import sqlite3
from pathlib import Path

from clip_search.load import LoadReport, load

COLUMNS = ("search_id", "search_query", "ts", "cuid", "total")
HEADER = ",".join(COLUMNS)
JAWS = ("a1", "jaws", "2020-03-10T13:24:31Z", "u1", "12")
CSV_TEXT = f"{HEADER}\n{','.join(JAWS)}\n"
JSON_LINE = "{" + ", ".join(f'"{k}": "{v}"' for k, v in zip(COLUMNS, JAWS, strict=True))
JSON_LINE += "}"
Values = tuple[str | None, ...]


def written(path: Path, data: str | bytes = CSV_TEXT) -> Path:
    """A file with this content; its folder is created."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


def loaded(*paths: Path) -> tuple[LoadReport, list[Values]]:
    """Load into a new database: the report, and the requests by file and line."""
    database = paths[0].parent / "loaded.db"
    database.unlink(missing_ok=True)
    report = load(paths, database)
    connection = sqlite3.connect(database)
    rows = connection.execute(
        f"select {HEADER} from landed_search_request order by file_id, line_number"
    ).fetchall()
    connection.close()
    return report, rows


def requests(path: Path) -> list[Values]:
    """The requests in one file or folder."""
    return loaded(path)[1]
