"""Counts where each row of a mart ended up, so that nothing is lost quietly."""

from collections import Counter
from dataclasses import dataclass, field

from clip_search.export.privacy_gate import PRIVATE_REASONS


@dataclass
class MartLedger:
    """The rows of one mart: each is counted exactly once.

    Attributes:
        mart: Its name.
        row_count: How many rows it has.
        written: Those in the file.
        private: Those that may not leave the warehouse, by reason.
        below_tier: Those of a tier that was not asked for.
        not_expressible: Those that the format cannot hold, by reason.
    """

    mart: str
    row_count: int
    written: int = 0
    private: Counter[str] = field(default_factory=Counter)
    below_tier: int = 0
    not_expressible: Counter[str] = field(default_factory=Counter)

    @property
    def accounted(self) -> int:
        """How many rows were counted; all of them when the export is complete."""
        private, inexpressible = self.private.total(), self.not_expressible.total()
        return self.written + private + self.below_tier + inexpressible

    def document(self) -> dict[str, object]:
        """The ledger for JSON, the same for the same rows."""
        return {
            "mart": self.mart,
            "row_count": self.row_count,
            "written": self.written,
            "private": {reason: self.private[reason] for reason in PRIVATE_REASONS},
            "below_tier": self.below_tier,
            "not_expressible": dict(sorted(self.not_expressible.items())),
        }

    def lines(self) -> list[str]:
        """The same for people: a line for each outcome that has rows."""
        found = [
            (self.written, "written"),
            *((self.private[why], f"private: {_WORDS[why]}") for why in _WORDS),
            (self.below_tier, "below the tier"),
            *(
                (count, f"not expressible: {why}")
                for why, count in sorted(self.not_expressible.items())
            ),
        ]
        heading = f"{self.row_count:>12,}  rows of {self.mart}"
        return [heading, *(f"{n:>12,}  - {what}" for n, what in found if n)]


_WORDS = {
    "not_publishable": "not publishable, as too few users typed it",
    "personal_data": "the rules find personal data",
    "blocked": "contains a term of export_blocklist",
}
