"""Dead links: every address on the pages of a folder is followed, without a network."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

# The dbt docs make their pages from text in a script: their links stand in Markdown.
_DBT_PAGE = "dbt/index.html"
_MARKDOWN_LINK = re.compile(r"\]\((\.\./[^)\s]+)\)")
_ADDRESSES = {("a", "href"), ("link", "href"), ("img", "src"), ("script", "src")}


@dataclass(frozen=True, order=True)
class DeadLink:
    """A link that leads nowhere.

    Attributes:
        page: The page it is on, from the folder of the site.
        address: Where it leads to, as it is written.
        reason: What is not there.
    """

    page: str
    address: str
    reason: str


@dataclass
class _Page(HTMLParser):
    addresses: list[str] = field(default_factory=list)
    anchors: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name == "id" or (tag, name) == ("a", "name"):
                self.anchors.add(value or "")
            if (tag, name) in _ADDRESSES:
                self.addresses.append(value or "")


def dead_links(site: Path) -> list[DeadLink]:
    """The links of all pages that lead nowhere.

    A page or file must be there, an anchor on its page, a table in the dbt docs. Of
    addresses on the web only the form is looked at.

    Args:
        site: The folder of the site.
    """
    return sorted(
        DeadLink(str(page.relative_to(site)), address, reason)
        for page in site.rglob("*.html")
        for address in _addresses(page, site)
        if (reason := _what_is_missing(address, page, site))
    )


def _addresses(page: Path, site: Path) -> Iterator[str]:
    if page == site / _DBT_PAGE:
        yield from _MARKDOWN_LINK.findall(_text(page))
    else:
        yield from _parsed(page).addresses


def _what_is_missing(address: str, page: Path, site: Path) -> str | None:
    parts = urlsplit(address)
    if parts.scheme in ("http", "https"):
        return None if "." in (parts.hostname or "") else "no address on the web"
    if parts.scheme in ("mailto", "data"):
        return None
    if parts.scheme or parts.netloc or parts.path.startswith("/"):
        return "not to be reached from a file"
    target = (page.parent / unquote(parts.path)).resolve() if parts.path else page
    if not target.is_relative_to(site.resolve()):
        return "outside the site"
    if not target.is_file():
        return "no such file"
    if not parts.fragment:
        return None
    if target == (site / _DBT_PAGE).resolve():
        table = parts.fragment.rpartition("/")[2]
        return None if f'"{table}"' in _text(target) else "no such table"
    anchors = _parsed(target).anchors
    return None if unquote(parts.fragment) in anchors else "no such heading"


@cache
def _text(page: Path) -> str:
    return page.read_text("utf-8")


@cache
def _parsed(page: Path) -> _Page:
    parsed = _Page()
    parsed.feed(_text(page))
    return parsed
