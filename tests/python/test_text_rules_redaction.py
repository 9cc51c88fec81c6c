"""What is replaced as personal data, and what is not."""

import ipaddress
import random
from collections.abc import Iterator

import pytest

from clip_search.text_rules import redact_text

CARD = "4111 1111 1111 1111"
"""A number that card networks publish for tests."""


def replaced(*cases: tuple[str, str]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize(("typed", "redacted"), cases)


def kept(*texts: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("typed", texts)


@kept("", " ", "short film", "the 39 steps", "Amélie", "リリカルスクール", "50% off")
def test_a_text_without_personal_data_is_not_touched(typed: str) -> None:
    assert redact_text(typed) == typed


# --- cards -------------------------------------------------------------------------


@replaced(
    (CARD, "[card]"),
    ("4111111111111111", "[card]"),
    ("5500-0000-0000-0004", "[card]"),
    ("378282246310005", "[card]"),
    ("my card 4111-1111 11111111, ok", "my card [card], ok"),
    ("4222222222222", "[card]"),
    ("6304 0000 0000 0000 000", "[card]"),
    # Digits that do not belong to it stay: 12 and 99 are separate groups.
    ("12 4111111111111111 99", "12 [card] 99"),
    # Two of them in one run.
    ("4111111111111111 378282246310005", "[card] [card]"),
    # A non-ASCII letter does not prevent it.
    ("é4111111111111111", "é[card]"),
)
def test_card_numbers_are_replaced(typed: str, redacted: str) -> None:
    assert redact_text(typed) == redacted


@kept(
    "4111 1111 1111 1112",
    "411111111111",
    "x4111111111111111",
    "4111111111111111x",
    "41111111111111111111",
    "4111.1111.1111.1111",
    "4111/1111/1111/1111",
)
def test_other_digits_are_no_card(typed: str) -> None:
    assert redact_text(typed) == typed


def check_digit(digits: str) -> str:
    """By the table in ISO/IEC 7812-1, annex B: a different method from the code's."""
    doubled = (0, 2, 4, 6, 8, 1, 3, 5, 7, 9)
    total = sum(
        doubled[int(digit)] if place % 2 == 0 else int(digit)
        for place, digit in enumerate(reversed(digits))
    )
    return str(-total % 10)


def test_a_card_number_is_known_by_its_check_digit() -> None:
    draw = random.Random(1)
    for size in range(13, 20):
        for _ in range(20):
            body = "".join(draw.choices("0123456789", k=size - 1))
            last = check_digit(body)
            wrong = str((int(last) + draw.randint(1, 9)) % 10)
            assert redact_text(f"pay {body}{last} now") == "pay [card] now"
            assert redact_text(f"pay {body}{wrong} now") == f"pay {body}{wrong} now"


# --- e-mail ------------------------------------------------------------------------


@replaced(
    ("joe@example.com", "[email]"),
    ("JOE.Blogs@Example.COM", "[email]"),
    ("mail joe+clips@mail.example.co.uk now", "mail [email] now"),
    ("o'neil_99@ex-ample.org", "[email]"),
    ("jörg@münchen.de", "[email]"),
    ("山田@例え.テスト", "[email]"),
    ("joe@xn--e1afmkfd.xn--p1ai", "[email]"),
    # The text around it stays.
    ("is it joe@example.com?", "is it [email]?"),
    ("joe@example.com.", "[email]."),
    ("joe@example.com...", "[email]..."),
    ("joe@example.com-", "[email]-"),
    ("'joe@example.com'", "'[email]'"),
    ("‘joe@example.com’", "‘[email]’"),
    ("“joe@example.com”", "“[email]”"),
    ("<joe@example.com>", "<[email]>"),
    ("(joe@example.com)", "([email])"),
    ("（joe@example.com）", "（[email]）"),
    ("mailto:joe@example.com", "mailto:[email]"),
    ("joe@example.com,ann@example.com;bob@example.com", "[email],[email];[email]"),
    ("joe@example.com/clips", "[email]/clips"),
    ("...joe@example.com", "...[email]"),
    # Labels end where the rule ends them.
    ("joe@example.com.4", "[email].4"),
    ("joe@example.com..org", "[email]..org"),
    ("joe@example.com-4", "[email]-4"),
    # A quoted local part may contain anything else.
    ('"joe blogs"@example.com', "[email]"),
    ('say "hi" to "joe, x"%40example.com.', 'say "hi" to [email].'),
    ('x"joe"@example.com', "x[email]"),
    ('"joe"@example "ann b"@example.org', '"joe"@example [email]'),
    ('joe"@example.com ann@example.com', 'joe"@example.com [email]'),
    # The nearest marker counts.
    ("a@b@example.com", "a@[email]"),
    ("joe@example.com@x", "[email]@x"),
    # Written as in a link.
    ("joe%40example.com", "[email]"),
    ("write joe%40example.com 100%40", "write [email] 100%40"),
    ("a%40b%40example.com", "a%40[email]"),
    ("https://x.org/?to=joe%40example.com", "https://x.org/[email]"),
)
def test_mail_addresses_are_replaced(typed: str, redacted: str) -> None:
    assert redact_text(typed) == redacted


@kept(
    "joe at example dot com",
    "@example.com",
    "joe@",
    "joe@example",
    "joe@example.c",
    "joe@example.c0m",
    "joe@example.123",
    "joe@.example.com",
    "joe@-example.com",
    "joe@example-.com",
    "joe@ example.com",
    "joe @example.com",
    "joe@exam_ple.com",
    ".'@example.com",
    '""@example.com',
    '"joe blogs" @example.com',
    '"joe blogs"@example',
    "meet me @ noon. ok",
)
def test_what_is_no_mail_address_is_kept(typed: str) -> None:
    assert redact_text(typed) == typed


def mail_addresses() -> Iterator[str]:
    """A few hundred generated addresses: each local part with each domain."""
    locals_ = [
        "a",
        "joe",
        "joe.blogs",
        "joe+tag",
        "o'neil",
        "x_1",
        "9",
        "j-b",
        "ü",
        "a&b",
    ]
    hosts = ["b", "example", "ex-ample", "1and1", "mail.example", "a.b.c", "例え"]
    for local in locals_:
        for host in hosts:
            for top in ("co", "com", "museum", "co.uk", "xn--p1ai"):
                yield f"{local}@{host}.{top}"


def test_every_mail_address_goes_and_nothing_around_it() -> None:
    for address in mail_addresses():
        for before, after in (("", ""), ("mail ", " now"), ("<", ">,"), ("(", ").")):
            typed = f"{before}{address}{after}"
            assert redact_text(typed) == f"{before}[email]{after}", typed


def test_without_its_marker_no_mail_address_is_one() -> None:
    for address in mail_addresses():
        typed = f"mail {address.replace('@', ' ')} now"
        assert redact_text(typed) == typed


# --- IP addresses ------------------------------------------------------------------


@replaced(
    ("192.168.0.1", "[ip]"),
    ("9.0.0.0", "[ip]"),
    ("255.255.255.255", "[ip]"),
    ("ping 10.0.0.1.", "ping [ip]."),
    ("10.0.0.1:8080", "[ip]:8080"),
    ("10.0.0.1/24", "[ip]/24"),
    ("10.0.0.1-10.0.0.9", "[ip]-[ip]"),
    ("10.0.0.1..5", "[ip]..5"),
    ("é10.0.0.1é", "é[ip]é"),
    ("curious 1.2.3.4", "curious [ip]"),
    ("ios, 1.2.3.4", "ios, [ip]"),
    ("ios 1.2.3.4 and 5.6.7.8", "ios 1.2.3.4 and [ip]"),
)
def test_ipv4_addresses_are_replaced(typed: str, redacted: str) -> None:
    assert redact_text(typed) == redacted


@kept(
    "256.1.1.1",
    "1.2.3",
    "1.2.3.4.5",
    "01.2.3.4",
    "1.2.3.04",
    "1.2.3.4a",
    "v1.2.3.4",
    "1..2.3.4",
    "1.2.3.1000",
)
def test_other_dotted_numbers_are_kept(typed: str) -> None:
    assert redact_text(typed) == typed


@kept(
    "ios 1.2.3.4",
    "Version: 1.2.3.4",
    "firmware = 1.2.3.4",
    "CHROME-1.2.3.4",
    "v 1.2.3.4",
)
def test_a_version_is_no_address(typed: str) -> None:
    assert redact_text(typed) == typed


@replaced(
    ("fe80::1", "[ip]"),
    ("2001:db8:0:0:0:0:2:1", "[ip]"),
    ("2001:DB8::A", "[ip]"),
    ("::1", "[ip]"),
    ("1::", "[ip]"),
    ("::ffff:192.0.2.1", "[ip]"),
    ("64:ff9b::192.0.2.33.", "[ip]."),
    ("2001:db8:1:2:3:4:192.0.2.1", "[ip]"),
    ("at fe80::1: here", "at [ip]: here"),
    ("[fe80::1]:443", "[[ip]]:443"),
    ("fe80::1%eth0", "[ip]%eth0"),
    ("fe80::1/64", "[ip]/64"),
    ("host=fe80::1,", "host=[ip],"),
    # A word with a colon before it is not one of its groups.
    ("ip:fe80::1", "ip:[ip]"),
    ("IPv6:2001:db8::1.", "IPv6:[ip]."),
    ("my.host:::1", "my.host:[ip]"),
    ("a:x fe80::1 y:b fe80::2", "a:x [ip] y:b [ip]"),
    # The word may be in any script.
    ("адрес:fe80::1", "адрес:[ip]"),
    ("地址:::1", "地址:[ip]"),
    (":1:2:3:4:5:6:7:8", ":[ip]"),
    ("src:ip:1:2:3:4:5:6:7:8: lost", "src:ip:[ip]: lost"),
)
def test_ipv6_addresses_are_replaced(typed: str, redacted: str) -> None:
    assert redact_text(typed) == redacted


@kept(
    "::",
    "std::abs",
    "std::vector::at",
    "12:30:45",
    "00:01:02:03",
    "aa:bb:cc:dd:ee:ff",
    "1:2:3:4:5:6:7",
    "1:2:3:4:5:6:7:8:9",
    "1::2::3",
    "1:::2",
    "12345::1",
    ":12:30:45",
    "1:2:3:4:5:6:7:8::",
    "g::1",
    "std::fe80::1",
    "g12:",
)
def test_other_colons_are_kept(typed: str) -> None:
    assert redact_text(typed) == typed


def test_ipv6_is_what_the_standard_library_takes_for_it() -> None:
    draw = random.Random(2)
    groups = ["1", "ff", "0", "ABCD", "0a", "12345", "g", "1.2.3.4", "256.1.1.1"]
    separators = [":", ":", ":", ":", ":", "::", ":::"]
    addresses = 0
    for _ in range(4000):
        typed = draw.choice(["", "", "::", ":"])
        for _ in range(draw.randint(1, 8)):
            typed += draw.choices(groups, weights=[9, 9, 9, 9, 9, 1, 1, 4, 1])[0]
            typed += draw.choice(separators)
        if draw.random() < 0.8:
            typed = typed.rstrip(":")
        elif not typed.endswith("::"):
            continue
        try:
            ipaddress.IPv6Address(typed)
        except ValueError:
            assert redact_text(typed) != "[ip]" or _is_ipv4(typed), typed
        else:
            assert redact_text(typed) == "[ip]", typed
            addresses += 1
    assert addresses > 200


def _is_ipv4(text: str) -> bool:
    try:
        ipaddress.IPv4Address(text)
    except ValueError:
        return False
    return True


def test_all_ways_to_write_an_ipv6_address_are_known() -> None:
    draw = random.Random(3)
    for _ in range(300):
        number = 0
        for _ in range(8):
            group = draw.choice([0, 0, draw.getrandbits(16)])
            number = number * 65536 + group
        address = ipaddress.IPv6Address(number)
        for written in (address.compressed, address.exploded, address.exploded.upper()):
            if written != "::":
                assert redact_text(f"at {written}, ok") == "at [ip], ok"


def test_ipv4_is_what_the_standard_library_takes_for_it() -> None:
    draw = random.Random(4)
    parts = [
        "0",
        "1",
        "9",
        "10",
        "99",
        "100",
        "199",
        "200",
        "249",
        "255",
        "256",
        "00",
        "01",
    ]
    addresses = 0
    for _ in range(1500):
        typed = ".".join(
            draw.choices([*parts, "300", "10000"], k=draw.choice([3, 4, 4, 4, 5]))
        )
        addresses += _is_ipv4(typed)
        assert redact_text(typed) == ("[ip]" if _is_ipv4(typed) else typed)
    assert addresses > 100


# --- phone numbers -----------------------------------------------------------------


@replaced(
    ("+15551234567", "[phone]"),
    ("+1 555 123 4567", "[phone]"),
    ("+1 (555) 123-4567", "[phone]"),
    ("+49.30.1234567", "[phone]"),
    ("+(49) 30 1234567", "[phone]"),
    ("+12345678", "[phone]"),
    ("+123456789012345", "[phone]"),
    ("(+49 30 1234567)", "([phone])"),
    ("+15551234567.", "[phone]."),
    ("+49 30 12345678 2019 2020", "[phone] 2019 2020"),
    ("+49 30/1234567", "[phone]"),
    ("+49 (30) / 123 - 4567", "[phone]"),
    ("+1 555 123 4567x89", "[phone]x89"),
    ("555-123-4567X8", "[phone]X8"),
    ("001-555-123-4567", "[phone]"),
    ("001 (555) 123-4567", "[phone]"),
    ("001(555)123-4567", "[phone]"),
    ("555-123-4567", "[phone]"),
    ("555 123.4567", "[phone]"),
    ("(555) 123-4567", "[phone]"),
    ("(555)123-4567", "[phone]"),
    ("1-555-123-4567", "[phone]"),
    ("1 (555) 123-4567", "[phone]"),
    ("call 555-123-4567.", "call [phone]."),
    ("555 555 123 4567", "555 [phone]"),
    ("2 555 123 4567", "2 [phone]"),
    ("555-123-4567 or (555) 765-4321", "[phone] or [phone]"),
)
def test_phone_numbers_are_replaced(typed: str, redacted: str) -> None:
    assert redact_text(typed) == redacted


@kept(
    "+1234567",
    "+1234567890123456",
    "x+15551234567",
    "+1555123456x",
    "+49)) 30 1234567",
    "+49 )30 1234567",
    "+49.-30 1234567",
    "+49(( 30 1234567",
    "+49( 30 1234567",
    "+)49 30 1234567",
    "5551234567",
    "555-1234567",
    "555-123-456",
    "555-123-45678",
    "5555-123-4567",
    "x555-123-4567",
    "555-123-4567x",
    "555-123-4567xy",
    "+15551234567xy",
    "01-555-123-4567",
    "+49 -- 30 1234567",
    "+49 /- 30 1234567",
    "+49  30  12",
    "2-555-123-4567",
    "555-123-4567-8",
    "555.123.4567.8",
    "555/123/4567",
    "2020-03-10",
    "2020-03-10 09:24:31.000 -0400",
    "2019-05-30 18:34:31+02:00",
    "2020-03-10T13:24:31+0800",
    "+08:00",
    "19840101",
)
def test_other_numbers_are_kept(typed: str) -> None:
    assert redact_text(typed) == typed


def test_all_ways_to_write_a_phone_number_are_known() -> None:
    for area in ("555{}", "(555){}", "(555)"):
        for first in " .-":
            for second in " .-":
                for trunk in ("", "1 ", "1-", "1.", "+1 ", "+1-", "+1"):
                    number = f"{trunk}{area.format(first)}123{second}4567"
                    assert redact_text(f"call {number}!") == "call [phone]!", number


# --- in disguise -------------------------------------------------------------------


@replaced(
    ("ＪＯＥ＠ｅｘａｍｐｌｅ．ｃｏｍ", "[email]"),
    ("𝐣𝐨𝐞@𝐞𝐱𝐚𝐦𝐩𝐥𝐞.𝐜𝐨𝐦", "[email]"),
    ("joe＠example.com", "[email]"),
    ("joe%2540example.com", "[email]"),
    ("joe@exam%70le%2Ecom", "[email]"),
    ("４１１１ １１１１ １１１１ １１１１", "[card]"),
    ("4111\u00ad1111\u200b1111\u20601111", "[card]"),
    ("4111  1111\t1111\n1111", "[card]"),
    ("4111%201111%201111%201111", "[card]"),
    ("１０.0.0.１", "[ip]"),
    ("10.0.\u200b0.1", "[ip]"),
    ("fe80：：1", "[ip]"),
    # A letter that becomes ASCII turns the text before the colon into a word.
    ("ß12345:fe80::1", "ss12345:[ip]"),
    ("555\u00a0123\u00a04567", "[phone]"),
    ("555\u00ad-123-4567", "[phone]"),
    ("555  123  4567", "[phone]"),
    ("＋49 30 1234567", "[phone]"),
    # The rest is the normal form of the whole text.
    ("Ａ joe＠example.com Ｂ", "a [email] b"),
    # Nested escapes, at any depth.
    ("a%2540b.com/c%252540d.com", "[email]/[email]"),
    ("%25404111111111111111", "@[card]"),
    ("joe%25252540example.com", "[email]"),
)
def test_personal_data_in_disguise_is_replaced(typed: str, redacted: str) -> None:
    assert redact_text(typed) == redacted


@replaced(
    ("Ａ joe@example.com Ｂ", "Ａ [email] Ｂ"),
    ("Café\u00ad 4111111111111111", "Café\u00ad [card]"),
    ("50%25 of joe@example.com", "50%25 of [email]"),
    ("50%252525", "50%252525"),
)
def test_a_text_is_left_as_typed_where_nothing_is_in_disguise(
    typed: str, redacted: str
) -> None:
    assert redact_text(typed) == redacted


# --- several kinds -----------------------------------------------------------------


@replaced(
    (
        "joe@example.com 10.0.0.1 555-123-4567 4111111111111111",
        "[email] [ip] [phone] [card]",
    ),
    # A card in an address is replaced first, and then there is no address.
    ("4111111111111111@example.com", "[card]@example.com"),
    # The rest of a phone number is an address.
    ("+123456789012345.1.2.3.4", "[phone].[ip]"),
    ("[email] [card] [ip] [phone]", "[email] [card] [ip] [phone]"),
)
def test_kinds_are_replaced_in_order(typed: str, redacted: str) -> None:
    assert redact_text(typed) == redacted
