"""Are the rewrites right? Precision, recall, and correct queries that were changed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from clip_search.enrich.rewrites import Rewrite


@dataclass(frozen=True, slots=True)
class Judged:
    """A distinct query whose meaning is known.

    Attributes:
        query_text: As typed, in its normal form.
        meant: The texts that would be right; the query itself if it has no typo.
        kind: The kind of its typo, or "none".
    """

    query_text: str
    meant: frozenset[str]
    kind: str

    @property
    def has_typo(self) -> bool:
        """Whether the query differs from what was meant."""
        return self.query_text not in self.meant


@dataclass(frozen=True, slots=True)
class Correctness:
    """Counts of distinct queries.

    Attributes:
        right: Queries with a typo that were rewritten to what was meant.
        wrong: Queries with a typo that were rewritten to something else.
        over_corrected: Queries without a typo that were changed.
        typos: Queries with a typo.
        clean: Queries without a typo.
    """

    right: int
    wrong: int
    over_corrected: int
    typos: int
    clean: int

    @property
    def rewritten(self) -> int:
        """All queries that were rewritten."""
        return self.right + self.wrong + self.over_corrected

    @property
    def precision(self) -> float:
        """The share (0-1) of rewritten queries that is right; 1 if there are none."""
        return self.right / self.rewritten if self.rewritten else 1.0

    @property
    def recall(self) -> float:
        """The share (0-1) of queries with a typo that was corrected."""
        return self.right / self.typos if self.typos else 0.0

    @property
    def over_correction(self) -> float:
        """The share (0-1) of queries without a typo that was changed."""
        return self.over_corrected / self.clean if self.clean else 0.0


def correctness(
    judged: Iterable[Judged], rewrites: Mapping[str, Rewrite], tiers: frozenset[str]
) -> Correctness:
    """Counts right and wrong rewrites of the given tiers.

    Args:
        judged: Distinct queries of the log whose meaning is known.
        rewrites: Rewrites by query_text; those of other tiers are ignored.
        tiers: The tiers that count as applied.
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
