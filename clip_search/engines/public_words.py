"""The file of public words, which all SQLite warehouses of a user share.

Its tables do not depend on any log, and are many times larger than a small warehouse.
Its name contains a fingerprint of everything that they are built from. So a file is
never out of date, and projects of different versions do not disturb each other.
"""

import functools
import os
import sqlite3
import time
from contextlib import closing
from pathlib import Path

from clip_search.engines.sqlite_file import connected_to_read
from clip_search.project import PROJECT_ROOT, content_fingerprint

SCHEMA = "words"
_BUILT_FROM = (
    "macros/engine",
    "macros/enrichment",
    "models/learned/english_word.sql",
    "models/learned/int_common_word_shortened.sql",
    "models/learned/int_letter_position.sql",
    "models/learned/int_listed_word_shortened.sql",
    "seeds/enrichment/rare_word_list.csv",
)
# A project may be reduced to the clean layer, which needs none of them.
_TABLES = (
    Path("models/learned/english_word.sql"),
    Path("models/learned/int_common_word_shortened.sql"),
    Path("models/learned/int_listed_word_shortened.sql"),
)
# Files that were not opened for so long belong to versions that nobody runs.
_KEPT_DAYS = 30


def public_words_path(database: Path) -> Path:
    """The file of public words for a warehouse; it need not exist yet.

    It is in the folder `CLIP_SEARCH_CACHE`, by default `clip-search` in the user's
    cache folder, or next to the warehouse if that folder cannot be written.

    Args:
        database: The warehouse's file.
    """
    name = f"words-{_fingerprint(_languages())}.db"
    folder = cache_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return database.resolve().parent / name
    # A file that somebody else has built can be read, if they let others read it.
    if not os.access(folder, os.W_OK) and not os.access(folder / name, os.R_OK):
        return database.resolve().parent / name
    return folder / name


def attach_public_words(connection: sqlite3.Connection, database: Path) -> None:
    """Attach the file as `words`, and create it if it is missing.

    Args:
        connection: A connection to the warehouse, outside of a transaction.
        database: The warehouse's file.
    """
    path = public_words_path(database)
    connection.execute(f"attach ? as {SCHEMA}", (str(path),))
    tidy(path, "words-*.db")


def attach_public_words_to_read(connection: sqlite3.Connection, database: Path) -> None:
    """Attach the file as `words`, if it exists.

    Args:
        connection: A read-only connection to the warehouse.
        database: The warehouse's file.
    """
    path = public_words_path(database)
    if path.exists():
        connected_to_read(path).close()
        connection.execute(f"attach ? as {SCHEMA}", (f"{path.as_uri()}?mode=ro",))


def are_public_words_built(database: Path) -> bool:
    """Whether the file has its tables: it may be deleted like any cache.

    Args:
        database: The warehouse's file.
    """
    expected = {place.stem for place in _TABLES if (PROJECT_ROOT / place).exists()}
    if not expected:
        return True
    path = public_words_path(database)
    if not path.exists():
        return False
    with closing(connected_to_read(path)) as connection:
        rows = connection.execute("select name from sqlite_master")
        return expected <= {name for (name,) in rows}


def cache_folder() -> Path:
    """The folder of what can be made again at any time; it may not exist."""
    configured = os.environ.get("CLIP_SEARCH_CACHE")
    if configured:
        return Path(configured).resolve()
    base = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    return Path(base).expanduser() / "clip-search"


def _languages() -> frozenset[str]:
    """As the macro `site_languages`: each has a word list."""
    named = os.environ.get("CLIP_SEARCH_LANGUAGES", "english")
    return frozenset(named.replace(" ", "").lower().split(","))


@functools.cache
def _fingerprint(languages: frozenset[str]) -> str:
    lists = [f"seeds/enrichment/{name}_word_list.csv" for name in sorted(languages)]
    places = [PROJECT_ROOT / name for name in (*_BUILT_FROM, *lists)]
    paths = [
        path
        for place in places
        for path in (place.rglob("*.sql") if place.is_dir() else [place])
    ]
    # A project may be reduced to the clean layer.
    return content_fingerprint(filter(Path.exists, paths), PROJECT_ROOT)[:16]


@functools.cache
def tidy(path: Path, pattern: str) -> None:
    """Mark a file as used, and delete those that were not used for a long time.

    Args:
        path: A file of the cache; it may not exist.
        pattern: The names of the files of its kind, in the same folder.
    """
    try:
        if path.exists():
            os.utime(path)
        for other in path.parent.glob(pattern):
            if other.stat().st_mtime < time.time() - _KEPT_DAYS * 86400:
                other.unlink()
    except OSError:
        # Another user's folder, or another process was faster.
        return
