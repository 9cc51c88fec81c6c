"""The normal form of a query."""

import random
import unicodedata
import urllib.parse
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from clip_search.text_rules import normalize_query_text, pin_unicode
from clip_search.text_rules.characters import DATA
from tests.reference import unicode_form

needs_pinned_unicode = pytest.mark.skipif(
    unicodedata.unidata_version != pin_unicode.PINNED_UNICODE,
    reason=f"the tables are for Unicode {pin_unicode.PINNED_UNICODE}, "
    f"this Python has {unicodedata.unidata_version}",
)


def becomes(*cases: tuple[str, str]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize(("redacted", "normal"), cases)


@becomes(
    ("Short Film", "short film"),
    ("４Ｋ", "4k"),
    ("ﬁlm", "film"),
    ("STRASSE straße", "strasse strasse"),
    ("ΣΊΣΥΦΟΣ", "σίσυφοσ"),
    ("Ⅷ", "viii"),
    ("ｶﾞ", "ガ"),
    ("²", "2"),
    # One character at a time, so no context: I is i, and a dotted İ keeps its dot.
    ("I İ ı", "i i\u0307 ı"),
)
def test_characters_are_folded(redacted: str, normal: str) -> None:
    assert normalize_query_text(redacted) == normal


@becomes(
    ("cafe\u0301", "café"),
    ("CAFE\u0301", "café"),
    ("=\u0338", "≠"),
    # The result of a composition may compose again.
    ("a\u0302\u0301", "ấ"),
    ("\u1112\u1161\u11ab", "한"),
    ("\u1112\u1161", "하"),
    ("하\u11ab", "한"),
    # A complete syllable takes no second final consonant.
    ("한\u11ab", "한\u11ab"),
    ("か\u3099", "が"),
    ("x\u0301", "x\u0301"),
    ("\u0301", "\u0301"),
    ("ι\u0344", "ΐ"),
    # As a Vietnamese keyboard types it: the accent below comes last.
    ("ê\u0323", "ệ"),
)
def test_neighbours_are_joined(redacted: str, normal: str) -> None:
    assert normalize_query_text(redacted) == normal


@becomes(
    ("so\u00adft", "soft"),
    ("a\u200bb\ufeffc\u2060d", "abcd"),
    ("a\x01b\x7fc", "abc"),
    ("❤\ufe0f", "❤"),
    ("a\U000e0041b\U000e0fffc", "abc"),
    ("\u115f\u1160\u3164\uffa0", ""),
    ("\u034f\u17b4\u180b\u2065", ""),
    # They separate their neighbours until they are removed.
    ("e\u200b\u0301", "e\u0301"),
)
def test_invisible_characters_vanish(redacted: str, normal: str) -> None:
    assert normalize_query_text(redacted) == normal


@becomes(
    ("  a  b  ", "a b"),
    ("a\t\r\nb", "a b"),
    ("a\u00a0\u2003\u3000b", "a b"),
    ("\u2028a\u0085", "a"),
    ("a \u00ad b", "a b"),
    ("", ""),
    (" \t\u3000", ""),
    # Not white space, but control characters.
    ("a\x1cb", "ab"),
)
def test_white_space_is_single_spaces(redacted: str, normal: str) -> None:
    assert normalize_query_text(redacted) == normal


@becomes(
    ("short+film", "short film"),
    ("short+film+2019", "short film 2019"),
    (" short+film ", "short film"),
    ("中国+电影", "中国 电影"),
    ("3+idiots", "3 idiots"),
    ("1+1", "1+1"),
    ("c++", "c++"),
    ("disney+", "disney+"),
    ("+1", "+1"),
    ("a+-b", "a+-b"),
    ("short+film+", "short+film+"),
    ("a+b and c", "a+b and c"),
    ("1+1+a", "1+1+a"),
    ("[email]+x", "[email]+x"),
)
def test_plus_signs_between_words_are_spaces(redacted: str, normal: str) -> None:
    assert normalize_query_text(redacted) == normal


@becomes(
    ("short%20film", "short film"),
    ("caf%C3%A9", "café"),
    ("caf%c3%a9+noir", "café noir"),
    ("%E2%82%AC%F0%9F%98%80", "€😀"),
    ("a%09b%0D%0Ac", "a b c"),
    ("%41%42", "ab"),
    ("%25", "%"),
    ("%2520", "%20"),
    # An escaped plus sign is intended.
    ("a%2Bb", "a+b"),
    ("a+b%2Bc", "a b+c"),
)
def test_escapes_are_undone(redacted: str, normal: str) -> None:
    assert normalize_query_text(redacted) == normal


@becomes(
    ("100%", "100%"),
    ("50%off", "50%off"),
    ("%zz", "%zz"),
    ("%4", "%4"),
    ("%20a%", "%20a%"),
    ("%C3", "%c3"),
    ("%C3a%A9", "%c3a%a9"),
    ("%A9", "%a9"),
    ("%C0%AF", "%c0%af"),
    ("%E0%80%80", "%e0%80%80"),
    ("%F0%80%80%80", "%f0%80%80%80"),
    ("%ED%A0%80", "%ed%a0%80"),
    ("%F4%90%80%80", "%f4%90%80%80"),
    ("%F5%80%80%80", "%f5%80%80%80"),
    ("a%00b", "a%00b"),
    ("a%1Bb", "a%1bb"),
    ("a%7Fb", "a%7fb"),
    ("a%C2%85b", "a%c2%85b"),
    ("50%20 off", "50%20 off"),
    # All or nothing.
    ("short%20film%", "short%20film%"),
    # Each of the two is a literal character.
    ("short+film%", "short film%"),
    ("c++%20rocks", "c++ rocks"),
)
def test_what_is_not_clearly_an_escape_is_kept(redacted: str, normal: str) -> None:
    assert normalize_query_text(redacted) == normal


@pytest.mark.parametrize("name", ["card", "iban", "ssn", "email", "ip", "phone"])
def test_placeholders_survive(name: str) -> None:
    assert normalize_query_text(f"Ａ  [{name}], b") == f"a [{name}], b"


def test_escapes_of_every_character_are_undone_as_utf_8_has_it() -> None:
    draw = random.Random(5)
    for size in ((0x80, 0x7FF), (0x800, 0xD7FF), (0xE000, 0xFFFF), (0x10000, 0x10FFFF)):
        for code_point in (*size, *(draw.randint(*size) for _ in range(300))):
            character = chr(code_point)
            if unicodedata.category(character) == "Cc":
                continue
            escaped = "".join(f"%{byte:02X}" for byte in character.encode())
            assert normalize_query_text(f"x{escaped}x") == normalize_query_text(
                f"x{character}x"
            )


def test_escapes_that_are_no_utf_8_are_kept() -> None:
    draw = random.Random(6)
    refused = 0
    for _ in range(3000):
        octets = bytes(
            draw.choice([draw.randint(0x80, 0xFF), 0xE0, 0xED, 0xF0, 0xF4, 0x80, 0xBF])
            for _ in range(draw.randint(1, 4))
        )
        try:
            octets.decode()
        except UnicodeDecodeError:
            escaped = "".join(f"%{octet:02x}" for octet in octets)
            assert normalize_query_text(f"x{escaped}x") == f"x{escaped}x"
            refused += 1
    assert refused > 1000


def differing(texts: Iterable[str]) -> list[tuple[str, str, str]]:
    """Texts whose normal form differs from that of `unicodedata`, with both forms."""
    return [
        (text, normal, expected)
        for text in texts
        if (normal := normalize_query_text(text))
        != (expected := unicode_form.of_text(text))
    ]


@needs_pinned_unicode
def test_every_code_point_is_as_unicodedata_has_it() -> None:
    """All except U+0000 and the surrogates."""
    assert differing(map(chr, unicode_form.code_points())) == []


@needs_pinned_unicode
@pytest.mark.long
def test_every_code_point_among_letters_is_as_unicodedata_has_it() -> None:
    texts = (f"a{chr(each)}e\u0301 B" for each in unicode_form.code_points())
    assert differing(texts) == []


@needs_pinned_unicode
def test_one_accent_a_letter_is_as_unicodedata_has_it() -> None:
    """Whole strings against NFC, which is independent of the tables."""
    draw = random.Random(7)
    bases = [
        character
        for character in map(chr, range(0x21, 0x3000))
        if unicodedata.category(character) in ("Ll", "Lo", "Nd")
        and unicodedata.normalize("NFKD", character).casefold() == character
        and not unicode_form.vanishes(character)
    ]
    marks = [
        character
        for character in map(chr, range(0x300, 0x3100))
        if unicodedata.combining(character)
        and unicodedata.normalize("NFKC", character).casefold() == character
        and not unicode_form.vanishes(character)
    ]
    wrong = []
    for _ in range(20_000):
        text = "".join(
            draw.choice(bases)
            + draw.choice(["", draw.choice(marks), "\u0301", "\u0308"])
            for _ in range(draw.randint(1, 8))
        )
        if normalize_query_text(text) != unicodedata.normalize("NFC", text):
            wrong.append(text)
    assert wrong == []


@needs_pinned_unicode
def test_every_pair_of_neighbours_is_joined_as_unicodedata_has_it() -> None:
    """Every base, and every result, before every mark; the edges of Hangul too."""
    bases, marks = set("\u1100\u1112\u1113가각히힣"), set("\u1161\u1175\u1176")
    marks |= set("\u11a7\u11a8\u11c2\u11c3")
    for code_point in unicode_form.code_points():
        if 0xAC00 <= code_point <= 0xD7A3:
            continue
        *base, mark = unicodedata.normalize("NFD", chr(code_point))
        if base:
            bases |= {chr(code_point), unicodedata.normalize("NFC", "".join(base))}
            marks.add(mark)
    bases = {base for base in bases if len(base) == 1}
    assert len(bases) > 1300
    assert len(marks) > 60
    assert differing(base + mark for base in bases for mark in marks) == []


def random_texts(count: int) -> Iterator[str]:
    """Bases of any kind, with at most one combining mark on each.

    Half of the bases come from blocks that people type, the others from all of Unicode,
    including white space, but without characters of URL escapes.
    """
    draw = random.Random(11)
    every = [chr(code_point) for code_point in unicode_form.code_points()]
    marks = [each for each in every if unicodedata.combining(each)]
    bases = [
        each for each in every if not unicodedata.combining(each) and each not in "%+"
    ]
    usual = [each for each in bases if ord(each) < 0x3400]
    pieces = [" ", "  ", "\u3000", "[email]", "ﬁ", "\u00ad", "４", "한"]

    def base() -> str:
        chosen = draw.random()
        if chosen < 0.15:
            return draw.choice(pieces)
        return draw.choice(usual if chosen < 0.6 else bases)

    for _ in range(count):
        yield "".join(
            base() + (draw.choice(marks) if draw.random() < 0.3 else "")
            for _ in range(draw.randint(1, 12))
        )


@needs_pinned_unicode
def test_random_texts_are_as_unicodedata_has_them() -> None:
    assert differing(random_texts(20_000)) == []


@needs_pinned_unicode
@pytest.mark.long
def test_many_random_texts_are_as_unicodedata_has_them() -> None:
    assert differing(random_texts(500_000)) == []


@needs_pinned_unicode
def test_a_text_that_a_browser_escaped_has_the_normal_form_of_what_was_typed() -> None:
    escaped = 0
    for text in random_texts(20_000):
        typed = text.replace("[email]", "100%+1")
        # Nobody types a control character.
        if any(unicodedata.category(each) == "Cc" for each in typed):
            continue
        written = urllib.parse.quote(typed, safe="")
        escaped += "%" in written
        assert normalize_query_text(written) == unicode_form.of_text(typed), typed
    assert escaped > 10_000


@needs_pinned_unicode
def test_the_pinned_tables_are_what_their_writer_writes(tmp_path: Path) -> None:
    pin_unicode.write_tables(tmp_path)
    for name in ("unicode_fold.csv", "unicode_composition.csv", "unicode_digit.csv"):
        assert (tmp_path / name).read_bytes() == (DATA / name).read_bytes()


def test_another_unicode_version_writes_no_table(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unicodedata, "unidata_version", "99.0.0")
    with pytest.raises(RuntimeError, match=r"Unicode 14\.0\.0.*has 99\.0\.0"):
        pin_unicode.write_tables(tmp_path)
    assert list(tmp_path.iterdir()) == []
