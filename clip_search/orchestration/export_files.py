"""The exports that a setting of the DAG names: `publish` writes them."""

import logging
from pathlib import Path
from typing import Any

from clip_search.clear_error import ClearError
from clip_search.export.export_error import ExportError
from clip_search.export.formats import FORMATS
from clip_search.export.whole_export import Wanted, export
from clip_search.orchestration.dag_settings import Settings
from clip_search.orchestration.failures import fail_with

_log = logging.getLogger(__name__)


def checked_exports(names: tuple[str, ...]) -> tuple[str, ...]:
    """The names, if each is that of a format.

    Raises:
        ExportError: One is not. The UI shows the message.
    """
    for name in names:
        if name not in FORMATS:
            raise ExportError(
                f"exports: there is no format {name}",
                remedy=f"Choose from these: {', '.join(FORMATS)}.",
            )
    return names


def export_file(settings: Settings, name: str) -> Path:
    """The file of an export, the same in each run."""
    return settings.folder / "exports" / f"{name}{FORMATS[name].ending}"


def write_exports(settings: Settings) -> dict[str, dict[str, Any]]:
    """Write each export that the settings name, and log where the rows ended up.

    Returns:
        What the asset of each says: its path, and the ledger of each mart.

    Raises:
        LastingFailure: One cannot be written. Its file is that of an earlier run.
    """
    found = {}
    for name in settings.exports:
        file = export_file(settings, name)
        file.parent.mkdir(parents=True, exist_ok=True)
        try:
            # The folder is the DAG's own, so nobody else's file is lost.
            wanted = Wanted(FORMATS[name](), file, is_replaced=True)
            done = export(settings.database, wanted)
        except ClearError as error:
            fail_with(error, "publish")
        for ledger in done.ledgers:
            for line in ledger.lines():
                _log.info("%s: %s", name, line.strip())
        ledgers = [ledger.document() for ledger in done.ledgers]
        found[name] = {"path": str(file), "marts": ledgers}
        _log.info("the export %s is in %s", name, file)
    return found
