"""Counts right and wrong changes of queries, by set and kind."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from clip_search.enrich.rewrites import Rewrite
from clip_search.intervals import percent_interval, shown_interval
from lab.evaluate.corrections import Judged
from lab.quality.query_sets import RIGHT

Change = Callable[[str], str | None]
"""Takes a query and returns what it is changed to; None if it stays as it is."""
HEADERS = ("set", "kind", "queries", "precision", "recall", "recall, 95 %")
RIGHT_HEADERS = ("set", "right queries", "changed", "share", "95 %")


def applied(rewrites: Mapping[str, Rewrite], tiers: frozenset[str]) -> Change:
    """What these rewrites change a query to, if only some tiers are applied."""

    def changed(query: str) -> str | None:
        rewrite = rewrites.get(query)
        return rewrite.rewritten_text if rewrite and rewrite.tier in tiers else None

    return changed


@dataclass(frozen=True)
class Tally:
    """Queries of one set and kind.

    Attributes:
        count: How many there are.
        changed: How many were changed.
        right: How many were changed to what was meant.
    """

    count: int
    changed: int
    right: int


def tallies(
    sets: Mapping[str, Sequence[Judged]], change: Change
) -> dict[tuple[str, str], Tally]:
    """The tally of each set and kind.

    Args:
        sets: Queries whose meaning is known.
        change: What is measured.
    """
    found: dict[tuple[str, str], Tally] = {}
    for name, queries in sets.items():
        for query in queries:
            key = (name, query.kind)
            before = found.get(key, Tally(0, 0, 0))
            text = change(query.query_text)
            found[key] = Tally(
                before.count + 1,
                before.changed + (text is not None),
                before.right + (text in query.meant and query.has_typo),
            )
    return found


def typo_rows(found: Mapping[tuple[str, str], Tally]) -> list[Sequence[str]]:
    """Precision and recall of each kind of typo, as cells of a table."""
    return [
        (
            name,
            kind,
            f"{tally.count:,}",
            f"{tally.right / tally.changed:.3f}" if tally.changed else "-",
            f"{tally.right / tally.count:.3f}",
            shown_interval(tally.right, tally.count),
        )
        for (name, kind), tally in sorted(found.items())
        if kind != RIGHT
    ]


def right_rows(found: Mapping[tuple[str, str], Tally]) -> list[Sequence[str]]:
    """How many right queries were changed, as cells of a table."""
    return [
        (
            name,
            f"{tally.count:,}",
            f"{tally.changed:,}",
            f"{100 * tally.changed / tally.count:.2f} %",
            f"{percent_interval(tally.changed, tally.count, 2)} %",
        )
        for (name, kind), tally in sorted(found.items())
        if kind == RIGHT
    ]
