"""The normal form of a query, so that equivalent spellings give the same text.

The Unicode version is pinned (`pin_unicode` writes the tables), so that a new Python
version changes no row. With at most one accent per letter, the result is NFKC with full
case folding (the Unicode Standard, 3.11 and rule R4 of 3.13); accents are never
reordered.
"""

import re
from functools import cache

from clip_search.text_rules.characters import IGNORABLE_PLANE, WHITE_SPACE, table

# Takes the place of a removed character until composition is done, because its
# neighbours were not adjacent in the typed text.
_VANISHED = "\xad"
# Hangul syllables, composed by arithmetic (the Unicode Standard, 3.12).
_LEADS, _VOWELS, _TAILS = range(0x1100, 0x1113), range(0x1161, 0x1176), 27
_FIRST_SYLLABLE, _FIRST_TAIL = 0xAC00, 0x11A8

_PLAIN = re.compile("[ -$&-*,-~]*")
_PLUS_BETWEEN_WORDS = re.compile(
    r"(?<=[0-9A-Za-z\x80-\U0010ffff])\+(?=[0-9A-Za-z\x80-\U0010ffff])"
    r"(?!(?<=[0-9]\+)[0-9])"
)
_ESCAPES = re.compile("(?:%[0-9A-Fa-f]{2})+|%")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_HAS_WHITE_SPACE = re.compile(f"[{WHITE_SPACE}]")
_SPACES = re.compile(" {2,}")


def normalize_query_text(text: str) -> str:
    """The normal form of a text; '' if nothing in it is visible.

    1. A text without inner white space is decoded as part of a URL if it clearly is one
       (see `decode`).
    2. Each character becomes its NFKC form, case-folded, NFKC again.
    3. Neighbours that have a composed form are composed, from left to right; the result
       may compose again.
    4. Control, format and default-ignorable characters are removed.
    5. White space becomes single spaces and is trimmed.
    """
    if _PLAIN.fullmatch(text):
        folded = text.lower()
    else:
        folded = decode(text).translate(_folds())
        folded = compose(folded).replace(_VANISHED, "")
    return _SPACES.sub(" ", folded).strip(" ")


def decode(text: str) -> str:
    """Undo URL escapes if the whole text is clearly escaped.

    Plus signs become spaces if each is between two letters or digits that are not both
    digits (a non-ASCII character counts as a letter). `%XX` escapes are undone if every
    `%` starts one and every run of them is valid UTF-8 without control characters other
    than tab and line ends. A text with inner white space does not change.
    """
    word = text.strip(WHITE_SPACE)
    if _HAS_WHITE_SPACE.search(word):
        return text
    separators = _PLUS_BETWEEN_WORDS.findall(word)
    if len(separators) == word.count("+"):
        word = word.replace("+", " ")
    if "%" not in word:
        return word
    try:
        return _ESCAPES.sub(_unescaped, word)
    except ValueError:
        return word


def compose(text: str) -> str:
    """Compose neighbours that have a composed form, from left to right."""
    compositions, marks = _compositions()
    if not marks.search(text):
        return text
    joined: list[str] = []
    for character in text:
        pair = joined[-1] + character if joined else character
        composed = compositions.get(pair) or _syllable(pair)
        if composed:
            joined[-1] = composed
        else:
            joined.append(character)
    return "".join(joined)


def _unescaped(match: re.Match[str]) -> str:
    """The text of a run of escapes.

    Raises:
        ValueError: It is not an escape or not UTF-8, or contains a control character.
    """
    text = bytes.fromhex(match[0].replace("%", "") or "no escape").decode("utf-8")
    if _CONTROL.search(text):
        raise ValueError(text)
    return text


def _syllable(pair: str) -> str | None:
    """The Hangul syllable that two neighbours compose to."""
    if len(pair) != 2:
        return None
    first, second = map(ord, pair)
    if first in _LEADS and second in _VOWELS:
        place = _LEADS.index(first) * len(_VOWELS) + _VOWELS.index(second)
        return chr(_FIRST_SYLLABLE + place * (_TAILS + 1))
    has_no_tail = (
        0xAC00 <= first <= 0xD7A3 and (first - _FIRST_SYLLABLE) % (_TAILS + 1) == 0
    )
    if has_no_tail and _FIRST_TAIL <= second < _FIRST_TAIL + _TAILS:
        return chr(first + second - _FIRST_TAIL + 1)
    return None


@cache
def _folds() -> dict[int, str]:
    """The replacement of each code point that changes."""
    folds = {ord(letter): letter.lower() for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"}
    folds |= dict.fromkeys(IGNORABLE_PLANE, _VANISHED)
    for code_point, folded, action in table("unicode_fold"):
        outcome = {"fold": folded, "space": " ", "remove": _VANISHED}
        folds[int(code_point)] = outcome[action]
    return folds


@cache
def _compositions() -> tuple[dict[str, str], re.Pattern[str]]:
    """The compositions of pairs, and a pattern for the possible second characters."""
    compositions = {
        chr(int(base)) + chr(int(mark)): chr(int(composed))
        for base, mark, composed in table("unicode_composition")
    }
    marks = {pair[1] for pair in compositions}
    vowels_and_tails = f"{chr(_VOWELS[0])}-{chr(_FIRST_TAIL + _TAILS - 1)}"
    return compositions, re.compile(f"[{''.join(sorted(marks))}{vowels_and_tails}]")
