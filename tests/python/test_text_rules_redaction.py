"""What is replaced as personal data, and what is not."""

import ipaddress
import random
import unicodedata
from collections.abc import Iterator

import pytest

from clip_search.text_rules import redact_id, redact_text

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
    # Dots only as printed on cards: in fours, or 4-6-5.
    ("4111.1111.1111.1111", "[card]"),
    ("3782.822463.10005", "[card]"),
)
def test_card_numbers_are_replaced(typed: str, redacted: str) -> None:
    assert redact_text(typed) == redacted


@kept(
    "4111 1111 1111 1112",
    "411111111111",
    "x4111111111111111",
    "4111111111111111x",
    "41111111111111111111",
    "4111..1111..1111..1111",
    "4111.1111.11111111",
    "4111.1111 1111.1111",
    "urn:li:activity:6304000000000000000",
    "63040000-0000-0000-8000-000000000000",
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


# First digits and number of digits, as the networks publish them.
NETWORKS = (
    *(("4", size) for size in (13, 16, 19)),
    *((prefix, 16) for prefix in ("51", "55", "2221", "2229", "223", "2700", "2720")),
    *(("34", 15), ("37", 15)),
    *(
        (prefix, size)
        for prefix in ("300", "305", "3095", "38", "39")
        for size in (14, 16, 19)
    ),
    *(("36", size) for size in range(14, 20)),
    *((prefix, size) for prefix in ("6011", "644", "649", "65") for size in (16, 19)),
    *(
        (prefix, size)
        for prefix in ("3528", "3589", "62", "622126")
        for size in (16, 17, 19)
    ),
    *(
        (prefix, size)
        for prefix in (
            "5018",
            "5020",
            "5038",
            "5893",
            "6304",
            "6759",
            "6761",
            "6762",
            "6763",
        )
        for size in range(12, 20)
    ),
    *((prefix, size) for prefix in ("2200", "2204") for size in (16, 19)),
    *((prefix, 16) for prefix in ("60", "81", "82", "508", "353", "356", "9792")),
    *(
        (prefix, size)
        for prefix in ("506099", "506198", "650002", "507865")
        for size in (16, 19)
    ),
    *(
        (prefix, 16)
        for prefix in (
            "636368",
            "5067",
            "509",
            "606282",
            "637095",
            "2205",
            "9860",
            "8600",
        )
    ),
)


def number_of(draw: random.Random, prefix: str, size: int) -> str:
    """A number with these first digits and a correct check digit."""
    body = prefix + "".join(draw.choices("0123456789", k=size - len(prefix) - 1))
    return body + check_digit(body)


def as_printed(number: str, gap: str) -> str:
    """In groups as on a card: 4-6-5 and 4-6-4, all others in fours."""
    if len(number) in (14, 15):
        return gap.join((number[:4], number[4:10], number[10:]))
    return gap.join(number[start : start + 4] for start in range(0, len(number), 4))


@pytest.mark.parametrize(("prefix", "size"), NETWORKS)
def test_the_cards_of_all_networks_are_found(prefix: str, size: int) -> None:
    draw = random.Random(1)
    for _ in range(20):
        number = number_of(draw, prefix, size)
        assert redact_text(f"pay {number} now") == "pay [card] now"
        for gap in " -.":
            typed = f"pay {as_printed(number, gap)} now"
            assert redact_text(typed) == "pay [card] now", typed
        wrong = number[:-1] + str((int(number[-1]) + draw.randint(1, 9)) % 10)
        assert redact_text(f"pay {wrong} now") == f"pay {wrong} now"


@pytest.mark.parametrize(
    ("prefix", "size"),
    [
        *((first, size) for first in "017" for size in range(12, 20)),
        *(("2220", 16), ("2721", 16), ("306", 14), ("33", 15), ("34", 16), ("51", 15)),
        *(("4", 12), ("4", 14), ("2199", 16), ("3527", 16), ("3590", 16)),
        *(("9", 13), ("9793", 16), ("50", 13), ("62", 15), ("632", 12)),
    ],
)
def test_a_number_that_no_network_issues_is_no_card(prefix: str, size: int) -> None:
    draw = random.Random(2)
    for _ in range(50):
        number = number_of(draw, prefix, size)
        assert "[card]" not in redact_text(f"clip {number}")


def test_no_time_since_1970_is_a_card() -> None:
    draw = random.Random(3)
    first, last = 1104537600, 2051222400
    for _ in range(5000):
        seconds = draw.randrange(first, last)
        for more in (3, 6, 9):
            body = f"{seconds}{draw.randrange(10 ** (more - 1)):0{more - 1}}"
            number = body + check_digit(body)
            assert redact_text(f"at {number}") == f"at {number}"


# --- account numbers ---------------------------------------------------------------


@replaced(
    ("123-45-6789", "[ssn]"),
    ("my 123 45 6789, ok", "my [ssn], ok"),
    ("ssn:123.45.6789.", "ssn:[ssn]."),
    ("001-01-0001", "[ssn]"),
    ("899-99-9999", "[ssn]"),
    ("é123-45-6789é", "é[ssn]é"),
)
def test_social_security_numbers_are_replaced(typed: str, redacted: str) -> None:
    assert redact_text(typed) == redacted


@kept(
    "000-12-3456",
    "666-12-3456",
    "900-12-3456",
    "123-00-6789",
    "123-45-0000",
    "123-45 6789",
    "123456789",
    "1123-45-6789",
    "123-45-67890",
    "x123-45-6789",
    "123-45-6789x",
    "1-123-45-6789",
    "123-45-6789-1",
    "123--45--6789",
)
def test_other_groups_of_digits_are_no_social_security_number(typed: str) -> None:
    assert redact_text(typed) == typed


# The examples of SWIFT's registry.
IBANS = (
    "AD1200012030200359100100",
    "AE070331234567890123456",
    "AL47212110090000000235698741",
    "AT611904300234573201",
    "BE68539007547034",
    "BR1800360305000010009795493C1",
    "CH9300762011623852957",
    "CY17002001280000001200527600",
    "CZ6508000000192000145399",
    "DE89370400440532013000",
    "DK5000400440116243",
    "ES9121000418450200051332",
    "FI2112345600000785",
    "FR1420041010050500013M02606",
    "GB29NWBK60161331926819",
    "GR1601101250000000012300695",
    "IE29AIBK93115212345678",
    "IL620108000000099999999",
    "IT60X0542811101000000123456",
    "LU280019400644750000",
    "MT84MALT011000012345MTLCAST001S",
    "NL91ABNA0417164300",
    "NO9386011117947",
    "PL61109010140000071219812874",
    "PT50000201231234567890154",
    "SA0380000000608010167519",
    "SE4550000000058398257466",
    "TR330006100519786457841326",
    "UA213223130000026007233566001",
)


@pytest.mark.parametrize("iban", IBANS)
def test_bank_accounts_are_replaced(iban: str) -> None:
    fours = [iban[start : start + 4] for start in range(0, len(iban), 4)]
    for written in (iban, iban.lower(), " ".join(fours), "-".join(fours)):
        assert redact_text(f"pay {written} now") == "pay [iban] now"
        assert redact_text(f"iban:{written}.") == "iban:[iban]."


@pytest.mark.parametrize("iban", IBANS)
def test_an_iban_with_any_wrong_digit_or_length_is_none(iban: str) -> None:
    for place, digit in enumerate(iban[2:], start=2):
        if digit.isdigit():
            wrong = iban[:place] + str((int(digit) + 1) % 10) + iban[place + 1 :]
            assert "[iban]" not in redact_text(wrong), wrong
    for wrong in (f"{iban}1", f"x{iban}", iban[:-1], f"XX{iban[2:]}"):
        assert "[iban]" not in redact_text(wrong), wrong


@kept(
    # Their first sixteen characters are a Belgian IBAN with correct check digits.
    "be847cbd-ed70-4206-b9ff-c9f7c458e6c9",
    "{be847cbd-ed70-4206-b9ff-c9f7c458e6c9}",
)
def test_a_uuid_holds_no_iban(typed: str) -> None:
    assert redact_text(typed) == typed
    assert redact_id(typed) == typed


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
    # Other signs for it.
    ("anna@@example.com", "[email]"),
    ("jane.doe\\@x.com", "[email]"),
    ("jane.doe&#64;x.com", "[email]"),
    ("mail jane.doe&#x40;x.com!", "mail [email]!"),
    ("jane.doe&commat;x.com", "[email]"),
    (r"jane.doe\u0040x.com \u0041", r"[email] \u0041"),
    (r"jane\u002Bnews\u0040x.com", "[email]"),
    ("jane&#46;doe@x.com", "[email]"),
    # This computer.
    ("jane@localhost", "[email]"),
    ("root@LOCALHOST:25", "[email]:25"),
    ("jane@localhost.localdomain", "[email]"),
)
def test_mail_addresses_are_replaced(typed: str, redacted: str) -> None:
    assert redact_text(typed) == redacted


@kept(
    "joe at example dot com",
    "@example.com",
    "joe@",
    "joe@example",
    "joe@@example",
    "joe@localhosts",
    "joe@localhost-2",
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
    ("0049 30 1234567", "[phone]"),
    ("00 49 (30) 1234567", "[phone]"),
    ("004915123456789.", "[phone]."),
    ("0015551234567", "[phone]"),
    ("007 495 123-45-67", "[phone]"),
    ("0049301234567 0049307654321", "[phone] [phone]"),
    ("+15551234567+4930123456", "[phone][phone]"),
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
    "0012345678",
    "007 1962 2021",
    "0000012345678",
    "1 002 000 000 000",
    "x0049301234567",
    "004930123",
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
    # As escapes of JSON and HTML.
    (r"4111\u00201111\u00201111\u00201111", "[card]"),
    (r"\uff14111111111111111", "[card]"),
    (r"\ud835\udc23oe\u0040example.com", "[email]"),
    (r"joe\\u0040example\\u002ecom", "[email]"),
    (r"call \u002B4915123456789", "call [phone]"),
    (r"joe\x40example\x2ecom", "[email]"),
    (r"joe\@example\.com", "[email]"),
    ("joe@example&#46;com", "[email]"),
    ("joe&amp;#64;example.com", "[email]"),
    ("1&#48;.0.0.1", "[ip]"),
    ("joe&#64example.com", "[email]"),
    (r"joe\u{40}example\x{2e}com", "[email]"),
    ("joe%u0040example.com", "[email]"),
    ("joe&shy;@exam&ZeroWidthSpace;ple.com", "[email]"),
    ("555&nbsp;123&nbsp;4567", "[phone]"),
    # Digits of other scripts.
    ("٤١١١ ١١١١ ١١١١ ١١١١", "[card]"),
    ("५५५-१२३-४५६७", "[phone]"),
    ("۱۲۳-۴۵-۶۷۸۹", "[ssn]"),
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


# --- control characters ------------------------------------------------------------


@replaced(
    ("\x1b]0;title\x07jaws", "]0;titlejaws"),
    ("\x9b31mred\x7f", "31mred"),
    ("two\nlines\tand\x85more", "two lines and more"),
    ("a\x00b", "ab"),
    ("\x1b", ""),
    # They do not hide anything, and what they separate is not joined unseen.
    ("joe\x1b@exam\x00ple.com", "[email]"),
    ("4111111111111111\x015", "[card]5"),
    ("4111\x011111\x0111111111", "[card]"),
    ("%\x0140joe@\x1b[31mexample.com 10.0.\x070.1", "%40joe@[31mexample.com [ip]"),
)
def test_control_characters_vanish_or_become_spaces(typed: str, redacted: str) -> None:
    assert redact_text(typed) == redacted


def test_no_control_character_is_left() -> None:
    for code_point in range(0x110000):
        if unicodedata.category(chr(code_point)) == "Cc":
            assert redact_text(f"a{chr(code_point)}b") in ("ab", "a b")
            assert redact_id(f"a{chr(code_point)}b") in ("ab", "a b")
        elif code_point < 0x300:
            assert redact_text(f"a{chr(code_point)}b") == f"a{chr(code_point)}b"


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


# --- in ids ------------------------------------------------------------------------


@kept(
    "fb.1.1583846671000.144532362",
    "urn:li:activity:6304000000000000000",
    "evt:1583846671018",
    "https://video.example/clip/1583846671026",
    "https://video.example/clip/4111111111111111",
    "user|4111111111111111",
    "GA1.2.1234567890.1583846671",
    "tel:0049301234567",
)
def test_a_run_of_digits_in_an_id_is_no_card(typed: str) -> None:
    assert redact_id(typed) == typed


@replaced(
    ("4111 1111 1111 1111", "[card]"),
    ("4111-1111-1111-1111", "[card]"),
    ("user:4111.1111.1111.1111", "user:[card]"),
    ("user/3782-822463-10005", "user/[card]"),
    ("my card 4111111111111111", "my card [card]"),
    ("user:123-45-6789", "user:[ssn]"),
    ("joe@example.com", "[email]"),
    ("10.0.0.1", "[ip]"),
    ("user:+49301234567", "user:[phone]"),
    ("DE89 3704 0044 0532 0130 00", "[iban]"),
    ("joe@x.com%204111111111111111", "[email]%204111111111111111"),
    # The normal form, in which the address shows, has white space, too.
    ("ｊｏｅ＠ｘ．ｃｏｍ%204111111111111111", "[email] [card]"),
)
def test_personal_data_in_an_id_is_found(typed: str, redacted: str) -> None:
    assert redact_id(typed) == redacted


@pytest.mark.parametrize(("prefix", "size"), NETWORKS)
def test_the_cards_of_all_networks_are_found_in_ids_too(prefix: str, size: int) -> None:
    draw = random.Random(4)
    for gap in " -.":
        written = as_printed(number_of(draw, prefix, size), gap)
        assert redact_id(written) == "[card]", written
        assert redact_id(f"order:{written}") == "order:[card]"
