"""Waits for other processes that have the warehouse open, and says so."""

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from clip_search.engines.warehouse_error import WarehouseError, known_error

# A command that only reads waits no longer: a person is looking at an empty line.
_MAX_READ_WAIT_SECONDS = 3.0
# Most writers end sooner, and then nothing needs to be said.
SILENT_SECONDS = 0.5
_SECONDS_BETWEEN_TRIES = 0.2

Opened = TypeVar("Opened")
Tell = Callable[[str], None]


def wait_seconds() -> float:
    """How long to wait for another writer: `CLIP_SEARCH_WAIT_SECONDS`, or 60 s."""
    return float(os.environ.get("CLIP_SEARCH_WAIT_SECONDS") or 60)


def read_wait_seconds() -> float:
    """How long a reader waits for a writer: `wait_seconds`, but at most 3 s."""
    return min(wait_seconds(), _MAX_READ_WAIT_SECONDS)


def opened_when_free(
    open_now: Callable[[], Opened], database: Path, tell: Tell
) -> Opened:
    """The result of a function that fails while another process has a file open.

    Args:
        open_now: Opens the file, or fails at once.
        database: The file.
        tell: Called with one line before a wait that a person would notice.

    Raises:
        WarehouseError: The file was not free within `wait_seconds`.
        Exception: What the function raised, if it was about something else.
    """
    began, has_told = time.monotonic(), False
    while True:
        waited = time.monotonic() - began
        try:
            return open_now()
        except Exception as error:
            known = _known(error, database)
            if known is None or not known.is_transient:
                raise
            by = f" ({known.holder})" if known.holder else ""
            if waited >= wait_seconds():
                known.problem += f"{by}, and did not end within {wait_seconds():g} s"
                raise known from error
        if not has_told and waited >= SILENT_SECONDS:
            tell(
                f"waiting for another run{by} to finish writing {database},"
                f" up to {wait_seconds():g} s"
            )
            has_told = True
        time.sleep(_SECONDS_BETWEEN_TRIES)


def _known(error: Exception, database: Path) -> WarehouseError | None:
    if isinstance(error, WarehouseError):
        return error
    return known_error(str(error), database)
