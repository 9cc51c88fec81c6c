"""The made-up world: its people, its clips, and how many clips a query finds.

Ids come from a scrambled walk through all residues of a prime, so that no two people
or clips ever share one and nothing has to be remembered.
"""

from dataclasses import dataclass
from zlib import crc32

from clip_search.simulate.chance import Chance, Deck, Quantiles
from clip_search.simulate.stamps import DAY, instant_of

_PRIME = 479_001_599
_STRIDE = 179_424_673
_SMALLEST_ID = 10_000_000

_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
_PAIRS = tuple(first + second for first in _ALPHABET for second in _ALPHABET)

FIRST_DAY = instant_of(2018, 9, 1)
LAST_DAY = instant_of(2020, 10, 31)

_HOME_OFFSETS: tuple[tuple[int | None, int], ...] = (
    (None, 70),
    (120, 4),
    (60, 4),
    (180, 2),
    *(
        (offset, 1)
        for offset in (
            -540, -480, -420, -360, -180, 0, 240, 270, 300, 330, 345, 360,
            390, 420, 480, 540, 600, 660, 720, 840,
        )
    ),
)  # fmt: skip
"""(minutes east of UTC, people in a hundred); None keeps New York's time."""

_TOTALS_BY_WORDS = (
    Quantiles(
        (0, 40), (0.2, 5_000), (0.5, 60_000), (0.8, 260_000), (0.97, 1_200_000),
        (1, 9_000_000),
    ),
    Quantiles((0, 2), (0.25, 150), (0.5, 2_500), (0.8, 25_000), (1, 400_000)),
    Quantiles((0, 1), (0.3, 18), (0.6, 140), (0.9, 4_000), (1, 60_000)),
    Quantiles((0, 1), (0.5, 14), (0.9, 150), (1, 2_000)),
)  # fmt: skip
"""Clips found by a query of one, two, three and more words."""


@dataclass(frozen=True, slots=True)
class Person:
    """Someone who searches; `home_offset` None means New York's clock."""

    cuid: str
    home_offset: int | None = None
    is_automated: bool = False


class World:
    """People and clips, handed out one at a time.

    Args:
        chance: Decides who comes next.
    """

    def __init__(self, chance: Chance) -> None:
        self._chance = chance
        self._people = 0
        self._offsets = Deck(chance, [count for _, count in _HOME_OFFSETS])

    def new_person(self, is_automated: bool = False) -> Person:
        """Somebody never seen before, with an id of 8 or 9 digits."""
        self._people += 1
        cuid = str(_walk(self._people + 77))
        return Person(cuid, _HOME_OFFSETS[self._offsets.deal()][0], is_automated)

    def new_search_id(self) -> str:
        """20 letters and digits; none comes twice (62^20 to one)."""
        share = self._chance.share
        return "".join([_PAIRS[int(share() * 3_844)] for _ in range(10)])


def clip_at(query: str, position: int) -> str:
    """The id of the clip that stands at `position` (from 1) for `query`.

    The same query always has the same results, and different positions of one query
    hold different clips.
    """
    return str(_walk(crc32(query.encode()) * 64 + position))


def clips_found(query: str, instant: int) -> int:
    """How many clips `query` finds at `instant`; the site grows by 12 % a year."""
    words = min(query.count(" "), len(_TOTALS_BY_WORDS) - 1)
    share = crc32(query.encode()) / 2**32
    then = _TOTALS_BY_WORDS[words].at(share)
    return then + then * ((instant - FIRST_DAY) // DAY) // 3_000


def _walk(step: int) -> int:
    """A number of 8 or 9 digits that no other step below the prime gives.

    Squares modulo a prime that leaves 3 when divided by 4 are all different on each
    half of its residues, and the other half's negatives fill the gaps.
    """
    residue = step * _STRIDE % _PRIME
    square = residue * residue % _PRIME
    return _SMALLEST_ID + (square if residue * 2 <= _PRIME else _PRIME - square)
