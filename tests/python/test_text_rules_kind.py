"""What kind of query a redacted text is."""

import pytest

from clip_search.text_rules import classify_query


@pytest.mark.parametrize(
    ("redacted", "kind"),
    [
        ("my [card]", "card"),
        ("[email]", "email"),
        ("[ip]:80", "ip"),
        ("call [phone]", "phone"),
        ("[iban]", "iban"),
        ("my [ssn]", "ssn"),
        ("[phone] [ip] [email] [ssn] [iban] [card]", "card"),
        ("[phone] [ip] [email] [ssn] [iban]", "iban"),
        ("[phone] [ip] [email] [ssn]", "ssn"),
        ("[phone] [ip] [email]", "email"),
        ("[phone] [ip]", "ip"),
        ("http://[ip]/clips", "ip"),
        ("", "text"),
        ("short film", "text"),
        ("[Card]", "text"),
    ],
)
def test_placeholders_say_the_kind_the_first_in_order(redacted: str, kind: str) -> None:
    assert classify_query(redacted) == kind


@pytest.mark.parametrize(
    "redacted",
    [
        "http://example.org",
        "https://www.example.org/a b",
        "  HTTPS://EXAMPLE.ORG",
        "ftp://x",
        "www.example",
        "www.x and more",
        "see https://example.org/a",
        "clip:http://example.org",
        "vimeo.com",
        "bit.ly/abc",
        "пример.рф",
        "Vimeo.COM",
        "\u3000vimeo.com\u3000",
        "player.vimeo.com/video/1?x=2",
        "vimeo.com:80",
        "vimeo.com:8080/x",
        "vimeo.com?x",
        "vimeo.com#x",
        "münchen.de",
        "walker-bates.org",
        "x--y.com",
    ],
)
def test_links_are_known(redacted: str) -> None:
    assert classify_query(redacted) == "url"


@pytest.mark.parametrize(
    "redacted",
    [
        "d.a.r.y.l.",
        "st. petersburg",
        "mr.director",
        "despicable.me",
        "let.it.be",
        "saturday.night.live",
        "12:30:45",
        "com",
        ".com",
        "vimeo.com.",
        "vimeo..com",
        "-vimeo.com",
        "vimeo-.com",
        "vim_eo.com",
        "vimeo.com trailer",
        "vimeo.com:",
        "vimeo.com:x",
        "vimeo.com:123456",
        "www. example",
        "www.",
        "xhttp://example",
        "http:/example",
        "a/b.com",
    ],
)
def test_what_only_looks_like_a_link_is_text(redacted: str) -> None:
    assert classify_query(redacted) == "text"
