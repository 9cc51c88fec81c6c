"""Writes an export: all of its files, with a ledger, or none."""

import hashlib
import json
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory

from clip_search.engines import Connection, engine, reading
from clip_search.export.export_error import ExportError
from clip_search.export.export_format import ExportFormat
from clip_search.export.export_ledger import MartLedger
from clip_search.export.privacy_gate import PrivacyGate
from clip_search.export.sources import Row, Source
from clip_search.private_files import put_in_place
from clip_search.project import typed_command

TIERS = ("auto", "suggest")
"""The tiers of rewrites: those of the first are applied, the others are offered."""
LEDGER_ENDING = ".ledger.json"

_UNWRITABLE = "control characters, or text that is not Unicode"
# Of controls, line ends and lone surrogates, none is in a query_text: what reads a file
# line by line would be led astray.
_CONTROLS = frozenset({"Cc", "Cs", "Zl", "Zp"})


@dataclass(frozen=True)
class Export:
    """What was written, or would have been.

    Attributes:
        file: The file.
        ledgers: Where the rows of each mart ended up.
        others: The files next to it: the ledger, and what belongs to the format.
        checked: The result of the check for people, if one was asked for.
    """

    file: Path
    ledgers: tuple[MartLedger, ...]
    others: tuple[Path, ...]
    checked: tuple[str, ...] = ()


@dataclass(frozen=True)
class Wanted:
    """What somebody asks for.

    Attributes:
        form: The format.
        file: The file to write.
        tier: The lowest tier of rewrites to write, one of `TIERS`.
        is_dry: Count the rows, and write nothing.
        is_replaced: Replace a file that is no export, or was changed since.
        is_checked: Run the engine's own code over the logged queries.
    """

    form: ExportFormat
    file: Path
    tier: str = TIERS[0]
    is_dry: bool = False
    is_replaced: bool = False
    is_checked: bool = False


def export(database: Path, wanted: Wanted) -> Export:
    """Write an export, completely or not at all.

    The same warehouse gives the same bytes.

    Args:
        database: The built warehouse. It is only read.
        wanted: What to write.

    Raises:
        ExportError: The file cannot be replaced, or the warehouse lacks what is
            exported.
        WarehouseError: The warehouse cannot be read.
        OSError: A file cannot be written.
    """
    file = wanted.file
    _check_place(wanted)
    try:
        with (
            TemporaryDirectory(dir=file.parent, prefix=".export-") as scratch,
            reading(database) as source,
        ):
            # All tables are those of the same build.
            engine().begin_reading(source)
            written = Path(scratch, file.name)
            ledgers = _written(source, written, wanted)
            checked = wanted.form.check(source, written) if wanted.is_checked else []
            _write_ledger(written, wanted, ledgers)
            # The file itself is last: until then, the one before is whole.
            others = sorted(path for path in Path(scratch).iterdir() if path != written)
            if not wanted.is_dry:
                for path in (*others, written):
                    put_in_place(path, file.with_name(path.name))
    except engine().errors() as error:
        raise ExportError(
            f"the warehouse lacks what is exported: {error}",
            remedy=f"Build it with this version: {typed_command()} run",
            place=database,
        ) from error
    beside = tuple(file.with_name(path.name) for path in others)
    return Export(file, ledgers, beside, tuple(checked))


def _written(
    connection: Connection, file: Path, wanted: Wanted
) -> tuple[MartLedger, ...]:
    gate, tables, ledgers = PrivacyGate(connection), {}, []
    for source in wanted.form.sources:
        ledger = MartLedger(source.mart, source.count(connection))
        ledgers.append(ledger)
        rows = source.rows(connection)
        tables[source.mart] = _passed(source, rows, gate, ledger, wanted)
    wanted.form.write(file, tables)
    for ledger in ledgers:
        # A row that is in no column of the ledger would be lost quietly.
        if ledger.accounted != ledger.row_count:
            raise ExportError(
                f"{ledger.accounted:,} of {ledger.row_count:,} rows of {ledger.mart}"
                " are accounted for",
                remedy=f"Build every table again: {typed_command()} run --full-refresh",
                place=file,
            )
    return tuple(ledgers)


def _passed(
    source: Source,
    rows: Iterator[Row],
    gate: PrivacyGate,
    ledger: MartLedger,
    wanted: Wanted,
) -> Iterator[Row]:
    """The rows that are written; counts where each of the others ended up."""
    tiers = TIERS[: TIERS.index(wanted.tier) + 1]
    for row in rows:
        if private := gate.reason(source, row):
            ledger.private[private] += 1
        elif row.get("tier", wanted.tier) not in tiers:
            ledger.below_tier += 1
        elif refused := why_refused(source, row, wanted.form):
            ledger.not_expressible[refused] += 1
        else:
            ledger.written += 1
            yield row


def why_refused(source: Source, row: Row, form: ExportFormat) -> str | None:
    """Why a row that may leave the warehouse cannot be written; None if it can.

    Args:
        source: The mart of the row.
        row: The row.
        form: The format.
    """
    for name in (*source.texts, *source.ids):
        value = row[name] or ""
        # Nearly all are printable, and so have none.
        if not value.isprintable() and not _CONTROLS.isdisjoint(
            map(unicodedata.category, value)
        ):
            return _UNWRITABLE
    return form.refusal(row)


def _write_ledger(file: Path, wanted: Wanted, ledgers: tuple[MartLedger, ...]) -> None:
    files = sorted(file.parent.iterdir())
    document = {
        "format": wanted.form.name,
        "version": version("clip-search"),
        "tier": wanted.tier,
        "marts": [ledger.document() for ledger in ledgers],
        "sha256": {path.name: _digest(path) for path in files},
    }
    text = json.dumps(document, indent=2, ensure_ascii=False) + "\n"
    _ledger_of(file).write_text(text, "utf-8")


def _check_place(wanted: Wanted) -> None:
    """Check that an export can be written, and that nothing of others is lost.

    Raises:
        ExportError: The folder does not exist, or a file would be lost.
    """
    file = wanted.file
    if not file.parent.is_dir():
        raise ExportError(
            "the folder of the file does not exist",
            remedy="Create it, or name a file in another folder.",
            place=file,
        )
    if file.is_dir():
        raise ExportError(
            "this is a folder",
            remedy="Name a file in it.",
            place=file,
        )
    if not file.exists() or wanted.is_replaced or wanted.is_dry:
        return
    try:
        ledger = json.loads(_ledger_of(file).read_text("utf-8"))
        is_ours = ledger["sha256"][file.name] == _digest(file)
    except (OSError, ValueError, KeyError, TypeError):
        is_ours = False
    if not is_ours:
        raise ExportError(
            "the file exists, and is not as an export left it",
            remedy="Name another one, or add --replace.",
            place=file,
        )


def _ledger_of(file: Path) -> Path:
    return file.with_name(file.name + LEDGER_ENDING)


def _digest(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()
