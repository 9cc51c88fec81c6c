"""Each number on the pages is the current result of its command."""

import re
import sqlite3
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import REAL_SAMPLE, ROOT, SHARED
from figures import (
    LINK,
    NUMBER,
    QUOTE,
    Figure,
    anchor_of,
    markdown_table,
    numbers_told_twice,
    numbers_without_figure,
    read_figures,
    read_logs,
    text_block,
)

from clip_search.intervals import percent_interval
from lab.warehouse import Warehouse

FIGURES = ROOT / "docs" / "figures.md"
PICTURE = ROOT / "docs" / "img" / "before-after.svg"
DOCS = ROOT / "docs"
DOCUMENTS = (ROOT / "README.md", *sorted(DOCS.glob("*.md")))
TOLD_ON = [page for page in DOCUMENTS if LINK.search(page.read_text("utf-8"))]
MADE_BY_A_COMMAND = ("benchmarks.md", "figures.md", "quality-rewrites.md")
# Pages on which each number links to its figure or its source.
PROVEN = [
    ROOT / "README.md",
    *(
        DOCS / f"{name}.md"
        for name in ("proposal", "proposal-design", "proposal-evaluation")
    ),
]
LOGS = read_logs(FIGURES.read_text("utf-8"))
# Logs that other tests read too: the commands that build their warehouse, and its
# fixture.
BUILT_FOR_ALL = {
    "real": ('make run LOGS="$LOGS"\n', "real_warehouse"),
    "synthetic": ("make run LOGS=\n", "sample_warehouse"),
}


def parameters() -> list[object]:
    """The figures of the page; those that take minutes are marked `long`."""
    no_real_sample = pytest.mark.skipif(
        not SHARED.is_dir(), reason=f"the real sample is not next to this ({SHARED})"
    )
    return [
        pytest.param(
            figure,
            id=f"{figure.anchor}-{figure.log}",
            marks=[
                *([pytest.mark.long] if figure.is_long else []),
                *([no_real_sample] if figure.log == "real" else []),
            ],
        )
        for figure in read_figures(FIGURES.read_text("utf-8"))
    ]


class Warehouses:
    """A warehouse for each log of the page, built by its commands on first use."""

    def __init__(
        self, new_folder: Callable[[str], Path], fixture: Callable[[str], Warehouse]
    ) -> None:
        self.new_folder = new_folder
        self.fixture = fixture
        self.environments: dict[str, dict[str, str]] = {}

    def run(self, commands: str, log: str) -> str:
        """The output of shell commands, as the page shows it."""
        return text_block(self._shell(commands, self._built(log)))

    def query(self, sql: str, log: str) -> str:
        """The rows of a query, as the page shows them."""
        database = Path(self._built(log)["CLIP_SEARCH_DATABASE"])
        with sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True) as reader:
            reader.create_function("percent_interval", 3, percent_interval)
            answer = reader.execute(sql)
            header = [column for column, *_ in answer.description]
            return markdown_table(header, answer.fetchall())

    def _built(self, log: str) -> dict[str, str]:
        if log not in self.environments:
            folder = self.new_folder(log)
            is_built = log in BUILT_FOR_ALL
            if is_built:
                commands, fixture = BUILT_FOR_ALL[log]
                assert LOGS[log].commands == commands
                warehouse = self.fixture(fixture)
            else:
                warehouse = Warehouse(folder / "clip_search.db")
            environment = {
                **warehouse.environment,
                "COLUMNS": "200",
                "LOGS": str(REAL_SAMPLE if log == "real" else folder / "logs"),
            }
            if not is_built:
                self._shell(LOGS[log].commands, environment)
            self.environments[log] = environment
        return self.environments[log]

    @staticmethod
    def _shell(commands: str, environment: dict[str, str]) -> str:
        finished = subprocess.run(
            ["bash", "-euc", commands],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert finished.returncode == 0, finished.stdout + finished.stderr
        return finished.stdout


@pytest.fixture(scope="module")
def warehouses(
    tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Warehouses:
    return Warehouses(tmp_path_factory.mktemp, request.getfixturevalue)


@pytest.mark.parametrize("figure", parameters())
def test_each_figure_is_what_its_command_makes(
    figure: Figure, warehouses: Warehouses, request: pytest.FixtureRequest
) -> None:
    make = warehouses.query if figure.language == "sql" else warehouses.run
    made = make(figure.code, figure.log)
    if request.config.getoption("--renew-golden"):
        renew(figure, made)
    else:
        assert made == figure.result


def renew(figure: Figure, made: str) -> None:
    """Writes a new result to the page."""
    page = FIGURES.read_text("utf-8")
    before, heading, after = page.partition(f"### {figure.title}\n")
    label = f"\n{figure.log}:\n\n"
    new = after.replace(f"{label}{figure.result}", f"{label}{made}", 1)
    assert new != after or made == figure.result
    FIGURES.write_text(before + heading + new, "utf-8")


@pytest.mark.parametrize("page", TOLD_ON, ids=lambda page: page.name)
def test_each_number_told_is_that_of_its_figure(
    page: Path, request: pytest.FixtureRequest
) -> None:
    values: dict[str, dict[str, str]] = {}
    for figure in read_figures(FIGURES.read_text("utf-8")):
        values.setdefault(figure.anchor, {}).update(figure.values())
    text = page.read_text("utf-8")
    links = list(LINK.finditer(text))
    assert links
    if request.config.getoption("--renew-golden"):
        for link in links:
            value = values[link["anchor"]][link["name"]]
            text = text.replace(link[0], link[0].replace(link["text"], value, 1))
        page.write_text(text, "utf-8")
        return
    assert [(link["anchor"], link["name"], link["text"]) for link in links] == [
        (link["anchor"], link["name"], values.get(link["anchor"], {}).get(link["name"]))
        for link in links
    ]


@pytest.mark.parametrize(
    "page",
    [page for page in DOCUMENTS if QUOTE.search(page.read_text("utf-8"))],
    ids=lambda page: page.name,
)
def test_each_quoted_number_is_in_the_section_that_it_links_to(page: Path) -> None:
    for quote in QUOTE.finditer(page.read_text("utf-8")):
        there = section(page.parent / quote["page"], quote["anchor"])
        known = set(NUMBER.findall(there))
        assert set(NUMBER.findall(quote["text"])) <= known, quote[0]


def section(page: Path, anchor: str) -> str:
    """The text under a heading of a page, up to the next heading of any level."""
    for part in re.split("^#+ ", page.read_text("utf-8"), flags=re.MULTILINE):
        title, _, text = part.partition("\n")
        if anchor_of(title) == anchor:
            return text
    raise AssertionError(f"{page.name} has no section {anchor}")


def test_a_number_on_two_pages_is_quoted_by_a_link() -> None:
    texts = {page.name: page.read_text("utf-8") for page in DOCUMENTS}
    made = {name: texts.pop(name) for name in MADE_BY_A_COMMAND}
    assert numbers_told_twice(texts, made) == []


@pytest.mark.parametrize(
    ("other", "told"),
    [
        ("It took 1,234 runs.", ["1,234: a.md, b.md"]),
        ("| x | 1,234 |", ["1,234: a.md, b.md"]),
        ("Of these, 60 of 97 are right.", ["60 of 97: a.md, b.md"]),
        ("Of these, 60\nof 97 are right.", ["60 of 97: a.md, b.md"]),
        ("It took [1,234](a.md#runs) runs.", []),
        ("At most `1,234` characters, since 2019, and 12,345 others.", []),
        ("<!-- seed -->\n1,234\n<!-- end -->", ["1,234: a.md, b.md (generated)"]),
    ],
)
def test_a_number_told_twice_is_found(other: str, told: list[str]) -> None:
    first = "There are 1,234 runs in 2019, and 60 of 97 are right. See page 123."
    assert numbers_told_twice({"a.md": first, "b.md": other}, {}) == told
    assert numbers_told_twice({}, {"a.md": first, "b.md": other}) == []


@pytest.mark.parametrize("page", PROVEN, ids=lambda page: page.name)
def test_no_number_is_told_without_its_figure_or_source(page: Path) -> None:
    assert numbers_without_figure(page) == []


@pytest.mark.parametrize(
    ("command", "block"),
    [
        ("clip-search enrich musicvideo", r"\nmusicvideo  ->.*?\n```\n"),
        (
            "clip-search status | grep '[┃━│]' | sed 's/ *$//'",
            r"\n Where every raw row ended .*?\n```\n",
        ),
    ],
    ids=["enrich", "status"],
)
def test_the_readme_shows_what_a_command_prints(
    command: str, block: str, warehouses: Warehouses, request: pytest.FixtureRequest
) -> None:
    printed = warehouses.run(command, "synthetic").removeprefix("```text")
    readme = ROOT / "README.md"
    text = readme.read_text("utf-8")
    shown = re.search(block, text, re.DOTALL)
    assert shown is not None
    if request.config.getoption("--renew-golden"):
        readme.write_text(text.replace(shown[0], printed), "utf-8")
    else:
        assert shown[0] == printed


def test_the_picture_shows_what_is_logged_clean_and_found(
    warehouses: Warehouses,
) -> None:
    """Each text in the picture is in the seeds, the clean table or search results."""
    sources = {
        "logged": "select search_query, ts from search_request",
        "clean": "select search_query, query_text, ts from clean_search_request",
        "rejected": "select reject_reason from rejected_search_request",
    }
    shown = {kind: warehouses.query(sql, "synthetic") for kind, sql in sources.items()}
    search = "clip-search search musicvideo --clips seeds/sample/clip.csv"
    shown["found"] = warehouses.run(search, "synthetic")
    one_of = "|".join(shown)
    texts = re.findall(f'class="({one_of})[^>]*>([^<]+)<', PICTURE.read_text("utf-8"))
    assert len(texts) > 10
    assert [text for kind, text in texts if f" {text} " not in shown[kind]] == []


def test_a_number_without_its_figure_is_found(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(
        'Of 65 searches, [7](figures.md#rows "real / raw") had BM25 and nDCG@10,\n'
        "| `0.75` | 4.4 % (95 %: x) |\n"
        "| [10 to 15 %](https://example.org/2004) | [x 3](y.md#4) |\n"
    )
    assert numbers_without_figure(page) == ["65", "4.4", "3"]
