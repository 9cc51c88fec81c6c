"""Queries that are not simply words: what is typed, and what must become of it.

Each is put together from parts whose fate is known (personal data stands at a known
place, an odd spelling comes with its normal form), so the truth is never worked out
from the text that is written. Card numbers are published test numbers; telephone
numbers, IP addresses and hosts come from the ranges kept free for examples (555-01xx,
RFC 5737, RFC 3849, RFC 2606).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from clip_search.simulate import vocabulary
from clip_search.simulate.chance import Chance

LONGEST_VALUE = 2_048
"""Characters a value may have; one more makes its row a malformed line."""


@dataclass(frozen=True, slots=True)
class Query:
    """A query and its truth.

    Attributes:
        typed: What the log holds.
        kept: `search_query` of the clean table: personal data replaced, else as typed.
        text: `query_text` of the clean table: the normal form.
        kind: card, email, ip, phone, url or text.
        meant: What a typist in a hurry had in mind, where that is known.
    """

    typed: str
    kept: str
    text: str
    kind: str = "text"
    meant: str | None = None


Maker = Callable[[Chance], Query]


def plain(typed: str) -> Query:
    """A query of the vocabulary: words in lower case, one space between them."""
    return Query(typed, typed, typed)


def spelled(typed: str, text: str) -> Query:
    """A query without personal data whose normal form is given."""
    return Query(typed, typed, text)


def private(kind: str, value: Callable[[Chance], str], *sentences: str) -> Maker:
    """A maker of queries that hold personal data.

    Args:
        kind: What the data is; its placeholder is `[kind]`.
        value: Makes the data.
        sentences: Texts in ASCII, single-spaced, with `{}` where the data stands.
    """

    def make(chance: Chance) -> Query:
        sentence = chance.pick(sentences)
        kept = sentence.format(f"[{kind}]")
        return Query(sentence.format(value(chance)), kept, kept.lower(), kind)

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
    """An address of the three networks for documentation."""
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
    """A card maker's published test number, written without gaps."""
    return chance.pick(_CARDS)


def spaced_card(chance: Chance) -> str:
    """A card maker's published test number, in groups."""
    return chance.pick(_GROUPED_CARDS)


def hyphenated_card(chance: Chance) -> str:
    """A card maker's published test number, in groups joined by hyphens."""
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


def url(chance: Chance) -> Query:
    """An address of a page, pasted into the wrong box."""
    host = f"{vocabulary.surname(chance)}-{chance.pick(_HOST_ENDS)}"
    page = chance.pick(
        ("", "/", "/about.php", "/login.html", "/blog/tags", "/clips/183920", "/Reel")
    )
    start = chance.pick(("https://www.", "https://", "http://", "www.", ""))
    typed = f"{start}{host}{page if start else page or '/'}"
    return Query(typed, typed, typed.lower(), "url")


def everyday_words(chance: Chance) -> Query:
    """One to three everyday words, the first with a capital letter."""
    words = [
        chance.pick(vocabulary.EVERYDAY) for _ in range(chance.pick((1, 1, 2, 2, 3)))
    ]
    text = " ".join(words)
    return Query(text.capitalize(), text.capitalize(), text)


def run_together(chance: Chance) -> Query:
    """Words with a space too few; now and then it stands in the wrong place."""
    meant = chance.pick((vocabulary.title, vocabulary.full_name))(chance)
    words = meant.split()
    gap = chance.below(len(words) - 1)
    first, second = words[gap], words[gap + 1]
    joined = first + second
    if len(second) > 3 and chance.flag(0.15):
        joined = f"{first}{second[:2]} {second[2:]}"
    typed = " ".join([*words[:gap], joined, *words[gap + 2 :]])
    return Query(typed, typed, typed, meant=meant)


def misspelled(chance: Chance) -> Query:
    """A query with one slip of the finger in its longest word."""
    while True:
        meant = vocabulary.query(chance)
        word = max(meant.split(), key=len)
        if len(word) >= 5 and word.isascii() and word.isalpha():
            break
    slip = _slip(chance, word)
    typed = meant.replace(word, slip, 1)
    return Query(typed, typed, typed, meant=meant)


def _slip(chance: Chance, word: str) -> str:
    """A letter left out, doubled, swapped with the next, or a wrong vowel."""
    while True:
        at = chance.between(1, len(word) - 2)
        before, letter, after = word[:at], word[at], word[at + 1 :]
        slip = chance.pick(
            (
                before + after,
                before + letter + letter + after,
                before + after[0] + letter + after[1:],
                before + _WRONG_VOWEL.get(letter, letter) + after,
            )
        )
        if slip != word:
            return slip


def long_query(length: int) -> str:
    """Words up to exactly `length` characters."""
    return ("slow light over the frozen river " * (length // 33 + 1))[
        : length - 1
    ] + "x"


def longest(chance: Chance) -> Query:
    """The longest query that is still a record."""
    del chance
    return plain(long_query(LONGEST_VALUE))


_MAIL_HOSTS = (
    "example.com", "example.org", "example.net", "mail.example.com",
    "films.example.org",
)  # fmt: skip
_NETWORKS = ("192.0.2.", "198.51.100.", "203.0.113.")
_HOST_ENDS = ("films.example.com", "media.example.org", "studio.example.net")
_CARDS = (
    "4111111111111111", "5555555555554444", "378282246310005", "6011111111111117",
    "30569309025904", "3530111333300000", "4222222222222",
)  # fmt: skip
_GROUPED_CARDS = (
    "4111 1111 1111 1111", "5555 5555 5555 4444", "3782 822463 10005",
    "6011 1111 1111 1117",
)  # fmt: skip
_WRONG_VOWEL = {"a": "e", "e": "i", "i": "e", "o": "u", "u": "o", "y": "i"}

_PERSONAL: dict[str, Sequence[Maker]] = {
    "email": (private("email", email, "{}"),),
    "email_in_text": (
        private(
            "email", email, "showreel by {}", "{} wedding film", "mail {}.",
            "Contact: {}, drone pilot",
        ),
    ),
    "ipv4": (private("ip", ipv4, "{}"),),
    "ipv4_in_text": (
        private("ip", ipv4, "webcam {} live", "stream ({})", "camera feed {}:8080"),
    ),
    "ipv6": (private("ip", ipv6, "{}"),),
    "ipv6_in_text": (private("ip", ipv6, "webcam {} live", "camera feed [{}]"),),
    "card": (private("card", card, "{}", "visa {}", "pay with {} please"),),
    "card_spaced": (private("card", spaced_card, "{}", "my card {} film school"),),
    "card_hyphenated": (private("card", hyphenated_card, "{}", "Card: {}"),),
    "phone_international": (
        private("phone", international_phone, "{}", "call {} for casting"),
    ),
    "phone_local": (
        private("phone", local_phone, "{}", "film crew {}", "Call {} casting"),
    ),
}  # fmt: skip


def _several_kinds(chance: Chance) -> Query:
    kept = "refund [card] to [email]"
    typed = f"refund {card(chance)} to {email(chance)}"
    if chance.flag(0.5):
        return Query(typed, kept, kept, "card")
    kept = "[email] or [phone]"
    typed = f"{email(chance)} or {local_phone(chance)}"
    return Query(typed, kept, kept, "email")


def makers() -> dict[str, Maker]:
    """All kinds of odd query but the fixed ones, by the fault's name."""
    return {
        **{name: only for name, (only,) in _PERSONAL.items()},
        "several_personal_data": _several_kinds,
        "url": url,
        "everyday_words": everyday_words,
        "run_together": run_together,
        "misspelling": misspelled,
        "longest_query": longest,
    }


FIXED: dict[str, tuple[Query, ...]] = {
    "card_near_miss": (
        plain("4111111111111112"),
        plain("4111 1111 1111 1112"),
        plain("reel 5555555555554445"),
        plain("order 411111111111"),
    ),
    "version_not_ip": (
        plain("ios 1.2.3.4"),
        plain("version: 2.0.1.7"),
        spelled("iOS 4.3.2.1 screen recording", "ios 4.3.2.1 screen recording"),
    ),
    "ip_near_miss": (
        plain("999.1.1.1"),
        plain("192.0.2.256"),
        plain("192.0.2"),
        plain("chapter 1.2.3.4.5"),
    ),
    "colon_near_miss": (
        plain("std::abs"),
        plain("12:30:45"),
        plain("00:01:02:03"),
        plain("16:9 :: 4:3"),
    ),
    "phone_near_miss": (
        plain("2019-05-30"),
        plain("555-0123"),
        plain("1920x1080 60-120 fps"),
        plain("202-555-01234"),
    ),
    "email_near_miss": (
        plain("meet me @ the harbour"),
        plain("@northlight"),
        plain("anna at example dot com"),
    ),
    "fullwidth": (
        spelled("４k", "4k"),
        spelled("ＤＲＯＮＥ", "drone"),
        spelled("ｓｌｏｗ　ｌｉｇｈｔ", "slow light"),
        spelled("１６ｍｍ film", "16mm film"),
        spelled("music　video", "music video"),
    ),
    "soft_hyphen": (
        spelled("time\u00adlapse", "timelapse"),
        spelled("docu\u00admentary film", "documentary film"),
        spelled("paper\u00ad\u201d moon", "paper\u201d moon"),
        spelled("light\u00adhouse", "lighthouse"),
    ),
    "invisible_character": (
        spelled("drone\u200b reel", "drone reel"),
        spelled("\ufeffwedding", "wedding"),
        spelled("new\u2060york", "newyork"),
        spelled("slow\u00a0light", "slow light"),
        spelled("jazz\u2003club", "jazz club"),
    ),
    "invisible_only": (
        spelled("\u200b\u00ad", ""),
        spelled("\u200d", ""),
        spelled("\u2060\ufeff\u2060", ""),
    ),
    "curly_quotes": (
        plain("\u2018slow light\u2019"),
        plain("\u201cthe paper moon\u201d"),
        plain("don\u2019t look down"),
        plain("velvet lanterns \u2013 iron snow"),
        spelled("Wait for it\u2026", "wait for it..."),
    ),
    "mojibake": (
        plain("cinã©ma norvège"),
        plain("amã©lie kova"),
        plain("niã±o del mar"),
        spelled("dã¼sseldorf nights", "dã1\u20444sseldorf nights"),
        spelled("donâ€™t look", "donâ€tmt look"),
    ),
    "plus_for_space": (
        spelled("short+film", "short film"),
        spelled("stop+motion+paper", "stop motion paper"),
        spelled("Music+Video", "music video"),
        spelled("drone+2019", "drone 2019"),
        spelled("café+noir", "café noir"),
    ),
    "plus_kept": (
        plain("c++"),
        plain("1+1"),
        plain("p+s lens 35-70"),
        plain("+drone"),
    ),
    "percent_escape": (
        spelled("short%20film", "short film"),
        spelled("caf%C3%A9%20noir", "café noir"),
        spelled("slow%2Dmotion", "slow-motion"),
        spelled("%E2%80%9Cpaper%E2%80%9D", "\u201cpaper\u201d"),
    ),
    "percent_kept": (
        plain("100%"),
        plain("caf%e9"),
        plain("half price 50%20off"),
    ),
    "double_space": (
        spelled("architecture cgi  fly through", "architecture cgi fly through"),
        spelled("drone   city", "drone city"),
        spelled(" showreel", "showreel"),
        spelled("wedding film  ", "wedding film"),
        spelled("paper\tmoon", "paper moon"),
    ),
    "capitals": (
        spelled("DRONE", "drone"),
        spelled("Straßenfilm", "strassenfilm"),
        spelled("ΟΔΟΣ", "οδοσ"),
        spelled("SÃO PAULO", "são paulo"),
        spelled("ŁÓDŹ Film School", "łódź film school"),
    ),
    "compatibility_form": (
        spelled("ﬁlm noir", "film noir"),
        spelled("paper moon™", "paper moontm"),
        spelled("super ⑧", "super 8"),
        spelled("ﾄﾞﾛｰﾝ", "ドローン"),
    ),
    "combining_mark": (
        spelled("cafe\u0301 noir", "café noir"),
        spelled("sa\u0303o paulo", "são paulo"),
        spelled("\u1112\u1161\u11ab\u1100\u1173\u11af", "한글"),
        spelled("malmo\u0308", "malmö"),
    ),
    "quote_in_query": (
        plain('12" vinyl'),
        plain('"the quiet river"'),
        plain('she said "action"'),
        plain('""'),
    ),
    "comma_in_query": (
        plain("paris, france"),
        plain("lights, camera, action"),
        plain(","),
    ),
    "newline_in_query": (
        spelled("slow light\nteaser", "slow light teaser"),
        spelled("wedding\n\nfilm", "wedding film"),
        spelled('"north"\nwind, part 2', '"north" wind, part 2'),
    ),
    "emoji": (
        plain("🎬 short film"),
        plain("skate 🛹 video"),
        spelled("love ❤\ufe0f", "love ❤"),
        spelled("👩\u200d🎤 music video", "👩🎤 music video"),
        plain("🐝"),
    ),
    "hostile_sql": (
        plain("'; drop table clean_search_request; --"),
        spelled("' OR '1'='1", "' or '1'='1"),
        spelled(
            "x') UNION SELECT cuid FROM search_request --",
            "x') union select cuid from search_request --",
        ),
    ),
    "hostile_template": (
        plain("{{ 7*7 }}"),
        plain("{% raw %}{{ target }}"),
        spelled("${HOME} {# comment #}", "${home} {# comment #}"),
    ),
    "hostile_shell": (
        plain("$(rm -rf /tmp/x)"),
        plain("`reboot`"),
        plain("film; shutdown -h now"),
    ),
    "hostile_markup": (
        plain("<script>alert(1)</script>"),
        plain("<img src=x onerror=alert(1)>"),
        plain("[bold red]not markup[/]"),
    ),
    "hostile_formula": (
        spelled("=HYPERLINK(A1)", "=hyperlink(a1)"),
        plain("=cmd|' /c calc'!a0"),
        plain("-2+3"),
    ),
    "disguised_personal_data": (
        Query("Visa \uff14" + "\uff11" * 15, "visa [card]", "visa [card]", "card"),
        Query("anna.kova%40example.com", "[email]", "[email]", "email"),
        Query("4111\u00ad111111111111", "[card]", "[card]", "card"),
        Query("call\u200b 202-555\u200b-0147", "call [phone]", "call [phone]", "phone"),
    ),
}
"""Odd queries that were thought up one by one, by the fault's name."""

WORD_NULL = plain("null")
"""A query for the word null, which a dbt seed on SQLite turns into NULL."""

DEAD_ENDS = {
    "email": 0.85,
    "email_in_text": 0.8,
    "ipv4": 0.9,
    "ipv6": 0.9,
    "url": 0.75,
    "run_together": 0.15,
    "misspelling": 0.08,
    "everyday_words": 0.02,
    "card": 0.9,
    "card_spaced": 0.9,
    "card_hyphenated": 0.9,
    "phone_international": 0.9,
    "phone_local": 0.9,
    "longest_query": 1.0,
    "invisible_only": 1.0,
}
"""How often (0 to 1) a kind of odd query finds nothing."""
