"""Ids like those of a real site: digits for people and clips, letters for searches.

The digits come from a permutation of all residues of a prime, so that no two people or
clips share an id and no state is needed.
"""

from lab.simulate.chance import Chance

_PRIME = 479_001_599
_STRIDE = 179_424_673
_SMALLEST_ID = 10_000_000

_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
_PAIRS = tuple(first + second for first in _ALPHABET for second in _ALPHABET)


def scrambled(step: int) -> str:
    """An id of 8 or 9 digits, unique among all steps below the prime.

    Squares modulo a prime p with p mod 4 = 3 are distinct on each half of its residues,
    and the negatives of the other half fill the gaps.
    """
    residue = step * _STRIDE % _PRIME
    square = residue * residue % _PRIME
    return str(_SMALLEST_ID + (square if residue * 2 <= _PRIME else _PRIME - square))


def search_id(chance: Chance) -> str:
    """20 letters and digits, unique with a probability of a repeat of 1 in 62^20."""
    share = chance.share
    return "".join([_PAIRS[int(share() * 3_844)] for _ in range(10)])
