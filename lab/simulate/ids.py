"""Ids that look like a real site's: digits for people and clips, letters for searches.

Digits come from a scrambled walk through all residues of a prime, so that no two people
or clips ever share an id and nothing has to be remembered.
"""

from lab.simulate.chance import Chance

_PRIME = 479_001_599
_STRIDE = 179_424_673
_SMALLEST_ID = 10_000_000

_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
_PAIRS = tuple(first + second for first in _ALPHABET for second in _ALPHABET)


def scrambled(step: int) -> str:
    """An id of 8 or 9 digits that no other step below the prime gives.

    Squares modulo a prime that leaves 3 when divided by 4 are all different on each
    half of its residues, and the other half's negatives fill the gaps.
    """
    residue = step * _STRIDE % _PRIME
    square = residue * residue % _PRIME
    return str(_SMALLEST_ID + (square if residue * 2 <= _PRIME else _PRIME - square))


def search_id(chance: Chance) -> str:
    """20 letters and digits; none comes twice (62^20 to one)."""
    share = chance.share
    return "".join([_PAIRS[int(share() * 3_844)] for _ in range(10)])
