"""Links. The judge uses tldextract for the host of each word."""

import random
import re

import tldextract

from tests.adversarial.cases import WORDS, Case, sentence, spread, unique

_HOSTS = (
    *("vimeo.com", "player.vimeo.com", "example.co.uk", "clips.example.org", "x.io"),
    *("bücher.de", "a-b.example.net", "example.tv", "1and1.com", "EXAMPLE.COM"),
)
_PATHS = (
    *("", "/", "/{n}", "/channels/{n}", "/watch?v={n}", "/#t={n}s", "?page={n}"),
    *("/a/b/{n}.html", ":8080/{n}", "/search?q=slow+light&page={n}", "/~anna/{n}"),
    "/%C3%A9t%C3%A9/{n}",
)
_extract = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)


def judge(text: str) -> bool:
    """Some word has a scheme and a host, or is a host of a public suffix."""
    for word in re.split(r"[\s<>()\[\]\"“”,;]+", text):
        found = _extract(word.rstrip(".!?:"))
        if "@" not in word and found.suffix and found.domain and "." in word:
            return True
    return False


def cases() -> list[Case]:
    """The set."""
    draw = random.Random(2)

    def page(draw: random.Random) -> str:
        path = draw.choice(_PATHS).format(n=draw.randint(1, 99_999))
        return draw.choice(_HOSTS) + path

    def whole(draw: random.Random) -> tuple[str, str]:
        scheme = draw.choice(("http://", "https://", "HTTPS://", "ftp://", "www."))
        return draw.choice(("{}", "{}", " {} ")).format(scheme + page(draw)), ""

    def inside(draw: random.Random) -> tuple[str, str]:
        scheme = draw.choice(("http://", "https://"))
        return sentence(draw, scheme + page(draw)), ""

    def bare(draw: random.Random) -> tuple[str, str]:
        return page(draw), ""

    positives = [
        *spread(draw, 1200, "a link", True, whole),
        *spread(draw, 1200, "a link among words", True, inside),
        *spread(draw, 700, "a bare host", True, bare),
    ]

    def dotted(draw: random.Random) -> tuple[str, str]:
        first, second = (draw.choice(_PARTS) for _ in range(2))
        return f"{first}.{second}{draw.choice(('', '', f'.{draw.choice(_PARTS)}'))}", ""

    def named(draw: random.Random) -> tuple[str, str]:
        return draw.choice(_NAMED).format(n=draw.randint(1, 999)), ""

    def broken(draw: random.Random) -> tuple[str, str]:
        text = draw.choice(_BROKEN).format(n=draw.randint(1, 999))
        return sentence(draw, text, ("{}", "{w} {}", "{} {w}")), ""

    def beside(draw: random.Random) -> tuple[str, str]:
        return f"{draw.choice(_HOSTS)} {draw.choice(WORDS)} {draw.randint(1, 99)}", ""

    def rare(draw: random.Random) -> tuple[str, str]:
        return f"{draw.choice(_PARTS)}{draw.randint(1, 99)}.{draw.choice(_RARE)}", ""

    negatives = [
        *spread(draw, 900, "words with dots between", False, dotted),
        *spread(draw, 900, "names, numbers and files with dots", False, named),
        *spread(draw, 900, "a link that is none", False, broken),
        *spread(draw, 300, "a bare host among words", False, beside),
        *spread(draw, 200, "a word and a rare top-level domain", False, rare),
    ]
    return unique(positives + negatives)


_PARTS = (
    *("blade", "runner", "slow", "light", "paper", "moon", "kova", "north", "wind"),
    *("short", "clip", "reel", "night", "river", "ghost", "piano", "winter", "lamp"),
    *("harbour", "velvet", "copper", "silver", "lantern", "meadow", "thunder"),
)
_RARE = ("museum", "film", "video", "studio", "photography", "rocks", "berlin")
_NAMED = (
    "mr.robot {n}", "vs. {n}", "feat. anna {n}", "vol.{n}", "f.{n} lens", "3.{n}",
    "{n}.mp4", "clip{n}.mov", "reel{n}.avi", "v{n}.0", "1.{n}.4", "e.g. {n}",
    "u.s. {n}",
    "node.js {n}", "after.effects{n}", "no.{n}", "...{n}", "{n}...", "s01.e{n}",
    "dr. strange {n}", "{n}fps.prores", "s.w.a.t {n}",
)  # fmt: skip
_BROKEN = (
    "http {n}", "https {n}", "http:/vimeo{n}", "http:vimeo{n}", "www {n}", "www.",
    "vimeo com {n}", "vimeo dot com {n}", "vimeo,com{n}", "vimeo..com{n}",
    "httpx://vimeo{n}", "://{n}", "//{n}", "htp://kova{n}", "www{n}", "wwwvimeo{n}",
    "ssh://kova{n}", "xhttp://kova{n}", "mailto:kova{n}", "file:///kova{n}",
)  # fmt: skip
