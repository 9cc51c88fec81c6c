"""Are the rewrites right? Precision, recall, and right queries that were changed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from clip_search.enrich.rewrites import Rewrite


@dataclass(frozen=True, slots=True)
class Judged:
    """A distinct query whose meaning is known.

    Attributes:
        query_text: As typed, in its normal form.
        meant: The texts that would be right; the query itself, where it has no typo.
        kind: The name of its typo, or "none".
    """

    query_text: str
    meant: frozenset[str]
    kind: str

    @property
    def has_typo(self) -> bool:
        """Whether the query is not what was meant."""
        return self.query_text not in self.meant


@dataclass(frozen=True, slots=True)
class Correctness:
    """Counts of distinct queries.

    Attributes:
        right: Typos that became what was meant.
        wrong: Typos that became something else.
        over_corrected: Queries without a typo that were changed.
        typos: Queries with a typo.
        clean: Queries without one.
    """

    right: int
    wrong: int
    over_corrected: int
    typos: int
    clean: int

    @property
    def precision(self) -> float:
        """Of the rewritten queries, the share (0-1) that is right; 1 where none is."""
        rewritten = self.right + self.wrong + self.over_corrected
        return self.right / rewritten if rewritten else 1.0

    @property
    def recall(self) -> float:
        """Of the queries with a typo, the share (0-1) that was put right."""
        return self.right / self.typos if self.typos else 0.0

    @property
    def over_correction(self) -> float:
        """Of the queries without a typo, the share (0-1) that was changed."""
        return self.over_corrected / self.clean if self.clean else 0.0


def correctness(
    judged: Iterable[Judged], rewrites: Mapping[str, Rewrite], tiers: frozenset[str]
) -> Correctness:
    """Counts right and wrong rewrites of the given tiers.

    Args:
        judged: Distinct queries of the log whose meaning is known.
        rewrites: Rewrites by query_text; those of other tiers do not count.
        tiers: Which tiers count as applied.
    """
    right = wrong = over_corrected = typos = clean = 0
    for query in judged:
        rewrite = rewrites.get(query.query_text)
        is_rewritten = rewrite is not None and rewrite.tier in tiers
        if not query.has_typo:
            clean += 1
            over_corrected += is_rewritten
            continue
        typos += 1
        if is_rewritten and rewrite is not None:
            is_right = rewrite.rewritten_text in query.meant
            right += is_right
            wrong += not is_right
    return Correctness(right, wrong, over_corrected, typos, clean)
