"""The documentation site: complete, without dead links, and readable on any screen."""

import json
import re
from pathlib import Path
from typing import Any, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from clip_search.site.links import DeadLink, dead_links
from lab.warehouse import Warehouse
from tests.python.conftest import ROOT

# Builds the documentation.
pytestmark = pytest.mark.slow

PHONE, DESKTOP = 390, 1280
DBT = "dbt/index.html#!/overview"
# The start page, a drawing, tables, code, a list of pages, the search, the report.
LOOKED_AT = (
    "README.html",
    "docs/proposal.html",
    "docs/cleaning-quality.html",
    "docs/errors.html",
    "docs/figures.html",
    "docs/decisions/README.html",
    "search.html?q=orphan",
    "report.html",
)


@pytest.fixture(scope="module")
def site(sample_warehouse: Warehouse) -> Path:
    """The site of the synthetic sample, built as by `make docs`."""
    finished = sample_warehouse.run("python", "-m", "clip_search.site")
    assert finished.returncode == 0, finished.stdout + finished.stderr
    folder = sample_warehouse.target / "site"
    assert f"docs: open {folder / 'index.html'}" in finished.stdout
    return folder


def test_each_document_is_a_page(site: Path) -> None:
    documents = [
        *ROOT.glob("*.md"),
        *(ROOT / "docs").glob("*.md"),
        *(ROOT / "docs" / "decisions").glob("*.md"),
    ]
    for document in documents:
        page = site / document.relative_to(ROOT).with_suffix(".html")
        assert page.is_file(), page


def test_no_link_of_the_site_is_dead(site: Path) -> None:
    assert dead_links(site) == []


def test_pages_and_dbt_docs_lead_to_each_other(site: Path) -> None:
    page = (site / "docs" / "cleaning-rules.html").read_text("utf-8")
    table = "../dbt/index.html#!/model/model.clip_search.log_ledger"
    assert f'href="{table}"' in page
    assert 'href="../report.html"' in page
    overview = (site / "dbt" / "index.html").read_text("utf-8")
    for name in ("README", "docs/cleaning-rules"):
        assert f"[{name}.md](../{name}.html)" in overview


def test_the_graph_of_the_dbt_docs_shows_no_helpers_and_no_unit_tests(
    site: Path,
) -> None:
    page = (site / "dbt" / "index.html").read_text("utf-8")
    begin = page.index("n={manifest:") + len("n={manifest:")
    manifest, _ = json.JSONDecoder().raw_decode(page, begin)
    assert manifest["unit_tests"] == {}
    assert not [name for name in manifest["child_map"] if name.startswith("unit_test.")]
    shown = {
        node["name"]
        for node in manifest["nodes"].values()
        if node["resource_type"] == "model"
    }
    assert {"clean_search_request", "log_ledger", "query_rewrite"} < shown
    # The staged rows between the two are hidden.
    request = "model.clip_search.int_search_request_checked"
    landed = "source.clip_search.landing.landed_search_request"
    assert landed in manifest["parent_map"][request]
    assert request in manifest["child_map"][landed]
    helpers = {name for name in shown if name.startswith(("stg_", "int_"))}
    # Documented queries read these.
    assert helpers == {
        "int_search_request_checked",
        "int_search_result_interaction_checked",
        "int_search_result_shown_checked",
    }


def test_the_report_is_one_file_with_all_that_it_needs(site: Path) -> None:
    page = (site / "report.html").read_text("utf-8")
    assert not re.findall(r"""(?:src|href)=["']?(?!data:|#)[^"'\s>]+""", page)
    assert not re.findall(r"@import|url\(|<script", page)
    assert page.count(' src="data:image/png;base64,') == 7
    assert page.count(' alt="') == 7
    assert ' alt=""' not in page


def test_what_is_dead_is_found_whatever_it_is(tmp_path: Path) -> None:
    (tmp_path / "dbt").mkdir()
    (tmp_path / "dbt" / "index.html").write_text('"model.a" [b](../gone.html)')
    (tmp_path / "there.html").write_text('<h1 id="top">There</h1>')
    alive = ("there.html", "there.html#top", "dbt/index.html#!/model/model.a")
    dead = {
        "gone.html": "no such file",
        "there.html#gone": "no such heading",
        "#gone": "no such heading",
        "dbt/index.html#!/model/model.gone": "no such table",
        "../outside.html": "outside the site",
        "/there.html": "not reachable from a file",
        "//there.html": "not reachable from a file",
        "http://nowhere": "not a web address",
    }
    (tmp_path / "page.html").write_text(
        "".join(f'<a href="{address}">x</a>' for address in (*alive, *dead))
        + '<img src="gone.png"><a href="https://docs.getdbt.com/x">x</a>'
    )
    assert dead_links(tmp_path) == sorted(
        [
            DeadLink("dbt/index.html", "../gone.html", "no such file"),
            DeadLink("page.html", "gone.png", "no such file"),
            *(DeadLink("page.html", address, why) for address, why in dead.items()),
        ]
    )


def visited(browser: Browser, address: str, width: int) -> dict[str, Any]:
    """The problems of a page in a window of this width (in CSS pixels)."""
    page = browser.new_page(viewport={"width": width, "height": 800})
    requests: list[str] = []
    errors: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on(
        "console",
        lambda said: errors.append(said.text) if said.type == "error" else None,
    )
    page.goto(address, wait_until="load")
    page.wait_for_timeout(100)
    wide = page.evaluate("document.documentElement.scrollWidth")
    text = page.inner_text("body")
    page.close()
    outside = [url for url in requests if not url.startswith(("file:", "data:"))]
    return {"outside": outside, "errors": errors, "width": wide, "text": text}


@pytest.mark.parametrize("width", [PHONE, DESKTOP])
@pytest.mark.parametrize("name", LOOKED_AT)
def test_a_page_fits_its_window_and_needs_no_network(
    browser: Browser, site: Path, name: str, width: int
) -> None:
    seen = visited(browser, f"{site.as_uri()}/{name}", width)
    assert seen["outside"] == []
    assert seen["errors"] == []
    assert seen["width"] <= width


@pytest.mark.long
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [PHONE, DESKTOP])
def test_every_page_fits_and_axe_finds_nothing(
    browser: Browser, site: Path, width: int, scheme: Literal["light", "dark"]
) -> None:
    """Seventy pages four times, with axe on each: some minutes."""
    pages = sorted(
        path
        for path in site.rglob("*.html")
        if path.parent.name not in {"dbt", "_static"}
        # The first page only leads to the README.
        and path != site / "index.html"
    )
    assert len(pages) > 40
    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme
    )
    page = context.new_page()
    problems: list[str] = []
    for path in pages:
        page.goto(path.as_uri())
        if page.evaluate("document.documentElement.scrollWidth") > width:
            problems.append(f"{path.relative_to(site)}: wider than {width}")
        problems += [
            f"{path.relative_to(site)}: {found['id']} {found['nodes'][0]['html'][:200]}"
            for found in Axe().run(page).response["violations"]
        ]
    context.close()
    assert problems == []


def test_the_search_finds_without_a_server(browser: Browser, site: Path) -> None:
    page = browser.new_page()
    page.goto(f"{site.as_uri()}/search.html?q=orphan_click")
    page.wait_for_selector("ul.search li a")
    assert "errors.html" in str(page.get_attribute("ul.search li a", "href"))
    page.close()


def test_the_dbt_docs_open_without_a_network(browser: Browser, site: Path) -> None:
    seen = visited(browser, f"{site.as_uri()}/{DBT}", DESKTOP)
    assert seen["outside"] == []
    assert "from messy logs to two clean tables" in seen["text"]
