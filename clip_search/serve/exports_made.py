"""The exports of a folder, and where the rows of each ended up."""

import json
from dataclasses import dataclass
from pathlib import Path

from clip_search.export.whole_export import LEDGER_ENDING


@dataclass(frozen=True, slots=True)
class Exported:
    """One mart of one export.

    Attributes:
        file: The name of the exported file.
        mart: Its mart.
        row_count: How many rows the mart had; the other counts add up to it.
        written: Those in the file.
        private: Those that may not leave the warehouse.
        below_tier: Those of a tier that was not asked for.
        not_expressible: Those that the format cannot hold.
    """

    file: str
    mart: str
    row_count: int
    written: int
    private: int
    below_tier: int
    not_expressible: int


def exports_in(folder: Path | None) -> list[Exported]:
    """The exports in a folder, by name; none without a folder.

    A file next to them that is no ledger is left out.
    """
    found = []
    for path in sorted(folder.glob(f"*{LEDGER_ENDING}")) if folder else ():
        try:
            found += [
                Exported(
                    path.name.removesuffix(LEDGER_ENDING),
                    str(mart["mart"]),
                    int(mart["row_count"]),
                    int(mart["written"]),
                    sum(map(int, mart["private"].values())),
                    int(mart["below_tier"]),
                    sum(map(int, mart["not_expressible"].values())),
                )
                for mart in json.loads(path.read_text("utf-8"))["marts"]
            ]
        except (KeyError, TypeError, ValueError):
            continue
    return found
