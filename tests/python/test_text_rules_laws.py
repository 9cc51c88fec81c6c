"""Properties of the text rules for any text."""

from unittest.mock import patch

from hypothesis import example, given, settings
from hypothesis import strategies as st

from clip_search.text_rules import (
    classify_query,
    normalize_query_text,
    redact_id,
    redact_text,
    redaction,
)

FRAGMENTS = (
    *("4111111111111111", "4111 1111", "1111 1111", "378282246310005", "13", "0"),
    *("joe@example.com", "@", "%40", "joe", "example.co.uk", ".", ".com", "xn--p1ai"),
    *("10.0.0.1", "256.1.1.1", "1.2.3.4.5", "..", "ios ", "version: ", "v", "="),
    *("fe80::1", "::", ":", "::ffff:10.0.0.1", "1:2:3:4:5:6:7:8", "12:30:45", "std::"),
    *("+", "+1 ", "15551234567", "555-123-4567", "(555) 123-4567", "555", "1234", "1"),
    *(
        " ",
        "  ",
        "\t",
        "\n",
        "-",
        "(",
        ")",
        ",",
        ";",
        "<",
        "[",
        "]",
        '"',
        "'",
        "’",
        "“",
    ),
    *("%", "%2", "%20", "%2540", "%C3%A9", "%c3", "%E2%82%AC", "%00", "%ED%A0%80"),
    *("ｊｏｅ＠ｘ．ｃｏｍ", "４１１１", "：", "＋", "．", "\u00ad", "\u200b", "\u3000"),
    *("é", "e\u0301", "\u0301", "\u0344", "ß", "İ", "Ǆ", "\u1100", "\u1161", "\u11a8"),
    *(
        "123-45-6789",
        "123 45 6789",
        "-45-",
        "DE89 3704 0044 0532 0130 00",
        "de89",
        "GB",
    ),
    *("4111.1111.1111.1111", "0049 30 1234567", "00", "@@", "localhost", "urn:a:", "&"),
    *("\\", "\\u0040", "\\x40", "\\@", "&#64;", "&commat;", "&amp;", "&#x2e;", "amp;"),
    *("٤١١١", "५", "%25", "%2525252525252540", "\\\\u002b", "\\ud835\\udc23", "&#0"),
    *("http://", "www.", "vimeo.com", ":80", "?q=", "#", "[email]", "[ip]", "Ab", "😀"),
)

TEXTS = st.one_of(
    st.lists(st.sampled_from(FRAGMENTS), max_size=9).map("".join),
    st.text(st.sampled_from("abZ019 .-@:%+()[]é４\u200b"), max_size=40),
    st.text(st.sampled_from("0123456789 .-()+"), max_size=40),
    st.text(st.characters(min_codepoint=1, exclude_categories=["Cs"]), max_size=20),
)


@settings(max_examples=3000, deadline=None)
@given(TEXTS)
@example("a%2540b.com/c%252540d.com")
@example("+123456789012345.1.2.3.4")
@example("x\n4111111111111111\n")
@example("%25404111111111111111")
@example("::Ǆ")
@example("555  123  4567")
@example("ß12345:fe80::1")
def test_redacting_twice_changes_nothing(text: str) -> None:
    redacted = redact_text(text)
    assert redact_text(redacted) == redacted


@settings(max_examples=1000, deadline=None)
@given(TEXTS)
@example("ｊｏｅ＠ｘ．ｃｏｍ%204111111111111111")
def test_redacting_an_id_twice_changes_nothing(text: str) -> None:
    redacted = redact_id(text)
    assert redact_id(redacted) == redacted


@settings(max_examples=3000, deadline=None)
@given(TEXTS)
@example("%25404111111111111111")
@example("%2540a%25252540b.com%25404111111111111111")
@example("a@b.ß")
@example("é:fe80::1")
def test_the_normal_form_shows_no_personal_data_that_would_be_found(text: str) -> None:
    normal = normalize_query_text(redact_text(text))
    assert redact_text(normal) == normal


@settings(max_examples=3000, deadline=None)
@given(TEXTS)
@example("555-1234")
@example("+1.5.5.5.1.2.3.4")
@example("1:2:3:4:5:6:7:8")
@example("\u0660.\u0661.\u0662.\u0663")
def test_the_quick_look_hides_no_personal_data(text: str) -> None:
    with patch.object(redaction, "_is_suspicious", lambda _: True):
        thorough = redact_text(text)
    assert redact_text(text) == thorough


@settings(max_examples=1000, deadline=None)
@given(TEXTS)
@example("%25252525")
def test_the_normal_form_has_single_spaces_and_none_at_the_ends(text: str) -> None:
    normal = normalize_query_text(text)
    assert normal == normal.strip(" ")
    assert "  " not in normal


@settings(max_examples=1000, deadline=None)
@given(TEXTS)
def test_a_text_has_the_kind_of_personal_data_exactly_if_some_was_redacted(
    text: str,
) -> None:
    redacted = redact_text(text)
    names = ("card", "iban", "ssn", "email", "ip", "phone")
    shown = [name for name in names if f"[{name}]" in redacted]
    kind = classify_query(redacted)
    assert kind == shown[0] if shown else kind in ("url", "text")


def test_a_longest_text_is_read_to_its_end() -> None:
    text = "é " * 1009 + "joe@example.com" + " 10.0.0.1 ok"
    assert len(text) <= 2048
    assert redact_text(text) == "é " * 1009 + "[email] [ip] ok"
