"""How Sphinx makes the documentation site from README.md and docs; see `make docs`.

The pages are written for a git host, and read the same there and here: links go from
file to file, and no page holds anything that only Sphinx understands.
"""

import re
from functools import cache
from pathlib import Path

import yaml
from docutils import nodes
from sphinx.application import Sphinx

ROOT = Path(__file__).resolve().parents[2]
PAGES = {
    "Why": [
        "docs/proposal",
        "docs/proposal-evaluation",
        "docs/proposal-design",
        "docs/error-proposals",
        "docs/loop",
        "docs/figures",
    ],
    "How to": [
        "docs/loading",
        "docs/import",
        "docs/clips",
        "docs/search-page",
        "docs/exports",
        "docs/load-data",
        "docs/runbook",
        "docs/docker",
    ],
    "Reference": [
        "docs/cleaning-rules",
        "docs/timestamps",
        "docs/text-rules",
        "docs/cleaning-settings",
        "docs/enrichment-settings",
        "docs/errors",
        "docs/engines",
        "docs/security",
        "docs/simulator",
        "docs/freshness",
    ],
    "How it works": [
        "docs/enrichment",
        "docs/enrichment-choices",
        "docs/judgments",
        "docs/increments",
        "docs/performance",
    ],
    "How well it works": [
        "docs/cleaning-quality",
        "docs/quality-rewrites",
        "docs/benchmarks",
    ],
    "The project": ["docs/decisions/README", "CONTRIBUTING", "SECURITY", "CHANGELOG"],
}
DECISIONS = "docs/decisions/README"
_LINK = re.compile(r"\]\((?!\w+:)([^)\s#]+)\)")

project = html_title = "clip-search"
extensions = ["myst_parser"]
root_doc = "README"
include_patterns = [
    *("README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md"),
    "docs/**.md",
]
exclude_patterns = [".*", "docs/dbt", "airflow", "logs", "target", "warehouse"]
# As a git host names the anchors of headings.
myst_heading_anchors = 4
highlight_language = "none"

html_theme = "furo"
html_theme_options = {"top_of_page_buttons": []}
html_sidebars = {
    "**": [
        "sidebar/brand.html",
        "sidebar/search.html",
        "sidebar/scroll-start.html",
        "sidebar/navigation.html",
        "beside.html",
        "sidebar/scroll-end.html",
    ]
}
templates_path = ["_templates"]
html_additional_pages = {"index": "to_readme.html"}
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_copy_source = html_show_copyright = html_show_sphinx = html_use_index = False
suppress_warnings = ["misc.highlighting_failure"]
# A summary is fetched, and a page that was opened as a file may not fetch.
html_show_search_summary = False


def setup(app: Sphinx) -> None:
    """Add to the pages what a git host has of itself, and links to the dbt docs."""
    app.connect("source-read", add_contents)
    app.connect("source-read", lead_folders_to_their_page)
    app.connect("doctree-resolved", link_tables)
    app.connect("build-finished", help_screen_readers)


def add_contents(_app: Sphinx, page: str, source: list[str]) -> None:
    """List the pages below the first one, and the decisions below theirs."""
    if page == root_doc:
        named = {name for names in PAGES.values() for name in names}
        others = sorted(
            name
            for path in (ROOT / "docs").glob("*.md")
            if (name := f"docs/{path.stem}") not in named
        )
        for caption, names in {**PAGES, "More": others}.items():
            there = [name for name in names if (ROOT / f"{name}.md").is_file()]
            if there:
                source[0] += contents(there, f":hidden:\n:caption: {caption}")
    if page == DECISIONS:
        source[0] += contents(["0*"], ":glob:\n:titlesonly:")


def contents(pages: list[str], options: str) -> str:
    """A table of contents, as MyST writes it."""
    listed = "\n".join(pages)
    return f"\n\n```{{toctree}}\n{options}\n\n{listed}\n```\n"


def lead_folders_to_their_page(app: Sphinx, page: str, source: list[str]) -> None:
    """Lead a link to a folder to its README, which a git host shows there."""
    folder = Path(app.srcdir, page).parent

    def led(match: re.Match[str]) -> str:
        target = match.group(1).rstrip("/")
        is_led = (folder / target / "README.md").is_file()
        return f"]({target}/README.md)" if is_led else match.group()

    source[0] = _LINK.sub(led, source[0])


@cache
def linked_tables() -> dict[str, str]:
    """The kind of each table with a page in the dbt docs, which leave out helpers."""
    project = yaml.safe_load((ROOT / "dbt_project.yml").read_text("utf-8"))
    folders = project["models"]["clip_search"]

    def is_shown(folder: str, model: str) -> bool:
        settings = folders[folder]
        docs = settings.get(model, {}).get("+docs") or settings.get("+docs", {})
        return bool(docs.get("show", True))

    return {path.stem: "seed" for path in ROOT.glob("seeds/**/*.csv")} | {
        path.stem: "model"
        for path in ROOT.glob("models/**/*.sql")
        if is_shown(path.parent.name, path.stem)
    }


def is_in_link(node: nodes.Node | None) -> bool:
    """Whether a node is the text of a link, or a part of it."""
    return node is not None and (
        isinstance(node, nodes.reference) or is_in_link(node.parent)
    )


def link_tables(_app: Sphinx, document: nodes.document, page: str) -> None:
    """Link the name of each model and seed to its page in the dbt docs."""
    kinds = linked_tables()
    for literal in list(document.findall(nodes.literal)):
        kind = kinds.get(literal.astext())
        if kind is None or is_in_link(literal):
            continue
        name = f"{kind}/{kind}.clip_search.{literal.astext()}"
        address = f"{'../' * page.count('/')}dbt/index.html#!/{name}"
        link = nodes.reference("", "", literal.deepcopy(), refuri=address)
        literal.replace_self(link)


# What the theme leaves out, as axe finds it: the level of a heading, the names of two
# landmarks, the focus of what scrolls, and the heading of the search page.
_LEFT_OUT = {
    '<p class="caption" role="heading">': (
        '<p class="caption" role="heading" aria-level="2">'
    ),
    '<aside class="sidebar-drawer">': (
        '<aside class="sidebar-drawer" aria-label="Pages">'
    ),
    '<aside class="toc-drawer': '<aside aria-label="On this page" class="toc-drawer',
    "<pre>": '<pre tabindex="0">',
    '<div class="table-wrapper': '<div tabindex="0" class="table-wrapper',
    '<th class="head"><p></p></th>': '<td class="head"></td>',
    '<div id="search-results">': '<h1>Search</h1>\n<div id="search-results">',
}


def help_screen_readers(app: Sphinx, exception: Exception | None) -> None:
    """Add to each page what the theme leaves out for those who do not see it."""
    if exception is None:
        for path in Path(app.outdir).rglob("*.html"):
            page = path.read_text("utf-8")
            for left_out, helped in _LEFT_OUT.items():
                page = page.replace(left_out, helped)
            path.write_text(page, "utf-8")
