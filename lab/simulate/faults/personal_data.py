"""Queries with personal data that belongs to nobody.

Each is built from parts with a known outcome (the data is at a known position), so the
truth is never derived from the written text. Card numbers are published test numbers;
telephone numbers, IP addresses and hosts come from the ranges reserved for examples
(555-01xx, 020 7946 0xxx, RFC 5737, RFC 3849, RFC 2606). The social security numbers
were printed in advertisements and withdrawn; the IBANs are examples of the registry.
"""

from collections.abc import Callable

from lab.simulate import vocabulary
from lab.simulate.chance import Chance
from lab.simulate.query import Maker, Query


def private(kind: str, value: Callable[[Chance], str], *sentences: str) -> Maker:
    """A function that makes queries with personal data.

    Args:
        kind: The kind of data; its placeholder is `[kind]`.
        value: Makes the data.
        sentences: ASCII texts, single-spaced, with `{}` for the data.
    """

    def make(chance: Chance) -> Query:
        sentence = chance.pick(sentences)
        kept = sentence.format(f"[{kind}]")
        data = value(chance)
        return Query(sentence.format(data), kept, kept.lower(), kind, (data,))

    return make


def email(chance: Chance) -> str:
    """An address at one of the example domains."""
    name = f"{chance.pick(vocabulary.FIRST_NAMES)}"
    name = "andre" if name == "andré" else name
    local = chance.pick(
        (
            f"{name}{vocabulary.surname(chance)}",
            f"{name}.{vocabulary.surname(chance)}",
            f"{name}{chance.between(10, 99)}",
            f"{name}+clips",
            f"{name[0]}{vocabulary.surname(chance)}",
        )
    )
    return f"{local}@{chance.pick(_MAIL_HOSTS)}"


def ipv4(chance: Chance) -> str:
    """An address in one of the three networks for documentation."""
    return chance.pick(_NETWORKS) + str(chance.between(1, 254))


def ipv6(chance: Chance) -> str:
    """An address of 2001:db8::/32, whole or shortened."""
    tail = f"{chance.between(1, 0xFFFF):x}"
    return chance.pick(
        (
            f"2001:db8::{tail}",
            f"2001:db8:85a3::8a2e:370:{tail}",
            f"2001:0db8:85a3:0000:0000:8a2e:0370:{tail}",
            f"2001:DB8::192.0.2.{chance.between(1, 254)}",
        )
    )


def card(chance: Chance) -> str:
    """A card issuer's published test number, without separators."""
    return chance.pick(_CARDS)


def spaced_card(chance: Chance) -> str:
    """A card issuer's published test number, in groups."""
    return chance.pick(_GROUPED_CARDS)


def hyphenated_card(chance: Chance) -> str:
    """A card issuer's published test number, in groups joined by hyphens."""
    return chance.pick(_GROUPED_CARDS).replace(" ", "-")


def international_phone(chance: Chance) -> str:
    """A telephone number with its country code."""
    last = f"{chance.between(100, 199):04}"
    return chance.pick((f"+1202555{last}", f"+1 202 555 {last}", f"+1-305-555-{last}"))


def local_phone(chance: Chance) -> str:
    """A telephone number of ten digits in three groups."""
    separator = chance.pick(("-", ".", " "))
    area = chance.pick(("202", "305", "415", "617"))
    return separator.join((area, "555", f"{chance.between(100, 199):04}"))


def dialled_phone(chance: Chance) -> str:
    """A telephone number with 00 and its country code."""
    last = chance.between(0, 999)
    return chance.pick((f"0044 20 7946 0{last:03}", f"00442079460{last:03}"))


def social_security_number(chance: Chance) -> str:
    """A number of the United States that belongs to nobody any more."""
    return chance.pick(("078-05-1120", "219-09-9999", "078 05 1120"))


def iban(chance: Chance) -> str:
    """An account number from the examples of the registry."""
    return chance.pick(
        (
            "DE89370400440532013000", "DE89 3704 0044 0532 0130 00",
            "GB29 NWBK 6016 1331 9268 19", "FR1420041010050500013M02606",
        )
    )  # fmt: skip


def dotted_card(chance: Chance) -> str:
    """A card issuer's published test number, in groups joined by dots."""
    return chance.pick(_GROUPED_CARDS).replace(" ", ".")


def doubled_email(chance: Chance) -> str:
    """An address whose sign was typed twice."""
    return email(chance).replace("@", "@@")


def several_kinds(chance: Chance) -> Query:
    """Personal data of two kinds in one query."""
    address = email(chance)
    if chance.flag(0.5):
        number = card(chance)
        kept = "refund [card] to [email]"
        typed = f"refund {number} to {address}"
        return Query(typed, kept, kept, "card", (number, address))
    number = local_phone(chance)
    kept = "[email] or [phone]"
    return Query(f"{address} or {number}", kept, kept, "email", (address, number))


_MAIL_HOSTS = (
    "example.com", "example.org", "example.net", "mail.example.com",
    "films.example.org",
)  # fmt: skip
_NETWORKS = ("192.0.2.", "198.51.100.", "203.0.113.")
_CARDS = (
    "4111111111111111", "5555555555554444", "378282246310005", "6011111111111117",
    "30569309025904", "3530111333300000", "4222222222222",
)  # fmt: skip
_GROUPED_CARDS = (
    "4111 1111 1111 1111", "5555 5555 5555 4444", "3782 822463 10005",
    "6011 1111 1111 1117",
)  # fmt: skip

MAKERS: dict[str, Maker] = {
    "email": private("email", email, "{}"),
    "email_in_text": private(
        "email",
        email,
        "showreel by {}",
        "{} wedding film",
        "mail {}.",
        "Contact: {}, drone pilot",
    ),
    "ipv4": private("ip", ipv4, "{}"),
    "ipv4_in_text": private(
        "ip", ipv4, "webcam {} live", "stream ({})", "camera feed {}:8080"
    ),
    "ipv6": private("ip", ipv6, "{}"),
    "ipv6_in_text": private("ip", ipv6, "webcam {} live", "camera feed [{}]"),
    "card": private("card", card, "{}", "visa {}", "pay with {} please"),
    "card_spaced": private("card", spaced_card, "{}", "my card {} film school"),
    "card_hyphenated": private("card", hyphenated_card, "{}", "Card: {}"),
    "phone_international": private(
        "phone", international_phone, "{}", "call {} for casting"
    ),
    "phone_local": private(
        "phone", local_phone, "{}", "film crew {}", "Call {} casting"
    ),
    "several_personal_data": several_kinds,
    "email_doubled": private("email", doubled_email, "{}", "mail {} now"),
    "card_dotted": private("card", dotted_card, "{}", "card {} film"),
    "phone_dialled": private("phone", dialled_phone, "{}", "casting {} london"),
    "ssn": private("ssn", social_security_number, "{}", "my number {} film"),
    "iban": private("iban", iban, "{}", "pay {} please"),
}
"""Queries with personal data, by the fault's name."""
