"""Each number that the pages tell is what its command makes today."""

import os
import re
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import ROOT
from figures import (
    LINK,
    Figure,
    markdown_table,
    numbers_without_figure,
    read_figures,
    read_logs,
    text_block,
)
from test_real_sample import REAL_SAMPLE, SHARED

FIGURES = ROOT / "docs" / "figures.md"
PICTURE = ROOT / "docs" / "img" / "before-after.svg"
TOLD_ON = [ROOT / "README.md", ROOT / "docs" / "proposal.md"]
LOGS = read_logs(FIGURES.read_text("utf-8"))


def parameters() -> list[object]:
    """The figures of the page; those that take minutes are marked `long`."""
    no_real_sample = pytest.mark.skipif(
        not SHARED.is_dir(), reason=f"the real sample is not beside this ({SHARED})"
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


Run = Callable[[str, str], str]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Runs shell commands on a log, which is built when it is first asked for."""
    built: dict[str, dict[str, str]] = {}

    def shell(commands: str, environment: dict[str, str]) -> str:
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

    def on_log(commands: str, log: str) -> str:
        if log not in built:
            folder = tmp_path_factory.mktemp(log)
            built[log] = {
                **os.environ,
                "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
                "COLUMNS": "200",
                "LOGS": str(REAL_SAMPLE if log == "real" else folder / "logs"),
                "CLIP_SEARCH_DATABASE": str(folder / "clip_search.db"),
                "DBT_TARGET_PATH": str(folder / "target"),
                "DBT_LOG_PATH": str(folder),
                "CLIP_SEARCH_TARGET": "sqlite",
            }
            shell(LOGS[log].commands, built[log])
        if commands.startswith("select") or commands.startswith("with"):
            return query(commands, Path(built[log]["CLIP_SEARCH_DATABASE"]))
        return text_block(shell(commands, built[log]))

    return on_log


def query(sql: str, database: Path) -> str:
    with sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True) as reader:
        answer = reader.execute(sql)
        header = [column for column, *_ in answer.description]
        return markdown_table(header, answer.fetchall())


@pytest.mark.parametrize("figure", parameters())
def test_each_figure_is_what_its_command_makes(
    figure: Figure, run: Run, request: pytest.FixtureRequest
) -> None:
    made = run(figure.code, figure.log)
    if request.config.getoption("--renew-golden"):
        renew(figure, made)
    else:
        assert made == figure.result


def renew(figure: Figure, made: str) -> None:
    """Writes a new result on the page."""
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


@pytest.mark.parametrize("page", TOLD_ON, ids=lambda page: page.name)
def test_no_number_is_told_without_its_figure_or_source(page: Path) -> None:
    assert numbers_without_figure(page) == []


def test_the_readme_shows_what_enrich_prints(run: Run) -> None:
    printed = run("clip-search enrich musicvideo", "made-up")
    assert printed.removeprefix("```text") in (ROOT / "README.md").read_text("utf-8")


def test_the_picture_shows_what_is_logged_clean_and_found(run: Run) -> None:
    """Each text of the picture is in the seeds, the clean table, or what is found."""
    logged = "select search_query, ts from search_request"
    clean = "select search_query, query_text, ts from clean_search_request"
    rejected = "select reject_reason from rejected_search_request"
    found = "clip-search search musicvideo --clips seeds/sample/clip.csv"
    sources = {"logged": logged, "clean": clean, "rejected": rejected, "found": found}
    shown = {name: run(source, "made-up") for name, source in sources.items()}
    one_of = "|".join(sources)
    texts = re.findall(f'class="({one_of})[^>]*>([^<]+)<', PICTURE.read_text("utf-8"))
    assert len(texts) > 10
    assert [text for kind, text in texts if f" {text} " not in shown[kind]] == []


def test_a_number_without_its_figure_is_found(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(
        'Of 65 searches, [7](figures.md#rows "real / raw") had BM25 and nDCG@10,\n'
        "| `0.75` | 4.4 % | [10 to 15 %](https://example.org/2004) | [x 3](y.md#4) |\n"
    )
    assert numbers_without_figure(page) == ["65", "4.4", "3"]
