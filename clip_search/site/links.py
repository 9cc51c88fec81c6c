"""Finds dead links on the pages of a folder, without a network."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

# The dbt docs build their pages from text in a script: their links are Markdown.
_DBT_PAGE = "dbt/index.html"
_MARKDOWN_LINK = re.compile(r"\]\((\.\./[^)\s]+)\)")
_ADDRESSES = {("a", "href"), ("link", "href"), ("img", "src"), ("script", "src")}


@dataclass(frozen=True, order=True)
class DeadLink:
    """A link without a target.

    Attributes:
        page: The page it is on, from the folder of the site.
        address: Its target, as written.
        reason: What is missing.
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
    """The dead links of all pages.

    A page or file must exist, an anchor on its page, a table in the dbt docs. For web
    addresses, only the form is checked.

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
        return None if "." in (parts.hostname or "") else "not a web address"
    if parts.scheme in ("mailto", "data"):
        return None
    if parts.scheme or parts.netloc or parts.path.startswith("/"):
        return "not reachable from a file"
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
