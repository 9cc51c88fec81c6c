"""Faults in the typed text."""

from collections.abc import Iterator, Sequence
from functools import partial

from lab.simulate import vocabulary
from lab.simulate.behaviour import Search
from lab.simulate.chance import Chance
from lab.simulate.faults import odd_texts, personal_data
from lab.simulate.faults.desk import Desk, Fault
from lab.simulate.faults.refused import LONGEST_QUERY
from lab.simulate.query import Maker, Query, long_query, plain
from lab.simulate.rows import LogRow


def odd_query(name: str, make: Maker, desk: Desk, search: Search) -> list[LogRow]:
    """A search for something other than simple words."""
    return _search_for(desk, search, make(desk.chance), name)


def fixed_query(
    name: str, queries: Sequence[Query], desk: Desk, search: Search
) -> list[LogRow]:
    """A search for the next one in a list of odd queries."""
    return _search_for(desk, search, desk.next_of(name, queries), name)


def nothing_found(desk: Desk, search: Search) -> list[LogRow]:
    """A search for a name that no clip contains."""
    desk.look_for_nothing(search)
    return desk.scribe.request(search, fault="nothing_found")


def _search_for(desk: Desk, search: Search, query: Query, fault: str) -> list[LogRow]:
    desk.asks(search, query, fault)
    request = desk.scribe.request(search, query, fault=fault)
    return request + desk.scribe.clicks(search)


def url(chance: Chance) -> Query:
    """A page address, pasted into the search box."""
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


def longest(chance: Chance) -> Query:
    """The longest query that is accepted."""
    del chance
    return plain(long_query(LONGEST_QUERY))


_HOST_ENDS = ("films.example.com", "media.example.org", "studio.example.net")


def faults(with_word_null: bool) -> Iterator[Fault]:
    """The faults of this kind."""
    makers = {
        **personal_data.MAKERS,
        "url": url,
        "everyday_words": everyday_words,
        "longest_query": longest,
    }
    for name, make in makers.items():
        yield Fault(name, partial(odd_query, name, make))
    for name, queries in odd_texts.FIXED.items():
        yield Fault(name, partial(fixed_query, name, queries))
    if with_word_null:
        yield Fault(
            "word_null", partial(fixed_query, "word_null", [odd_texts.WORD_NULL])
        )
    yield Fault("nothing_found", nothing_found)
