"""What a site's engine gets from the warehouse: the files of two exports."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from clip_search.export.formats import FORMATS
from clip_search.export.whole_export import Wanted, export

REWRITES = "lookup-jsonl"
BOOSTS = "function-score"
KINDS = ("rewrites", "boosts")
"""What can be published."""


@dataclass(frozen=True, slots=True)
class Published:
    """What the engine uses.

    Attributes:
        rewrites: What is searched for instead of a query.
        boosts: By query and clip: how much the clip's score is raised.
    """

    rewrites: Mapping[str, str] = field(default_factory=dict)
    boosts: Mapping[str, Mapping[str, float]] = field(default_factory=dict)


def publish(database: Path, folder: Path, kinds: tuple[str, ...] = KINDS) -> Published:
    """Exports what passes the gates, and reads it as an engine would.

    Args:
        database: The built warehouse.
        folder: Where the files of the exports go; they are replaced.
        kinds: What to publish, of `KINDS`.

    Raises:
        ExportError: The warehouse lacks what is exported.
        OSError: A file cannot be written.
    """
    rewrites, boosts = {}, {}
    if "rewrites" in kinds:
        for row in _exported(database, folder, REWRITES):
            rewrites[row["query_text"]] = row["rewritten_text"]
    if "boosts" in kinds:
        for row in _exported(database, folder, BOOSTS):
            boosts[row["query_text"]] = {
                function["filter"]["term"]["cid"]: function["weight"] - 1
                for function in row["function_score"]["functions"]
            }
    return Published(rewrites, boosts)


def _exported(database: Path, folder: Path, name: str) -> list[dict[str, Any]]:
    file = folder / f"{name}.jsonl"
    export(database, Wanted(FORMATS[name](), file, is_replaced=True))
    return [json.loads(line) for line in file.read_text("utf-8").splitlines()]
